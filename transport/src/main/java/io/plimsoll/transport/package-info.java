/**
 * What manager and agent say to each other and how it travels: sealed frames over Aeron on the way up, TLS frames over
 * Netty on the way down, and the certificates and keys behind both. It carries messages and decides nothing.
 */
package io.plimsoll.transport;
