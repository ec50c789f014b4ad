package io.plimsoll.manager.link;

import io.plimsoll.transport.link.LinkEndpoint;
import io.plimsoll.transport.uplink.UplinkReceiver;

/**
 * What all parts on the agents' side share.
 *
 * @param endpoint   carries frames.
 * @param uplink     opens what agents seal.
 * @param table      of attached agents.
 * @param handshakes under way.
 * @param options    times and bounds.
 * @param hosts      as their agents describe them.
 */
public record LinkParts(
    LinkEndpoint endpoint,
    UplinkReceiver uplink,
    LinkTable table,
    Handshakes handshakes,
    AgentSideOptions options,
    HostDocuments hosts)
{
}
