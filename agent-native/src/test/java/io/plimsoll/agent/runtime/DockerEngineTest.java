package io.plimsoll.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.agent.Await;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an engine does that begins an answer and never ends it. */
class DockerEngineTest
{
    private static final String HEAD =
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";

    @TempDir
    private Path directory;
    private final BlockingQueue<String> seen = new ArrayBlockingQueue<>(4);

    @Test
    void shouldGiveUpEventsThatNeverEndAndLeaveNoConnection() throws IOException
    {
        final Path socket = directory.resolve("s");
        try (
            ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            DockerEngine engine = new DockerEngine("unix://" + socket, TimeUnit.MILLISECONDS.toNanos(300)))
        {
            server.bind(UnixDomainSocketAddress.of(socket));
            start(() -> serve(server, new CountDownLatch(0)));
            start(() -> seen.add(ask(engine)));
            // Whichever is first.
            final String one = next();
            final String other = next();
            final String said = "left".equals(one) ? other : one;
            assertTrue("left".equals(one) || "left".equals(other), one + other);
            assertTrue(said.startsWith("NO_ANSWER the Docker Engine does not answer (events of c)"), said);
        }
    }

    @Test
    void shouldLeaveNoConnectionOfAnAnswerThatBeginsWhenItHasGivenUp() throws IOException
    {
        final Path socket = directory.resolve("s");
        final CountDownLatch givenUp = new CountDownLatch(1);
        try (
            ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            DockerEngine engine = new DockerEngine("unix://" + socket, TimeUnit.MILLISECONDS.toNanos(1)))
        {
            server.bind(UnixDomainSocketAddress.of(socket));
            start(() -> serve(server, givenUp));
            final String said = ask(engine);
            givenUp.countDown();
            assertTrue(said.startsWith("NO_ANSWER the Docker Engine does not answer (events of c)"), said);
            assertEquals("left", next());
        }
    }

    private String next()
    {
        Await.until("somebody gives up", () -> !seen.isEmpty());
        return seen.remove();
    }

    private static void start(final Runnable task)
    {
        final Thread thread = new Thread(task, "docker-engine-test");
        thread.setDaemon(true);
        thread.start();
    }

    private static String ask(final DockerEngine engine)
    {
        try
        {
            return "seen=" + engine.hasSeenDie("c", Instant.EPOCH);
        }
        catch (final EngineException e)
        {
            return e.kind() + " " + e.getMessage();
        }
    }

    /** One request, one head, when it is time for that, and then nothing until the other side goes. */
    private void serve(final ServerSocketChannel server, final CountDownLatch time)
    {
        final ByteBuffer buffer = ByteBuffer.allocate(16 * 1024);
        try (SocketChannel client = server.accept())
        {
            assertTrue(client.read(buffer) > 0);
            assertTrue(time.await(1, TimeUnit.MINUTES));
            client.write(ByteBuffer.wrap(HEAD.getBytes(StandardCharsets.US_ASCII)));
            buffer.clear();
            assertEquals(-1, client.read(buffer));
            seen.add("left");
        }
        catch (final IOException e)
        {
            seen.add("left");
        }
        catch (final InterruptedException e)
        {
            Thread.currentThread().interrupt();
        }
    }
}
