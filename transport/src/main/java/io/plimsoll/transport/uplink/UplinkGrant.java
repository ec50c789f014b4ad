package io.plimsoll.transport.uplink;

/**
 * What Welcome hands out for the uplink of one connection.
 *
 * @param channel      of Welcome; its host may be empty.
 * @param managerHost  address of the manager as seen by the agent, for an empty host.
 * @param agentId      of the agent.
 * @param connection   number of the connection.
 * @param heartbeatKey 16 bytes, for stream 10.
 * @param reportKey    16 bytes, for stream 11.
 */
public record UplinkGrant(
    String channel, String managerHost, int agentId, long connection, byte[] heartbeatKey, byte[] reportKey)
{
}
