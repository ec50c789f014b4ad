package io.plimsoll.ops.server;

import java.net.InetSocketAddress;

/**
 * An address as users write it.
 *
 * @param host name or address; IPv6 in brackets.
 * @param port 0: the system chooses.
 */
record Endpoint(String host, int port)
{
    private static final int PORT_MAX = 65_535;

    /**
     * Reads {@code HOST:PORT}.
     *
     * @throws IllegalArgumentException that says what would be right.
     */
    static Endpoint parse(final String text)
    {
        final int colon = text.lastIndexOf(':');
        final String port = text.substring(colon + 1);
        if (colon < 1 || !port.matches("\\d{1,5}") || Integer.parseInt(port) > PORT_MAX)
        {
            throw new IllegalArgumentException("'" + text + "' is not HOST:PORT; it looks like 127.0.0.1:7077");
        }
        return new Endpoint(text.substring(0, colon), Integer.parseInt(port));
    }

    /** Resolved; the caller complains if it cannot be. */
    InetSocketAddress socketAddress()
    {
        return new InetSocketAddress(host.replaceAll("[\\[\\]]", ""), port);
    }

    boolean isLoopback()
    {
        final InetSocketAddress address = socketAddress();
        return !address.isUnresolved() && address.getAddress().isLoopbackAddress();
    }

    @Override
    public String toString()
    {
        return host + ":" + port;
    }
}
