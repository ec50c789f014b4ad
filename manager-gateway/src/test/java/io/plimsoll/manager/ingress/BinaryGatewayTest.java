package io.plimsoll.manager.ingress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.Result;
import io.plimsoll.manager.BareManager;
import io.plimsoll.manager.Manager;
import io.plimsoll.manager.ManagerServices;
import io.plimsoll.manager.ServicesBuilder;
import io.plimsoll.manager.control.ClusterControl;
import io.plimsoll.manager.control.SubmissionChunk;
import io.plimsoll.manager.egress.SessionWatcher;
import io.plimsoll.manager.http.HttpLimits;
import io.plimsoll.manager.http.RequestRates;
import io.plimsoll.manager.view.IdRange;
import io.plimsoll.manager.view.SessionView;
import io.plimsoll.transport.LaunchSpec;
import io.plimsoll.transport.client.ClientSession;
import io.plimsoll.transport.client.ClientTerms;
import io.plimsoll.transport.client.SessionListener;
import io.plimsoll.transport.client.SubmitClient;
import io.plimsoll.transport.client.SubmitClientOptions;
import io.plimsoll.transport.client.SubmitRejectedException;
import io.plimsoll.transport.client.Submitted;
import io.plimsoll.transport.client.sbe.AcceptedDecoder;
import io.plimsoll.transport.client.sbe.HelloEncoder;
import io.plimsoll.transport.client.sbe.MessageHeaderDecoder;
import io.plimsoll.transport.client.sbe.MessageHeaderEncoder;
import io.plimsoll.transport.client.sbe.RefusedDecoder;
import io.plimsoll.transport.client.sbe.SubmitEncoder;
import io.plimsoll.transport.client.sbe.WelcomeDecoder;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real manager on a real socket, with the real client, and with hostile ones. */
class BinaryGatewayTest
{
    private static final int DEADLINE_S = 120;
    /** Nothing that ends in time ends because this is over. */
    private static final int HOUR_MS = 3_600_000;
    private static final RequestRates RATES = new RequestRates(HttpLimits.DEFAULTS, System::nanoTime);
    private static final LaunchSpec SPEC = new LaunchSpec(List.of("true"), Map.of(), null, null, 0, 0);

    @TempDir
    Path directory;

    private Manager manager;
    private BinaryGateway gateway;
    private String token;

    @BeforeEach
    void launch() throws IOException
    {
        manager = launchManager();
        gateway = launchGateway(0, IngressLimits.DEFAULTS);
        token = Files.readString(directory.resolve("token")).strip();
    }

    @AfterEach
    void close() throws Exception
    {
        gateway.close();
        manager.close();
    }

    private Manager launchManager()
    {
        return BareManager.launch(directory);
    }

    private BinaryGateway launchGateway(final int port, final IngressLimits limits)
    {
        return BinaryGateway.launch(
            manager.services(), new InetSocketAddress("127.0.0.1", port), null, limits, RATES);
    }

    private SubmitClient client()
    {
        return SubmitClient.launch(SubmitClientOptions.plain("127.0.0.1", gateway.port(), token));
    }

    private static ClientSession session(final String name)
    {
        return ClientSession.of(name, 1_000, 1 << 20, SPEC);
    }

    private static Submitted answer(final CompletableFuture<Submitted> future) throws Exception
    {
        return future.get(DEADLINE_S, TimeUnit.SECONDS);
    }

    private long pending()
    {
        return manager.services().view().counts().get(LifeState.PENDING);
    }

    @Test
    void shouldSubmitManyAtATimeInOrder() throws Exception
    {
        try (SubmitClient client = client())
        {
            final List<CompletableFuture<Submitted>> futures = new ArrayList<>();
            for (int i = 0; i < 5_000; i++)
            {
                futures.add(client.submit(session("n" + i)));
            }
            for (int i = 0; i < 5_000; i++)
            {
                final Submitted submitted = answer(futures.get(i));
                assertEquals(1 + i, submitted.firstId());
                assertFalse(submitted.repeated());
            }
            assertEquals("n4321", manager.services().view().session(4_322).name());
            assertEquals(SPEC, manager.services().view().session(1).spec());
        }
        assertEquals(5_000, pending());
    }

