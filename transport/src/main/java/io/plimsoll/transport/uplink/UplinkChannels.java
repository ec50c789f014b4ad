package io.plimsoll.transport.uplink;

import io.aeron.ChannelUri;
import io.aeron.CommonContext;

/** Aeron's channels as they are named in options and in Welcome. */
public final class UplinkChannels
{
    /** Between an agent and a manager that share a media driver. */
    public static final String IPC = CommonContext.IPC_CHANNEL;
    private static final String UDP = "aeron:udp?endpoint=";

    private UplinkChannels()
    {
    }

    /**
     * Channel of a receiver, or of a sender to it.
     *
     * @param host name or address; IPv6 with or without brackets; the empty string where it is filled in later.
     * @param port of the receiver; 0 at the receiver: a free one.
     * @return the channel.
     */
    public static String udp(final String host, final int port)
    {
        return UDP + endpoint(host, port);
    }

    /** Channel for a sender: the manager's host filled in if there is none, and the length of its terms. */
    static String forSender(final String channel, final String managerHost, final int termLength)
    {
        final ChannelUri uri = ChannelUri.parse(channel);
        final String endpoint = uri.get(CommonContext.ENDPOINT_PARAM_NAME);
        if (null != endpoint && endpoint.startsWith(":"))
        {
            uri.put(CommonContext.ENDPOINT_PARAM_NAME, bracketed(managerHost) + endpoint);
        }
        uri.put(CommonContext.TERM_LENGTH_PARAM_NAME, Integer.toString(termLength));
        return uri.toString();
    }

    static String endpoint(final String host, final int port)
    {
        return bracketed(host) + ":" + port;
    }

    private static String bracketed(final String host)
    {
        return host.indexOf(':') >= 0 && !host.startsWith("[") ? "[" + host + "]" : host;
    }
}
