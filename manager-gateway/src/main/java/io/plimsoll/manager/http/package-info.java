/**
 * The HTTP API. Start at {@link io.plimsoll.manager.http.HttpGateway}, which owns the server, then
 * {@code ApiHandler}, which takes each request through its route to an answer. Nothing in here holds state of the
 * cluster: handlers translate between JSON and what the manager offers, on the event loop of the connection, and
 * never block it.
 */
package io.plimsoll.manager.http;
