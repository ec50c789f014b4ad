package io.plimsoll.manager.ingress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.manager.BareManager;
import io.plimsoll.manager.Manager;
import io.plimsoll.manager.ManagerServices;
import io.plimsoll.manager.ServicesBuilder;
import io.plimsoll.manager.http.HttpLimits;
import io.plimsoll.manager.http.RequestRates;
import io.plimsoll.manager.identity.Caller;
import io.plimsoll.manager.identity.Role;
import io.plimsoll.manager.view.EventFeed;
import io.plimsoll.transport.ContainerSpec;
import io.plimsoll.transport.LaunchSpec;
import io.plimsoll.transport.SessionNotes;
import io.plimsoll.transport.StdinMode;
import io.plimsoll.transport.client.ClientSession;
import io.plimsoll.transport.client.SubmitClient;
import io.plimsoll.transport.client.SubmitClientOptions;
import io.plimsoll.transport.client.SubmitRejectedException;
import io.plimsoll.transport.client.Submitted;
import io.plimsoll.transport.client.sbe.HelloEncoder;
import io.plimsoll.transport.client.sbe.MessageHeaderDecoder;
import io.plimsoll.transport.client.sbe.MessageHeaderEncoder;
import io.plimsoll.transport.client.sbe.PingEncoder;
import io.plimsoll.transport.client.sbe.PongDecoder;
import io.plimsoll.transport.client.sbe.RefusedDecoder;
import io.plimsoll.transport.client.sbe.WelcomeDecoder;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
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

/** What one keypair may take of the binary way in, and what may be said there: a manager that takes each for a user. */
class BinaryRulesTest
{
    private static final int DEADLINE_S = 120;
    private static final int HOUR_MS = 3_600_000;
    private static final int KEYPAIR_MAX = 2;
    private static final RequestRates RATES = new RequestRates(HttpLimits.DEFAULTS, System::nanoTime);
    private static final LaunchSpec SPEC = new LaunchSpec(List.of("true"), Map.of(), null, null, 0, 0);

    @TempDir
    Path directory;

    private Manager manager;
    private BinaryGateway gateway;

    @BeforeEach
    void launch()
    {
        manager = BareManager.launch(directory);
        final ManagerServices services = new ServicesBuilder(manager.services())
            .tokens(token -> "admin".equals(token) ?
                Caller.ADMINISTRATOR : token.contains("wrong") ?
                null : new Caller(Role.USER, "ana", token, 0, 7, 8, Caller.Access.OPEN))
            .build();
        gateway = BinaryGateway.launch(
            services, new InetSocketAddress("127.0.0.1", 0), null,
            new IngressLimits(6, KEYPAIR_MAX, 8, 16, 10, HOUR_MS, HOUR_MS, HOUR_MS, 1 << 20), RATES);
    }

    @AfterEach
    void close()
    {
        gateway.close();
        manager.close();
    }

    /** One keypair with many connections leaves room for others, and gets its own back when it closes some. */
    @Test
    void shouldBoundTheConnectionsOfOneKeypairAndNotThoseOfTheAdministrator() throws IOException
    {
        try (Socket first = connect("greedy"))
        {
            assertEquals("", answer(first));
            try (Socket second = connect("greedy"); Socket third = connect("greedy"); Socket other = connect("modest"))
            {
                assertEquals("", answer(second));
                assertTrue(answer(third).startsWith(
                    "too-many-connections: this keypair has " + KEYPAIR_MAX + " already"));
                assertEquals("", answer(other));
            }
            final long startNs = System.nanoTime();
            String answer = "nobody has asked";
            // That it has gone is seen in a moment.
            while (!answer.isEmpty())
            {
                try (Socket again = connect("greedy"))
                {
                    answer = answer(again);
                }
                assertTrue(System.nanoTime() - startNs < TimeUnit.SECONDS.toNanos(DEADLINE_S), answer);
            }
        }
        try (Socket one = connect("admin"); Socket two = connect("admin"); Socket three = connect("admin"))
        {
            assertEquals("", answer(one) + answer(two) + answer(three));
        }
    }

    /** Who guesses is kept out for a while under the name that was guessed for, and nobody else is. */
    @Test
    void shouldLockOutWhoFailsAgainAndAgain() throws IOException
    {
        for (int i = 0; i < 10; i++)
        {
            assertEquals("token-wrong: the token is not one of this manager", answerTo("pl.ana.wrong" + i));
        }
        assertTrue(answerTo("pl.ana.right").startsWith("locked-out: too many failures in a row from 127.0.0.1; try"));
        assertEquals("", answerTo("pl.bob.right"));
        assertEquals("", answerTo("admin"));
    }

    private String answerTo(final String token) throws IOException
    {
        try (Socket socket = connect(token))
        {
            return answer(socket);
        }
    }

