/**
 * The downlink: TLS connections that carry length-prefixed SBE messages both ways. Start reading at
 * {@link io.plimsoll.transport.link.LinkEndpoint}, the only type that duty cycles see, and then at {@code Link}.
 */
package io.plimsoll.transport.link;
