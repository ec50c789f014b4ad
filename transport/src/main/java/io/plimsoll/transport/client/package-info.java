/**
 * Submits sessions over the binary ingress of a manager. Start with {@link
 * io.plimsoll.transport.client.SubmitClient}; docs/BINARY.md describes the protocol.
 */
package io.plimsoll.transport.client;
