package io.plimsoll.manager.ingress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.manager.BareManager;
import io.plimsoll.manager.Counters;
import io.plimsoll.manager.Manager;
import io.plimsoll.manager.http.HttpLimits;
import io.plimsoll.manager.http.RequestRates;
import io.plimsoll.transport.client.sbe.HelloEncoder;
import io.plimsoll.transport.client.sbe.MessageHeaderDecoder;
import io.plimsoll.transport.client.sbe.MessageHeaderEncoder;
import io.plimsoll.transport.client.sbe.PingEncoder;
import io.plimsoll.transport.client.sbe.PongDecoder;
import io.plimsoll.transport.client.sbe.RefusedDecoder;
import io.plimsoll.transport.client.sbe.WelcomeDecoder;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Somebody who sends and sends, and takes none of its answers. */
class SlowSubmitterTest
{
    private static final int DEADLINE_S = 120;
    private static final int HOUR_MS = 3_600_000;
    private static final int PINGS = 1_000;

    @TempDir
    Path directory;

    private Manager manager;

    @BeforeEach
    void launch()
    {
        manager = BareManager.launch(directory);
    }

    @AfterEach
    void close()
    {
        manager.close();
    }

    @Test
    void shouldTellWhoTakesNothingForTooLongThatThisIsWhy() throws IOException
    {
        assertEquals(
            "slow-reader: no answer was taken for 100 ms, and more wait than are kept",
            refusal(new IngressLimits(2, 2, 2, 1, 10, HOUR_MS, HOUR_MS, 100, 1L << 30)));
    }

    @Test
    void shouldTellWhoseAnswersAreTooManyThatThisIsWhy() throws IOException
    {
        assertEquals(
            "slow-reader: more than 1000 bytes of answers wait to be taken",
            refusal(new IngressLimits(2, 2, 2, 1, 10, HOUR_MS, HOUR_MS, HOUR_MS, 1_000)));
    }

    /** The last word to a client that sends until it is dropped, and then reads all. */
    private String refusal(final IngressLimits limits) throws IOException
    {
        try (BinaryGateway gateway = BinaryGateway.launch(
                manager.services(), new InetSocketAddress("127.0.0.1", 0), null, limits,
                new RequestRates(HttpLimits.DEFAULTS, System::nanoTime));
            SocketChannel channel = SocketChannel.open())
        {
            channel.setOption(StandardSocketOptions.SO_RCVBUF, 4 * 1024);
            channel.connect(new InetSocketAddress("127.0.0.1", gateway.port()));
            channel.write(hello(Files.readString(directory.resolve("token")).strip()));
            flood(channel);
            channel.configureBlocking(true);
            channel.socket().setSoTimeout(DEADLINE_S * 1_000);
            final String told = lastWord(new DataInputStream(new BufferedInputStream(
                channel.socket().getInputStream())));
            assertEquals(1, slowReaders());
            return told;
        }
    }

    private long slowReaders()
    {
        return manager.services().counters().snapshot().stream()
            .filter(sample -> "binary_slow_readers_total".equals(sample.name()))
            .mapToLong(Counters.Sample::value)
            .sum();
    }

    /** Sends whatever is let out until it has been dropped. */
    private void flood(final SocketChannel channel) throws IOException
    {
        channel.configureBlocking(false);
        final long startNs = System.nanoTime();
        final ByteBuffer pings = pings();
        try (Selector selector = Selector.open())
        {
            channel.register(selector, SelectionKey.OP_WRITE);
            while (0 == slowReaders())
            {
                assertTrue(System.nanoTime() - startNs < TimeUnit.SECONDS.toNanos(DEADLINE_S), "it is never dropped");
                selector.select(10);
                channel.write(pings);
                if (!pings.hasRemaining())
                {
                    pings.rewind();
                }
            }
        }
    }

    private static String lastWord(final DataInputStream in) throws IOException
    {
        final MessageHeaderDecoder header = new MessageHeaderDecoder();
        UnsafeBuffer frame = frame(in, header);
        assertEquals(WelcomeDecoder.TEMPLATE_ID, header.templateId());
        frame = frame(in, header);
        long pongs = 0;
        while (PongDecoder.TEMPLATE_ID == header.templateId())
        {
            pongs++;
            frame = frame(in, header);
        }
        assertTrue(pongs > PINGS, "pongs=" + pongs);
        assertEquals(RefusedDecoder.TEMPLATE_ID, header.templateId());
        final RefusedDecoder refused = new RefusedDecoder().wrapAndApplyHeader(frame, 0, header);
        final String told = refused.code() + ": " + refused.detail();
        assertEquals(-1, in.read());
        return told;
    }

    private static UnsafeBuffer frame(final DataInputStream in, final MessageHeaderDecoder header) throws IOException
    {
        final byte[] bytes = new byte[Integer.reverseBytes(in.readInt())];
        in.readFully(bytes);
        final UnsafeBuffer frame = new UnsafeBuffer(bytes);
        header.wrap(frame, 0);
        return frame;
    }

    private static ByteBuffer hello(final String token)
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[512]);
        final HelloEncoder hello = new HelloEncoder().wrapAndApplyHeader(
            buffer, Integer.BYTES, new MessageHeaderEncoder()).token(token).client("raw");
        return frame(buffer, hello.encodedLength());
    }

    private static ByteBuffer pings()
    {
        final ByteBuffer pings = ByteBuffer.allocate(PINGS * 64);
        for (int i = 0; i < PINGS; i++)
        {
            final UnsafeBuffer buffer = new UnsafeBuffer(new byte[64]);
            final PingEncoder ping = new PingEncoder().wrapAndApplyHeader(
                buffer, Integer.BYTES, new MessageHeaderEncoder()).number(i);
            pings.put(frame(buffer, ping.encodedLength()));
        }
        return pings.flip();
    }

    private static ByteBuffer frame(final UnsafeBuffer buffer, final int bodyLength)
    {
        final int length = MessageHeaderEncoder.ENCODED_LENGTH + bodyLength;
        buffer.putInt(0, length, ByteOrder.LITTLE_ENDIAN);
        return ByteBuffer.wrap(buffer.byteArray(), 0, Integer.BYTES + length);
    }
}
