/**
 * The manager: hosts the core behind its ring, journals what it decides, and only then answers over HTTP and tells the
 * agents. Everything a user reads comes from a view of durable events; nothing here changes the state of the core.
 */
package io.plimsoll.manager;
