package io.plimsoll.agent;

import io.plimsoll.transport.auth.CertificateAuthority;
import io.plimsoll.transport.auth.JoinToken;
import io.plimsoll.transport.link.DownlinkServer;
import io.plimsoll.transport.link.LinkOptions;
import io.plimsoll.transport.uplink.AeronUplinkReceiver;
import io.plimsoll.transport.uplink.MediaDriverHost;
import io.plimsoll.transport.uplink.MediaDriverOptions;
import io.plimsoll.transport.uplink.UplinkReceiverOptions;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.function.BooleanSupplier;

/** The scripted manager on the real transport. Polled by the test's thread while it waits. */
final class RealManager implements AutoCloseable
{
    final JoinToken token;
    final TestManager manager;
    private final MediaDriverHost driver;
    private final DownlinkServer server;
    private final AeronUplinkReceiver receiver;

    RealManager(final Path directory) throws IOException
    {
        final SecureRandom random = new SecureRandom();
        final CertificateAuthority authority =
            CertificateAuthority.openOrCreate(directory, random, System.currentTimeMillis());
        token = JoinToken.create(authority.sha256(), random);
        driver = MediaDriverHost.launch(MediaDriverOptions.embedded());
        receiver = AeronUplinkReceiver.launch(driver, UplinkReceiverOptions.of("127.0.0.1", 0));
        server = DownlinkServer.launch(
            LinkOptions.defaults(), authority.server(), new InetSocketAddress("127.0.0.1", 0));
        manager = new TestManager(server, receiver);
    }

    int port()
    {
        return server.port();
    }

    void await(final String what, final BooleanSupplier condition)
    {
        Await.until(() -> what + ", reports=" + manager.reports, () ->
        {
            manager.poll();
            return condition.getAsBoolean();
        });
    }

    /** Awaits a connection whose inventory is complete. */
    void awaitInventory()
    {
        await("an inventory", () ->
            !manager.inventory.isEmpty() && manager.inventory.get(manager.inventory.size() - 1).last());
    }

    @Override
    public void close()
    {
        server.close();
        receiver.close();
        driver.close();
    }
}
