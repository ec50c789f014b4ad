package io.plimsoll.transport.uplink;

import io.aeron.Aeron;

/**
 * Opens uplinks on Aeron, all with one client, whose conductor has a thread: an agent may be without uplink for hours.
 * One thread, except for that. Closing it closes all its senders; the driver is the caller's.
 */
public final class AeronUplinks implements UplinkSenderFactory, AutoCloseable
{
    private final MediaDriverHost driver;
    private final UplinkSenderOptions options;
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
        return new AeronUplinkSender(aeron, options, welcome);
    }

    @Override
    public void close()
    {
        if (null != aeron)
        {
            aeron.close();
        }
    }
}