    @Test
    void shouldSayWhatIsWrongWithOneSessionOnly() throws Exception
    {
        try (SubmitClient client = client())
        {
            final ClientSession good = session("good");
            final ClientSession bad = new ClientSession(
                "bad", "nowhere", 0, 10, 1, 1, false, 1_000, 1 << 20, Map.of(), 0, 0, false, SPEC,
                ClientTerms.NONE);
            final ClientSession wrong = new ClientSession(
                "wrong", "default", 9, 10, 1, 1, false, 1_000, 1 << 20, Map.of(), 0, 0, false, SPEC,
                ClientTerms.NONE);
            final SubmitRejectedException refusal = rejection(client.submit(bad));
            assertEquals("unknown-group", refusal.code());
            assertEquals("group", refusal.field());
            assertEquals(422, refusal.status());
            assertEquals("type", rejection(client.submit(wrong)).field());
            assertEquals(1, answer(client.submit(good)).firstId());
        }
    }

    private static SubmitRejectedException rejection(final CompletableFuture<Submitted> future)
    {
        return assertInstanceOf(
            SubmitRejectedException.class, assertThrows(CompletionException.class, future::join).getCause());
    }

    @Test
    void shouldRefuseAWrongTokenForGood()
    {
        try (SubmitClient client = SubmitClient.launch(
            SubmitClientOptions.plain("127.0.0.1", gateway.port(), "wrong")))
        {
            assertEquals(401, rejection(client.submit(session("x"))).status());
            assertEquals(401, rejection(client.submit(session("x"))).status());
        }
    }

    @Test
    void shouldTellEndsOfWhatIsWatched() throws Exception
    {
        final Recorder recorder = new Recorder();
        try (SubmitClient client = client())
        {
            final ClientSession array = new ClientSession(
                "array", "default", 0, 10, 1, 3, true, 1_000, 1 << 20, Map.of(), 0, 0, false, SPEC,
                ClientTerms.NONE);
            assertEquals(3, answer(client.submit(array, recorder)).count());
            manager.services().control().cancel(List.of(new IdRange(1, 3))).get(DEADLINE_S, TimeUnit.SECONDS);
            assertEquals(
                Set.of("ended 1 CANCELLED", "ended 2 CANCELLED", "ended 3 CANCELLED"),
                Set.of(recorder.take(), recorder.take(), recorder.take()));
        }
    }

    /** The answer may come to the connection's thread behind what became of the session: it is told first. */
    @Test
    void shouldAnswerBeforeItTellsWhatBecameOfIt() throws Exception
    {
        gateway.close();
        gateway = BinaryGateway.launch(
            servicesThatAnswerLast(), new InetSocketAddress("127.0.0.1", 0), null, IngressLimits.DEFAULTS, RATES);
        final Recorder recorder = new Recorder();
        try (SubmitClient client = client())
        {
            final CompletableFuture<Submitted> submitted = client.submit(session("quick"), recorder);
            assertEquals(1, answer(submitted).firstId());
            assertEquals("ended 1 CANCELLED", recorder.take());
        }
    }

    /** Sessions are cancelled at once, and their submissions answered when that has been told. */
    private ManagerServices servicesThatAnswerLast()
    {
        final ManagerServices real = manager.services();
        final ClusterControl control = (ClusterControl)Proxy.newProxyInstance(
            ClusterControl.class.getClassLoader(),
            new Class<?>[]{ClusterControl.class},
            (proxy, method, arguments) ->
            {
                if (2 != method.getParameterCount() || !(arguments[1] instanceof final SessionWatcher watcher))
                {
                    return method.invoke(real.control(), arguments);
                }
                final CompletableFuture<Void> told = new CompletableFuture<>();
                return real.control().submit((SubmissionChunk)arguments[0], new ToldWatcher(watcher, told))
                    .thenCompose(reply -> real.control()
                        .cancel(List.of(new IdRange(reply.firstId(), reply.firstId())))
                        .thenCombine(told, (cancelled, nothing) -> reply));
            });
        return new ServicesBuilder(real)
            .control(control)
            .build();
    }

    @Test
    void shouldNotDoubleNorMissAnythingWhenTheManagerComesBack() throws Exception
    {
        final Recorder recorder = new Recorder();
        final int port = gateway.port();
        try (SubmitClient client = client())
        {
            answer(client.submit(session("watched"), recorder));
            gateway.close();
            manager.services().control().cancel(List.of(new IdRange(1, 1))).get(DEADLINE_S, TimeUnit.SECONDS);
            final List<CompletableFuture<Submitted>> futures = new ArrayList<>();
            for (int i = 0; i < 500; i++)
            {
                futures.add(client.submit(session("n" + i)));
            }
            manager.close();
            manager = launchManager();
            gateway = launchGateway(port, IngressLimits.DEFAULTS);
            final Set<Long> ids = new HashSet<>();
            for (final CompletableFuture<Submitted> future : futures)
            {
                ids.add(answer(future).firstId());
            }
            assertEquals(500, ids.size());
            assertEquals(500, pending());
            assertEquals("ended 1 CANCELLED", recorder.take());
        }
    }

