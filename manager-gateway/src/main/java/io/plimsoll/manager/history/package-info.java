/**
 * History: what the journal says, projected into the database, for when the manager's memory has forgotten it. Reading
 * starts at {@link io.plimsoll.manager.history.HistoryTailer}.
 */
package io.plimsoll.manager.history;
