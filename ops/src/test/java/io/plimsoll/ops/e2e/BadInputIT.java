package io.plimsoll.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Malformed and hostile input on every port of a real manager with a real agent: it refuses, and goes on. */
class BadInputIT
{
    private static final int HTTP_REQUESTS = 20_000;
    private static final int FRAMES = 20_000;
    private static final int FRAMES_A_CONNECTION = 20;
    private static final int READ_TIMEOUT_MS = 120_000;

    private final long seed = Long.getLong("plimsoll.seed", System.nanoTime());

    @TempDir
    private Path directory;

    private Workspace workspace;
    private Path data;
    private int port;
    private ClusterProcess process;
    private ApiProbe api;

    @BeforeEach
    void setUp() throws IOException
    {
        workspace = new Workspace("bad-input", directory);
        data = workspace.path("data");
        port = Workspace.freePort();
        process = workspace.start(
            "up", "up", "--data", data.toString(), "--listen", "127.0.0.1:" + port, "--cpu", "4");
        api = new ApiProbe(port, data).awaitReady(process).awaitAgents(1);
        assertGoesOn();
    }

    @AfterEach
    void tearDown()
    {
        workspace.close();
    }

    @Test
    void shouldAnswerHostileRequestsWithClientErrorsOnly() throws IOException
    {
        final long files = openFiles();
        final HostileHttp hostile = new HostileHttp(seed, Files.readString(data.resolve("token")).strip());
        final List<Socket> slow = slowSenders();
        for (int i = 0; i < HTTP_REQUESTS; i++)
        {
            final byte[] request = hostile.next(i);
            final String status = answer(request);
            assertTrue(
                status.isEmpty() || status.startsWith("HTTP/1.1 4") || status.startsWith("HTTP/1.0 4"),
                () -> status + " for " + new String(request, StandardCharsets.ISO_8859_1) + " seed=" + seed);
        }
        for (final Socket socket : slow)
        {
            socket.close();
        }
        assertEquals(1, api.sessions().size(), "no request made a session");
        assertGoesOn();
        assertFilesBack(files);
    }

    @Test
    void shouldSurviveBrokenFramesOnDownlinkAndUplink() throws IOException, GeneralSecurityException
    {
        final long files = openFiles();
        final Random random = new Random(seed);
        final int agentPort = api.get("/v1/cluster").path("agentPort").asInt();
        for (int i = 0; i < FRAMES / FRAMES_A_CONNECTION; i++)
        {
            downlinkFrames(agentPort, random, 0 == i % 4);
        }
        uplinkFrames(agentPort, random);
        assertTrue(process.isAlive(), process::output);
        api.awaitAgents(1);
        assertGoesOn();
        assertFilesBack(files);
    }

    /** Connections that send one byte and then nothing, beside all the others. */
    private List<Socket> slowSenders() throws IOException
    {
        final List<Socket> slow = new ArrayList<>();
        for (int i = 0; i < 50; i++)
        {
            final Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.getOutputStream().write('P');
            slow.add(socket);
        }
        return slow;
    }