    @Test
    void shouldNotDoubleWhenConnectionsBreakAgainAndAgain() throws Exception
    {
        final int port = gateway.port();
        try (SubmitClient client = client())
        {
            final List<CompletableFuture<Submitted>> futures = new ArrayList<>();
            for (int round = 0; round < 10; round++)
            {
                for (int i = 0; i < 300; i++)
                {
                    futures.add(client.submit(session("n")));
                }
                answer(futures.get(round * 300));
                gateway.close();
                gateway = launchGateway(port, IngressLimits.DEFAULTS);
            }
            final Set<Long> ids = new HashSet<>();
            for (final CompletableFuture<Submitted> future : futures)
            {
                ids.add(answer(future).firstId());
            }
            assertEquals(3_000, ids.size());
            assertEquals(3_000, pending());
        }
    }

    @Test
    void shouldFailCallsWithoutAnswerInTime()
    {
        gateway.close();
        try (SubmitClient client = SubmitClient.launch(new SubmitClientOptions(
            "127.0.0.1", gateway.port(), token, null, 1, 2)))
        {
            final CompletableFuture<Submitted> late = client.submit(session("late"));
            assertInstanceOf(
                java.util.concurrent.TimeoutException.class,
                assertThrows(CompletionException.class, late::join).getCause());
        }
    }

    @Test
    void shouldBoundCallsThatWait()
    {
        final int port = gateway.port();
        gateway.close();
        final CompletableFuture<Submitted> kept;
        try (SubmitClient client = SubmitClient.launch(new SubmitClientOptions(
            "127.0.0.1", port, token, null, TimeUnit.HOURS.toNanos(1), 1)))
        {
            kept = client.submit(session("kept"));
            assertEquals("too-many-calls", rejection(client.submit(session("more"))).code());
        }
        assertTrue(kept.isCompletedExceptionally());
    }

    @Test
    void shouldRefuseToListenInTheClear()
    {
        assertThrows(IllegalArgumentException.class, () -> BinaryGateway.launch(
            manager.services(), new InetSocketAddress("0.0.0.0", 0), null, IngressLimits.DEFAULTS, RATES));
    }

    @Test
    void shouldCloseOnWhoSendsMoreThanItMay() throws Exception
    {
        gateway.close();
        gateway = launchGateway(0, new IngressLimits(2, 2, 2, 1, 10, HOUR_MS, HOUR_MS, HOUR_MS, 1 << 20));
        try (Socket socket = hello())
        {
            final byte[] submit = submit();
            final byte[] twoThousand = new byte[2_000 * submit.length];
            for (int i = 0; i < 2_000; i++)
            {
                System.arraycopy(submit, 0, twoThousand, i * submit.length, submit.length);
            }
            send(socket, twoThousand);
            assertEquals("no-credit", refusal(socket));
        }
    }

