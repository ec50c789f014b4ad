package io.plimsoll.transport.link;

import io.plimsoll.transport.Await;
import io.plimsoll.transport.auth.CertificateAuthority;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.function.BooleanSupplier;
import org.agrona.concurrent.UnsafeBuffer;

/** A server and a client on loopback, both polled by the test. */
final class DownlinkRig implements AutoCloseable
{
    private static final int POLL_LIMIT = 100;

    final CertificateAuthority ca;
    final DownlinkServer server;
    final DownlinkClient client;
    final RecordingListener atServer = new RecordingListener();
    final RecordingListener atClient = new RecordingListener();

    DownlinkRig(final Path directory, final LinkOptions serverOptions, final LinkOptions clientOptions)
        throws IOException
    {
        ca = CertificateAuthority.openOrCreate(
            directory.resolve("ca"), new SecureRandom(), System.currentTimeMillis());
        server = DownlinkServer.launch(
            serverOptions, ca.server(), new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        client = new DownlinkClient(clientOptions, ca.sha256());
    }

    static UnsafeBuffer message(final int length, final int fill)
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[length]);
        buffer.setMemory(0, length, (byte)fill);
        return buffer;
    }

    int poll()
    {
        return server.poll(atServer, POLL_LIMIT) + client.poll(atClient, POLL_LIMIT);
    }

    /** Connects, and returns the client's link id; the server's is {@code atServer.lastOpened()}. */
    long connect()
    {
        final int openedBefore = atServer.opened.size();
        final long linkId = client.tryConnect("127.0.0.1", server.port());
        until("link open", () -> atClient.opened.containsKey(linkId) && atServer.opened.size() > openedBefore);
        return linkId;
    }

    void until(final String what, final BooleanSupplier condition)
    {
        Await.until(what, () ->
        {
            poll();
            return condition.getAsBoolean();
        });
    }

    @Override
    public void close()
    {
        client.close();
        server.close();
    }
}
