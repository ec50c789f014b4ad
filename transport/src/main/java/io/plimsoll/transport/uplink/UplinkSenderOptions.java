package io.plimsoll.transport.uplink;

/**
 * How an agent sends. A term is to be a power of two from 64 KiB; messages may be up to an eighth of it long, and each
 * stream costs the manager three terms once it has filled them.
 *
 * @param channelOverride     instead of the one in Welcome, such as {@link UplinkChannels#IPC}; null: none.
 * @param heartbeatTermLength in bytes.
 * @param reportTermLength    in bytes.
 * @param isShared            whether all agents of a factory send through the same two streams: thousands of virtual
 *                            agents then cost the manager no more than one, and break together.
 */
public record UplinkSenderOptions(
    String channelOverride, int heartbeatTermLength, int reportTermLength, boolean isShared)
{
    private static final int HEARTBEAT_TERM_LENGTH_DEFAULT = 64 * 1024;
    private static final int REPORT_TERM_LENGTH_DEFAULT = 1024 * 1024;

    /** By the channel in Welcome, with short terms for heartbeats, and reports of up to 64 KiB. */
    public static UplinkSenderOptions defaults()
    {
        return new UplinkSenderOptions(null, HEARTBEAT_TERM_LENGTH_DEFAULT, REPORT_TERM_LENGTH_DEFAULT, false);
    }

    /** For an agent in the manager's process, sharing its media driver. */
    public static UplinkSenderOptions ipc()
    {
        return new UplinkSenderOptions(
            UplinkChannels.IPC, HEARTBEAT_TERM_LENGTH_DEFAULT, REPORT_TERM_LENGTH_DEFAULT, false);
    }

    /** For many agents behind one factory: same channel, longer terms for all their heartbeats. */
    public UplinkSenderOptions shared()
    {
        return new UplinkSenderOptions(channelOverride, reportTermLength, reportTermLength, true);
    }
}
