package io.plimsoll.transport.uplink;

import io.aeron.Aeron;
import java.util.HashMap;
import java.util.Map;

/**
 * Opens uplinks on Aeron, all with one client, whose conductor has a thread: an agent may be without uplink for hours.
 * One thread, except for that. Closing it closes all its senders; the driver is the caller's.
 */
public final class AeronUplinks implements UplinkSenderFactory, AutoCloseable
{
    private final MediaDriverHost driver;
    private final UplinkSenderOptions options;
    private final Map<String, UplinkStreams> shared = new HashMap<>();
    private Aeron aeron;

    /**
     * Connects with the first uplink.
     *
     * @param driver  that sends.
     * @param options how.
     */
    public AeronUplinks(final MediaDriverHost driver, final UplinkSenderOptions options)
    {
        this.driver = driver;
        this.options = options;
    }

    @Override
    public AeronUplinkSender open(final UplinkGrant welcome)
    {
        if (null == aeron || aeron.isClosed())
        {
            aeron = driver.connectThreaded();
        }
        final String channel = null == options.channelOverride() ? welcome.channel() : options.channelOverride();
        return new AeronUplinkSender(
            options.isShared() ? shared(channel, welcome.managerHost()) : newStreams(channel, welcome.managerHost()),
            welcome);
    }

    @Override
    public void close()
    {
        if (null != aeron)
        {
            aeron.close();
        }
    }

    private UplinkStreams shared(final String channel, final String managerHost)
    {
        final String key = managerHost + ' ' + channel;
        final UplinkStreams present = shared.get(key);
        if (null != present && !present.isBroken())
        {
            return present;
        }
        final UplinkStreams fresh = newStreams(channel, managerHost);
        shared.put(key, fresh);
        return fresh;
    }

    private UplinkStreams newStreams(final String channel, final String managerHost)
    {
        return new UplinkStreams(aeron, options, channel, managerHost);
    }
}
