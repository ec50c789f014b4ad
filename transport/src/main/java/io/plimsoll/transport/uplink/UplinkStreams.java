package io.plimsoll.transport.uplink;

import io.aeron.Aeron;

/** The two publications to one manager, and how many senders use them. One thread. */
final class UplinkStreams
{
    private final UplinkStream heartbeats;
    private final UplinkStream reports;
    private int users;

    UplinkStreams(
        final Aeron aeron, final UplinkSenderOptions options, final String channel, final String managerHost)
    {
        heartbeats = new UplinkStream(
            aeron, UplinkChannels.forSender(channel, managerHost, options.heartbeatTermLength()),
            UplinkSender.HEARTBEAT_STREAM);
        reports = new UplinkStream(
            aeron, UplinkChannels.forSender(channel, managerHost, options.reportTermLength()),
            UplinkSender.REPORT_STREAM);
    }

    UplinkStream heartbeats()
    {
        return heartbeats;
    }

    UplinkStream reports()
    {
        return reports;
    }

    boolean isConnected()
    {
        // Both are asked, since both are opened by asking.
        return heartbeats.isConnected() & reports.isConnected();
    }

    boolean isBroken()
    {
        return heartbeats.isBroken() || reports.isBroken();
    }

    void enter()
    {
        users++;
    }

    void leave()
    {
        users--;
        if (0 == users)
        {
            heartbeats.close();
            reports.close();
        }
    }
}
