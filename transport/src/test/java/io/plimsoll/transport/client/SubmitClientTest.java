package io.plimsoll.transport.client;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.transport.LaunchSpec;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Closing, where nobody listens. */
class SubmitClientTest
{
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final ClientSession SESSION = ClientSession.of(
        "s", 1_000, 1 << 20, new LaunchSpec(List.of("true"), Map.of(), null, null, 0, 0));

    /** Holds a port without listening there. */
    private final Socket silent = new Socket();

    @BeforeEach
    void hold() throws IOException
    {
        silent.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    @AfterEach
    void letGo() throws IOException
    {
        silent.close();
    }

    private SubmitClient client(final long callTimeoutNs)
    {
        return SubmitClient.launch(new SubmitClientOptions(
            "127.0.0.1", silent.getLocalPort(), "token", null, callTimeoutNs, 10));
    }

    @Test
    void shouldFailWhatIsUnansweredWhenClosed()
    {
        final SubmitClient client = client(TimeUnit.HOURS.toNanos(1));
        final CompletableFuture<Submitted> unanswered = client.submit(SESSION);
        assertTrue(assertTimeoutPreemptively(DEADLINE, () -> client.close(DEADLINE.toMillis())));
        final ExecutionException failed = assertThrows(ExecutionException.class, unanswered::get);
        assertInstanceOf(IllegalStateException.class, failed.getCause());
    }

    @Test
    void shouldCloseThoughSomebodyToldDoesNotReturn() throws InterruptedException
    {
        final SubmitClient client = client(1);
        final CountDownLatch told = new CountDownLatch(1);
        final CountDownLatch held = new CountDownLatch(1);
        final Thread tester = Thread.currentThread();
        final AtomicBoolean isOwn = new AtomicBoolean();
        do
        {
            isOwn.set(false);
            client.submit(SESSION).whenComplete((reply, late) ->
            {
                // Told by this thread if the answer was there before the question who is told.
                isOwn.set(tester == Thread.currentThread());
                if (!isOwn.get())
                {
                    told.countDown();
                    awaitSafely(held);
                }
            });
        }
        while (isOwn.get());
        assertTrue(told.await(DEADLINE.toSeconds(), TimeUnit.SECONDS));
        assertFalse(assertTimeoutPreemptively(DEADLINE, () -> client.close(1)));
        held.countDown();
        assertTrue(client.close(DEADLINE.toMillis()), "what was left is let go of");
    }

    @Test
    void shouldCloseWhenToldOfAnAnswer() throws Exception
    {
        final SubmitClient client = client(1);
        final CompletableFuture<Throwable> closed = new CompletableFuture<>();
        client.submit(SESSION).whenComplete((reply, late) ->
        {
            try
            {
                client.close();
                closed.complete(null);
            }
            catch (final RuntimeException ex)
            {
                closed.complete(ex);
            }
        });
        assertNull(closed.get(DEADLINE.toSeconds(), TimeUnit.SECONDS));
        assertTrue(client.close(DEADLINE.toMillis()));
    }

    private static void awaitSafely(final CountDownLatch latch)
    {
        try
        {
            latch.await(DEADLINE.toSeconds(), TimeUnit.SECONDS);
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
        }
    }
}
