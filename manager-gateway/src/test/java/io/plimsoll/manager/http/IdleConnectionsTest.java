package io.plimsoll.manager.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Many connections on which nothing, or next to nothing, is said. */
class IdleConnectionsTest
{
    /** {@code -Dplimsoll.test.idleConnections=10000} needs as many files. */
    private static final int COUNT = Integer.getInteger("plimsoll.test.idleConnections", 2_000);
    private static final int BETWEEN = 250;
    private static final int SLACK = 8;

    private final List<SocketChannel> quiet = new ArrayList<>();
    private ServedApi api;
    private RawClient worker;

    @BeforeEach
    void setUp() throws IOException
    {
        api = new ServedApi();
        worker = api.connect();
    }

    @AfterEach
    void tearDown() throws IOException
    {
        for (final SocketChannel channel : quiet)
        {
            channel.close();
        }
        worker.close();
        api.close();
    }

    @Test
    void shouldAnswerOthersWhileManySayNothing() throws IOException
    {
        open("");
    }

    /** A first byte is no request either. */
    @Test
    void shouldAnswerOthersWhileManySayOneLetter() throws IOException
    {
        open("G");
    }

    /** Who works has its connection all the time, whoever comes gets one, and there are never more than may be. */
    private void open(final String said) throws IOException
    {
        final SocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), api.gateway.port());
        final int most = HttpLimits.DEFAULTS.connectionsMax();
        for (int i = 0; i < COUNT; i++)
        {
            final SocketChannel channel = SocketChannel.open(address);
            quiet.add(channel);
            channel.write(ByteBuffer.wrap(said.getBytes(StandardCharsets.US_ASCII)));
            if (0 == i % BETWEEN)
            {
                assertEquals(200, worker.call("GET", "/v1/cluster", null).status());
                try (RawClient newcomer = api.connect())
                {
                    assertEquals(200, newcomer.call("GET", "/v1/cluster", null).status());
                }
                // Those that make room are closed in a moment.
                final int connections = api.gateway.meters().connections().get();
                assertTrue(connections <= most + BETWEEN + SLACK, "connections=" + connections);
            }
        }
        Await.until("no more than may be", () -> api.gateway.meters().connections().get() <= most);
        assertEquals(200, worker.call("GET", "/v1/cluster", null).status());
    }
}
