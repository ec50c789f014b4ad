/**
 * The client side of the HTTP API, for the command line and for agents that look for the manager: blocking, on plain
 * sockets, with few classes, since a command has 400 ms from start to end. Start reading at
 * {@link io.plimsoll.transport.http.ApiClient}.
 */
package io.plimsoll.transport.http;