    @Test
    void shouldRefuseWhatIsNoProtocol() throws Exception
    {
        gateway.close();
        gateway = launchGateway(0, new IngressLimits(2, 2, 2, 1, 10, HOUR_MS, HOUR_MS, HOUR_MS, 1 << 20));
        assertEquals("bad-frame", refused(new byte[]{4, 0, 0, 0, 1, 2, 3, 4}));
        assertEquals("bad-frame", refused("GET / HTTP/1.1\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        assertEquals("bad-frame", refused(submit()));
    }

    @Test
    void shouldRefuseWhoSaysNothing() throws Exception
    {
        gateway.close();
        gateway = launchGateway(0, new IngressLimits(2, 2, 2, 1, 10, 40, 40, HOUR_MS, 1 << 20));
        try (Socket socket = connect())
        {
            assertEquals("too-slow", refusal(socket));
        }
    }

    /** Who opens connections and says nothing keeps nobody out, and is not kept for long. */
    @Test
    void shouldNotBeKeptBusyByStrangers() throws Exception
    {
        gateway.close();
        gateway = launchGateway(0, new IngressLimits(2, 2, 3, 16, 10, HOUR_MS, HOUR_MS, HOUR_MS, 1 << 20));
        final List<Socket> strangers = new ArrayList<>();
        try (Socket first = hello())
        {
            for (int i = 0; i < 20; i++)
            {
                strangers.add(connect());
            }
            for (int i = 0; i < 17; i++)
            {
                assertEquals(-1, strangers.get(i).getInputStream().read(), "stranger " + i);
            }
            try (Socket second = hello(); Socket third = connect())
            {
                sendHello(third);
                assertEquals("too-many-connections", refusal(third));
                send(second, submit());
                assertEquals(AcceptedDecoder.TEMPLATE_ID, header(read(second)).templateId());
            }
            send(first, submit());
            assertEquals(AcceptedDecoder.TEMPLATE_ID, header(read(first)).templateId());
        }
        finally
        {
            for (final Socket stranger : strangers)
            {
                stranger.close();
            }
        }
    }

    @Test
    void shouldSayAfterWhatWhenWhereAndForWhom() throws Exception
    {
        manager.services().configuration().configureAccount("research", (current, known) -> current)
            .get(DEADLINE_S, TimeUnit.SECONDS);
        try (SubmitClient client = client())
        {
            final long first = answer(client.submit(session("first"))).firstId();
            final long second = answer(client.submit(session("second"))).firstId();
            final ClientTerms terms = ClientTerms.NONE
                .after(List.of(first)).afterAny(List.of(second)).startAt("2100-01-01T00:00:00Z").account("research")
                .preemptible().failurePolicy("tolerant").arch(List.of("x86_64", "aarch64"))
                .labels(List.of("zone=z1|z2", "!spot")).deviceModel(List.of("A100")).on(List.of("worker-7"))
                .spread("web").pack("db:strict");
            final long id = answer(client.submit(session("last").with(terms))).firstId();
            final SessionView last = manager.services().view().session(id);
            assertEquals("research", last.owner());
            assertEquals(4_102_444_800_000_000_000L, last.terms().startsAtNs());
            assertTrue(last.terms().preemptible());
            assertEquals(List.of(first), last.dependencies());
            assertEquals(List.of(second), last.terms().afterAny());
            assertEquals(7, last.terms().constraints().size());
        }
    }

    @Test
    void shouldSayWhatIsWrongWithTerms() throws Exception
    {
        try (SubmitClient client = client())
        {
            final Map<String, ClientTerms> wrong = Map.of(
                "/startAt", ClientTerms.NONE.startAt("soon"),
                "/labels/0", ClientTerms.NONE.labels(List.of("=")),
                "/failurePolicy", ClientTerms.NONE.failurePolicy("lax"),
                "/project", ClientTerms.NONE.account("a").project("b"),
                "after", ClientTerms.NONE.after(List.of(999_999L)));
            for (final Map.Entry<String, ClientTerms> entry : wrong.entrySet())
            {
                final SubmitRejectedException refusal =
                    rejection(client.submit(session("x").with(entry.getValue())));
                assertEquals(entry.getKey(), refusal.field(), refusal.getMessage());
            }
            assertEquals(
                "unknown-project", rejection(client.submit(session("x").with(ClientTerms.NONE.project("no")))).code());
            assertThrows(IllegalArgumentException.class, () -> client.submit(
                session("x").with(ClientTerms.NONE.labels(List.of("x".repeat(70_000))))));
        }
    }

    /** A client of the first version of the language says nothing of terms. */
    @Test
    void shouldTakeWhatEarlierClientsSend() throws Exception
    {
        try (Socket socket = hello())
        {
            final byte[] submit = submit();
            final byte[] earlier = Arrays.copyOf(submit, submit.length - Short.BYTES);
            final ByteBuffer frame = ByteBuffer.wrap(earlier).order(ByteOrder.LITTLE_ENDIAN);
            frame.putInt(0, earlier.length - Integer.BYTES);
            frame.putShort(Integer.BYTES + MessageHeaderEncoder.versionEncodingOffset(), (short)1);
            send(socket, earlier);
            assertEquals(AcceptedDecoder.TEMPLATE_ID, header(read(socket)).templateId());
        }
    }

    /** Frames with bytes changed, cut off and made up: each is answered, refused or closed on, and others go on. */
    @Test
    void shouldSurviveHostileBytes() throws Exception
    {
        final long seed = System.nanoTime();
        final Random random = new Random(seed);
        final byte[] submit = submit();
        for (int i = 0; i < 300; i++)
        {
            try (Socket socket = hello())
            {
                final byte[] bytes = submit.clone();
                final int changes = 1 + random.nextInt(6);
                for (int change = 0; change < changes; change++)
                {
                    bytes[random.nextInt(bytes.length)] = (byte)random.nextInt();
                }
                send(socket, bytes);
                if (random.nextBoolean())
                {
                    final byte[] noise = new byte[random.nextInt(200)];
                    random.nextBytes(noise);
                    send(socket, noise);
                }
                socket.shutdownOutput();
                socket.getInputStream().readAllBytes();
            }
            catch (final IOException ex)
            {
                // Reset: it was closed on while something was still on its way.
            }
        }
        try (SubmitClient client = client())
        {
            assertFalse(answer(client.submit(session("after"))).repeated(), "seed=" + seed);
        }
        assertTrue(manager.services().health().get().ready(), "seed=" + seed);
    }

    private String refused(final byte[] bytes) throws IOException
    {
        try (Socket socket = connect())
        {
            send(socket, bytes);
            return refusal(socket);
        }
    }

    private Socket connect() throws IOException
    {
        final Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port());
        socket.setSoTimeout(DEADLINE_S * 1_000);
        return socket;
    }

    private Socket hello() throws IOException
    {
        final Socket socket = connect();
        sendHello(socket);
        assertEquals(WelcomeDecoder.TEMPLATE_ID, header(read(socket)).templateId());
        return socket;
    }

    private void sendHello(final Socket socket) throws IOException
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[512]);
        final HelloEncoder hello = new HelloEncoder().wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder())
            .token(token)
            .client("raw");
        send(socket, frame(buffer, hello.encodedLength()));
    }

    private static byte[] submit()
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[512]);
        final SubmitEncoder submit = new SubmitEncoder().wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder())
            .correlationId(1)
            .priority((short)10)
            .kernels(1)
            .elementCount(1)
            .cpuMillis(1_000)
            .memoryBytes(1 << 20);
        submit.slotsCount(1).next().amount(1).slotName("fuzzed");
        submit.groupName("default").sessionName("raw");
        final byte[] spec = "{\"command\":[\"true\"]}".getBytes(java.nio.charset.StandardCharsets.UTF_8);
        submit.putSpec(spec, 0, spec.length);
        submit.putTerms(new byte[0], 0, 0);
        return frame(buffer, submit.encodedLength());
    }

    private static byte[] frame(final UnsafeBuffer buffer, final int bodyLength)
    {
        final int length = MessageHeaderEncoder.ENCODED_LENGTH + bodyLength;
        final ByteBuffer frame = ByteBuffer.allocate(Integer.BYTES + length).order(ByteOrder.LITTLE_ENDIAN);
        frame.putInt(length);
        buffer.getBytes(0, frame, length);
        return frame.array();
    }

    private static void send(final Socket socket, final byte[] bytes) throws IOException
    {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
    }

    /** Code of the refusal that is the last word of a connection. */
    private static String refusal(final Socket socket) throws IOException
    {
        UnsafeBuffer frame = read(socket);
        while (RefusedDecoder.TEMPLATE_ID != header(frame).templateId())
        {
            frame = read(socket);
        }
        final String code = new RefusedDecoder().wrapAndApplyHeader(frame, 0, header(frame)).code();
        assertEquals(-1, socket.getInputStream().read());
        return code;
    }

    private static MessageHeaderDecoder header(final UnsafeBuffer frame)
    {
        return new MessageHeaderDecoder().wrap(frame, 0);
    }

    private static UnsafeBuffer read(final Socket socket) throws IOException
    {
        final InputStream in = socket.getInputStream();
        final int length = ByteBuffer.wrap(in.readNBytes(Integer.BYTES)).order(ByteOrder.LITTLE_ENDIAN).getInt();
        return new UnsafeBuffer(in.readNBytes(length));
    }

    /** Passes on what it is told, and says when an end has been. */
    private record ToldWatcher(SessionWatcher watcher, CompletableFuture<Void> told) implements SessionWatcher
    {
        @Override
        public boolean isGone()
        {
            return watcher.isGone();
        }

        @Override
        public void onAssigned(final long sessionId, final int attempt)
        {
            watcher.onAssigned(sessionId, attempt);
        }

        @Override
        public void onEnded(
            final long sessionId, final int attempt, final LifeState state, final Result result, final int exitCode)
        {
            watcher.onEnded(sessionId, attempt, state, result, exitCode);
            told.complete(null);
        }
    }

    /** Notes what it is told. */
    private static final class Recorder implements SessionListener
    {
        private final BlockingQueue<String> told = new LinkedBlockingQueue<>();

        @Override
        public void onAssigned(final long sessionId, final int attempt)
        {
            told.add("assigned " + sessionId + " " + attempt);
        }

        @Override
        public void onEnded(final long sessionId, final String state, final String result, final int exitCode)
        {
            told.add("ended " + sessionId + " " + state);
        }

        String take() throws InterruptedException
        {
            return told.poll(DEADLINE_S, TimeUnit.SECONDS);
        }
    }
}
