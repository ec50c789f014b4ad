package io.plimsoll.transport.http;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Answers whoever connects with a beginning, then with the same again and again until the other side has enough. */
final class EndlessServer implements AutoCloseable
{
    private final ServerSocket listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    private final byte[] beginning;
    private final byte[] again;
    private final long pauseMs;

    EndlessServer(final String beginning, final String again, final long pauseMs) throws IOException
    {
        this.beginning = beginning.getBytes(StandardCharsets.US_ASCII);
        final String more = 0 == pauseMs ? again.repeat(200) : again;
        this.again = more.getBytes(StandardCharsets.US_ASCII);
        this.pauseMs = pauseMs;
        final Thread thread = new Thread(this::run, "endless-server");
        thread.setDaemon(true);
        thread.start();
    }

    int port()
    {
        return listener.getLocalPort();
    }

    private void run()
    {
        while (!listener.isClosed())
        {
            try (Socket socket = listener.accept())
            {
                final OutputStream out = socket.getOutputStream();
                out.write(beginning);
                while (!listener.isClosed())
                {
                    out.write(again);
                    out.flush();
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(pauseMs));
                }
            }
            catch (final IOException ex)
            {
                // It has had enough.
                continue;
            }
        }
    }

    @Override
    public void close() throws IOException
    {
        listener.close();
    }
}