    /** Some do not wait for the word that they may begin. */
    @Test
    void shouldWelcomeBeforeItAnswersWhatCameWithTheToken() throws IOException
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[64]);
        final int length = MessageHeaderEncoder.ENCODED_LENGTH + new PingEncoder()
            .wrapAndApplyHeader(buffer, Integer.BYTES, new MessageHeaderEncoder()).number(7).encodedLength();
        buffer.putInt(0, length, ByteOrder.LITTLE_ENDIAN);
        try (Socket socket = connect("admin", Arrays.copyOf(buffer.byteArray(), Integer.BYTES + length)))
        {
            assertEquals("", answer(socket));
            final DataInputStream in = new DataInputStream(socket.getInputStream());
            final UnsafeBuffer frame = new UnsafeBuffer(in.readNBytes(Integer.reverseBytes(in.readInt())));
            final MessageHeaderDecoder header = new MessageHeaderDecoder().wrap(frame, 0);
            assertEquals(PongDecoder.TEMPLATE_ID, header.templateId());
            assertEquals(7, new PongDecoder().wrapAndApplyHeader(frame, 0, header).number());
        }
    }

    private Socket connect(final String token) throws IOException
    {
        return connect(token, new byte[0]);
    }

    /** With something behind the token that is sent together with it. */
    private Socket connect(final String token, final byte[] more) throws IOException
    {
        final Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port());
        socket.setSoTimeout(DEADLINE_S * 1_000);
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[512]);
        final int length = MessageHeaderEncoder.ENCODED_LENGTH + new HelloEncoder()
            .wrapAndApplyHeader(buffer, Integer.BYTES, new MessageHeaderEncoder())
            .token(token)
            .client("raw")
            .encodedLength();
        buffer.putInt(0, length, ByteOrder.LITTLE_ENDIAN);
        final byte[] bytes = Arrays.copyOf(buffer.byteArray(), Integer.BYTES + length + more.length);
        System.arraycopy(more, 0, bytes, Integer.BYTES + length, more.length);
        socket.getOutputStream().write(bytes);
        return socket;
    }

    /** Empty: welcome; else why not. */
    private static String answer(final Socket socket) throws IOException
    {
        final DataInputStream in = new DataInputStream(socket.getInputStream());
        final byte[] frame = new byte[Integer.reverseBytes(in.readInt())];
        in.readFully(frame);
        final UnsafeBuffer buffer = new UnsafeBuffer(frame);
        final MessageHeaderDecoder header = new MessageHeaderDecoder().wrap(buffer, 0);
        if (WelcomeDecoder.TEMPLATE_ID == header.templateId())
        {
            return "";
        }
        final RefusedDecoder refused = new RefusedDecoder().wrapAndApplyHeader(buffer, 0, header);
        return refused.code() + ": " + refused.detail();
    }

    /** Notes of a launch are what the API calls callback and idleTimeout; nobody can say more in them than there. */
    @Test
    void shouldTakeCallbacksAndIdleTimesAndRefuseThoseThatMakeNoSense() throws Exception
    {
        final BlockingQueue<String> events = new LinkedBlockingQueue<>();
        try (SubmitClient client = SubmitClient.launch(
                SubmitClientOptions.plain("127.0.0.1", gateway.port(), "admin"));
            EventFeed.Subscription subscription = manager.services().events().subscribe(
                0, event -> events.add(event.json()), why -> events.add(why)))
        {
            subscription.request(Long.MAX_VALUE);
            final SessionNotes good = new SessionNotes(60_000_000_000L, 0, "https://192.0.2.1/hook", null, 0);
            final long id = submit(client, good).get(DEADLINE_S, TimeUnit.SECONDS).firstId();
            assertEquals(good, manager.services().view().session(id).spec().notes());
            for (final SessionNotes wrong : new SessionNotes[]{
                new SessionNotes(0, 0, "ftp://192.0.2.1/", null, 0), new SessionNotes(0, 0, "no url", null, 0),
                new SessionNotes(0, 0, null, "train", 3)})
            {
                final SubmitRejectedException refusal = refusal(submit(client, wrong));
                assertEquals("400 bad-spec", refusal.status() + " " + refusal.code());
            }
            assertEquals(
                "callback-forbidden",
                refusal(submit(client, new SessionNotes(0, 0, "http://127.0.0.1/", null, 0))).code());
            String event = "";
            while (!event.contains("\"sessionId\":" + id))
            {
                event = events.poll(DEADLINE_S, TimeUnit.SECONDS);
            }
            assertTrue(event.contains("\"requestId\":\"bin-"), event);
        }
    }

    /** As by the API; what runtimes of plugins call an image is their own affair. */
    @Test
    void shouldRefuseImagesThatNoEngineTakes()
    {
        try (SubmitClient client = SubmitClient.launch(
            SubmitClientOptions.plain("127.0.0.1", gateway.port(), "admin")))
        {
            final SubmitRejectedException refusal =
                refusal(client.submit(ClientSession.of("image", 1_000, 1 << 20, image("UPPER/case", null))));
            assertEquals("400 bad-spec", refusal.status() + " " + refusal.code());
            final String why = refusal.getMessage();
            assertTrue(why.contains("image: the name \"UPPER/case\" has capitals"), why);
            for (final LaunchSpec right : new LaunchSpec[]{image("upper/case", null), image("/Lab.sif", "own")})
            {
                client.submit(ClientSession.of("image", 1_000, 1 << 20, right)).handle((submitted, thrown) ->
                {
                    assertFalse(String.valueOf(thrown).contains("image:"), () -> String.valueOf(thrown));
                    return null;
                }).join();
            }
        }
    }

    private static LaunchSpec image(final String image, final String runtime)
    {
        return new LaunchSpec(
            List.of("true"), Map.of(), null, image, 0, 0, ContainerSpec.NONE, runtime, StdinMode.NONE, false,
            SessionNotes.NONE);
    }

    private static CompletableFuture<Submitted> submit(final SubmitClient client, final SessionNotes notes)
    {
        return client.submit(ClientSession.of("noted", 1_000, 1 << 20, SPEC.withNotes(notes)));
    }

    private static SubmitRejectedException refusal(final CompletableFuture<Submitted> future)
    {
        return assertInstanceOf(
            SubmitRejectedException.class, assertThrows(CompletionException.class, future::join).getCause());
    }
}
