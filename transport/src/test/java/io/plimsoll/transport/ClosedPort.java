package io.plimsoll.transport;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/**
 * A port on loopback that refuses connections. It is held by a socket that does not listen: a port that was only free a
 * moment ago may be anybody's in the next.
 */
public final class ClosedPort implements AutoCloseable
{
    private final Socket holder = new Socket();

    public ClosedPort() throws IOException
    {
        holder.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    public int number()
    {
        return holder.getLocalPort();
    }

    @Override
    public void close() throws IOException
    {
        holder.close();
    }
}