    /** The status line, empty if the connection was closed without one. */
    private String answer(final byte[] request) throws IOException
    {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port))
        {
            socket.setSoTimeout(READ_TIMEOUT_MS);
            socket.getOutputStream().write(request);
            // The sender gives up: a request that was torn off never becomes whole.
            socket.shutdownOutput();
            return firstLine(socket.getInputStream());
        }
        catch (final SocketTimeoutException ex)
        {
            throw new AssertionError("neither answer nor end, seed=" + seed, ex);
        }
        catch (final IOException closedWhileSending)
        {
            return "";
        }
    }

    private static String firstLine(final InputStream in) throws IOException
    {
        final StringBuilder line = new StringBuilder();
        int next = in.read();
        while (next >= 0 && '\r' != next && '\n' != next && line.length() < 200)
        {
            line.append((char)next);
            next = in.read();
        }
        return line.toString();
    }

    private void downlinkFrames(final int agentPort, final Random random, final boolean plain)
        throws IOException, GeneralSecurityException
    {
        try (Socket socket = plain ? new Socket(InetAddress.getLoopbackAddress(), agentPort) : tls(agentPort))
        {
            socket.setSoTimeout(READ_TIMEOUT_MS);
            for (int i = 0; i < FRAMES_A_CONNECTION; i++)
            {
                socket.getOutputStream().write(frame(random));
            }
            socket.getOutputStream().flush();
        }
        catch (final IOException closed)
        {
            // The manager hangs up on the first frame that makes no sense.
            assertTrue(process.isAlive(), process::output);
        }
    }

    /** A length, right or wrong, in either byte order, and what may look like a message of ours. */
    private static byte[] frame(final Random random)
    {
        final byte[] content = new byte[random.nextInt(200)];
        random.nextBytes(content);
        final ByteBuffer frame = ByteBuffer.allocate(4 + content.length)
            .order(random.nextBoolean() ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        frame.putInt(switch (random.nextInt(4))
        {
            case 0 -> random.nextInt();
            case 1 -> -1;
            default -> content.length;
        });
        if (content.length >= 8 && random.nextBoolean())
        {
            final ByteBuffer header = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
            header.putShort(0, (short)random.nextInt(64)).putShort(2, (short)random.nextInt(40));
            header.putShort(4, (short)702).putShort(6, (short)1);
        }
        frame.put(content);
        return frame.array();
    }

    private void uplinkFrames(final int uplinkPort, final Random random) throws IOException
    {
        try (DatagramSocket socket = new DatagramSocket())
        {
            final InetSocketAddress target = new InetSocketAddress(InetAddress.getLoopbackAddress(), uplinkPort);
            for (int i = 0; i < FRAMES; i++)
            {
                final byte[] datagram = new byte[1 + random.nextInt(1_400)];
                random.nextBytes(datagram);
                if (datagram.length >= 32 && random.nextBoolean())
                {
                    // The header of an Aeron data frame: length, version, flags, type, offset, session, stream, term.
                    final ByteBuffer header = ByteBuffer.wrap(datagram).order(ByteOrder.LITTLE_ENDIAN);
                    header.putInt(0, datagram.length).put(4, (byte)0).put(5, (byte)0xC0);
                    header.putShort(6, (short)random.nextInt(8)).putInt(16, 10 + random.nextInt(2));
                }
                socket.send(new DatagramPacket(datagram, datagram.length, target));
            }
        }
    }

    private static SSLSocket tls(final int port) throws IOException, GeneralSecurityException
    {
        final SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[]{new TrustAll()}, new SecureRandom());
        final SSLSocket socket =
            (SSLSocket)context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(READ_TIMEOUT_MS);
        socket.startHandshake();
        return socket;
    }

    private void assertGoesOn()
    {
        final Map<String, Object> session = Map.of("command", List.of("true"), "cpu", "0.1", "mem", "8m");
        final long id = api.post("/v1/sessions", session).path("id").asLong();
        assertEquals("success", api.get("/v1/sessions/" + id + "/wait?timeout=180s").path("result").asText());
    }

    private long openFiles() throws IOException
    {
        try (Stream<Path> files = Files.list(Path.of("/proc", Long.toString(process.pid()), "fd")))
        {
            return files.count();
        }
    }

    private void assertFilesBack(final long before)
    {
        Await.until(
            Duration.ofSeconds(180),
            "open files back to about " + before + " seed=" + seed,
            () -> openFiles() <= before + 16);
    }

    /** The hostile client does not care who the manager is. */
    private static final class TrustAll implements X509TrustManager
    {
        @Override
        public void checkClientTrusted(final X509Certificate[] chain, final String authType)
        {
            // Anyone.
        }

        @Override
        public void checkServerTrusted(final X509Certificate[] chain, final String authType)
        {
            // Anyone.
        }

        @Override
        public X509Certificate[] getAcceptedIssuers()
        {
            return new X509Certificate[0];
        }
    }
}
