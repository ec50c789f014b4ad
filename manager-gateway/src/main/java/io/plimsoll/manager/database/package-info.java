/**
 * PostgreSQL as the manager uses it. {@link io.plimsoll.manager.database.Database} is where reading starts: it opens,
 * migrates and watches; {@link io.plimsoll.manager.database.OwnPostgres} is the server that a manager starts itself.
 */
package io.plimsoll.manager.database;
