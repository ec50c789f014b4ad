package io.plimsoll.manager.callback;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Receivers of all kinds on sockets. */
class HttpCallbackSenderTest
{
    private static final long PATIENT_NS = TimeUnit.SECONDS.toNanos(60);
    private static final byte[] BODY = "{\"state\":\"RUNNING\"}".getBytes(StandardCharsets.UTF_8);
    private static final List<String> LOOPBACK = List.of("127.0.0.0/8", "::1");

    private ServerSocket server;

    @BeforeEach
    void listen() throws IOException
    {
        server = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"));
    }

    @AfterEach
    void close() throws IOException
    {
        server.close();
    }

    private static CallbackOptions options(final List<String> allow, final long timeoutNs)
    {
        return new CallbackOptions(allow, List.of(), 1, timeoutNs);
    }

    /** Answers one request with what is given, and returns the request. */
    private CompletableFuture<String> answerWith(final String head, final int repeat)
    {
        return CompletableFuture.supplyAsync(() ->
        {
            try (Socket socket = server.accept())
            {
                final InputStream in = socket.getInputStream();
                final StringBuilder request = new StringBuilder();
                while (request.indexOf("RUNNING\"}") < 0)
                {
                    final int c = in.read();
                    if (c < 0)
                    {
                        break;
                    }
                    request.append((char)c);
                }
                final OutputStream out = socket.getOutputStream();
                out.write(head.getBytes(StandardCharsets.US_ASCII));
                for (int i = 0; i < repeat; i++)
                {
                    out.write(new byte[1024]);
                }
                out.flush();
                while (in.read() >= 0)
                {
                    // Until the other side has had enough.
                }
                return request.toString();
            }
            catch (final IOException ex)
            {
                return String.valueOf(ex.getMessage());
            }
        });
    }

    private int send(final CallbackOptions options, final String url) throws Exception
    {
        try (HttpCallbackSender sender = new HttpCallbackSender(options))
        {
            return sender.send(CallbackUrl.parse(url), Map.of("Plimsoll-Event-Id", "7"), BODY)
                .get(2 * PATIENT_NS, TimeUnit.NANOSECONDS);
        }
    }

    private String failure(final CallbackOptions options, final String url)
    {
        return assertThrows(ExecutionException.class, () -> send(options, url)).getCause().getMessage();
    }

    @Test
    void shouldPostAsItIsUnderTheNameOfTheHost() throws Exception
    {
        final CompletableFuture<String> request = answerWith("HTTP/1.1 204 No Content\r\n\r\n", 0);
        final String host = "localhost:" + server.getLocalPort();
        assertEquals(204, send(options(LOOPBACK, PATIENT_NS), "http://" + host + "/hook?a=%20b"));
        final String text = request.get(60, TimeUnit.SECONDS);
        assertTrue(text.startsWith("POST /hook?a=%20b HTTP/1.1\r\n"), text);
        assertTrue(text.toLowerCase(Locale.ROOT).contains("host: " + host + "\r\n"), text);
        assertTrue(text.contains("Plimsoll-Event-Id: 7\r\n"), text);
        assertTrue(text.endsWith("\r\n\r\n" + new String(BODY, StandardCharsets.UTF_8)), text);
    }

    @Test
    void shouldFollowNobodyElsewhere() throws Exception
    {
        answerWith("HTTP/1.1 307 Go\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n", 0);
        assertEquals(307, send(options(LOOPBACK, PATIENT_NS), "http://127.0.0.1:" + server.getLocalPort() + "/"));
    }

    @Test
    void shouldNotReadAnswersWithoutEnd()
    {
        answerWith("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n", 200);
        assertTrue(failure(options(LOOPBACK, PATIENT_NS), "http://127.0.0.1:" + server.getLocalPort() + "/")
            .contains("longer than"));
    }

    @Test
    void shouldNotWaitForSomebodyWhoSaysNothing()
    {
        answerWith("HTTP/1.1 2", 0);
        assertTrue(failure(options(LOOPBACK, 300_000_000), "http://127.0.0.1:" + server.getLocalPort() + "/")
            .startsWith("no answer within"));
    }

    @Test
    void shouldNotTakeNonsenseForAnAnswer()
    {
        answerWith("SSH-2.0-OpenSSH\r\n\r\n", 0);
        failure(options(LOOPBACK, PATIENT_NS), "http://127.0.0.1:" + server.getLocalPort() + "/");
        answerWith("HTTP/1.1 200 OK\r\n\r\n", 0);
        failure(options(LOOPBACK, PATIENT_NS), "https://127.0.0.1:" + server.getLocalPort() + "/");
    }

    @Test
    void shouldNotConnectToWhatANameMeansUnlessThatIsAllowed()
    {
        assertTrue(failure(options(List.of(), PATIENT_NS), "http://localhost:" + server.getLocalPort() + "/")
            .contains("unless the operator allows it"));
        assertTrue(failure(options(List.of(), PATIENT_NS), "http://2130706433:" + server.getLocalPort() + "/")
            .contains("unless the operator allows it"), "another way to write 127.0.0.1");
    }

    @Test
    void shouldNotLookUpNamesThatNobodyWaitsForAnyMore() throws Exception
    {
        final CountDownLatch answered = new CountDownLatch(1);
        final CompletableFuture<Void> last = new CompletableFuture<>();
        final List<String> asked = new CopyOnWriteArrayList<>();
        final HttpCallbackSender.Names slow = host ->
        {
            if ("last".equals(host))
            {
                last.complete(null);
            }
            asked.add(host);
            await(answered);
            throw new UnknownHostException(host);
        };
        try (HttpCallbackSender sender = new HttpCallbackSender(options(LOOPBACK, 300_000_000), slow))
        {
            final List<CompletableFuture<Integer>> attempts = new ArrayList<>();
            for (int i = 0; i < 5 * HttpCallbackSender.LOOKUP_THREADS; i++)
            {
                attempts.add(sender.send(urlOf("late" + i), Map.of(), BODY));
            }
            for (final CompletableFuture<Integer> attempt : attempts)
            {
                assertThrows(ExecutionException.class, () -> attempt.get(2 * PATIENT_NS, TimeUnit.NANOSECONDS));
            }
            answered.countDown();
            // Behind all others; it may be late as well, and is asked for again then.
            while (!last.isDone())
            {
                sender.send(urlOf("last"), Map.of(), BODY).exceptionally(error -> 0)
                    .get(2 * PATIENT_NS, TimeUnit.NANOSECONDS);
            }
        }
        assertEquals(
            HttpCallbackSender.LOOKUP_THREADS, asked.stream().filter(host -> host.startsWith("late")).count());
    }

    @Test
    void shouldRefuseAtOnceWhenTooManyNamesWaitToBeLookedUp()
    {
        final CountDownLatch answered = new CountDownLatch(1);
        final HttpCallbackSender.Names slow = host ->
        {
            await(answered);
            throw new UnknownHostException(host);
        };
        try (HttpCallbackSender sender = new HttpCallbackSender(options(LOOPBACK, PATIENT_NS), slow))
        {
            final List<CompletableFuture<Integer>> attempts = new ArrayList<>();
            for (int i = 0; i < HttpCallbackSender.LOOKUP_THREADS + HttpCallbackSender.LOOKUPS_WAITING_MAX; i++)
            {
                attempts.add(sender.send(urlOf("host" + i), Map.of(), BODY));
            }
            final CompletableFuture<Integer> more = sender.send(urlOf("more"), Map.of(), BODY);
            assertTrue(assertThrows(ExecutionException.class, more::get).getCause().getMessage()
                .contains("host more is not looked up: 64 others wait"));
            assertTrue(attempts.stream().noneMatch(CompletableFuture::isDone));
            answered.countDown();
        }
    }

    private CallbackUrl urlOf(final String host)
    {
        return CallbackUrl.parse("http://" + host + ":" + server.getLocalPort() + "/");
    }

    private static void await(final CountDownLatch latch)
    {
        try
        {
            assertTrue(latch.await(PATIENT_NS, TimeUnit.NANOSECONDS));
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
        }
    }
}
