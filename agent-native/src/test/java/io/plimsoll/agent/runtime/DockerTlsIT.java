package io.plimsoll.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.agent.Await;
import io.plimsoll.agent.kernel.KernelDirectory;
import io.plimsoll.agent.kernel.KernelKey;
import io.plimsoll.agent.terminal.KernelTerminal;
import io.plimsoll.agent.terminal.TerminalException;
import io.plimsoll.agent.terminal.TerminalRequest;
import io.plimsoll.agent.terminal.TerminalSink;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An engine that is reached by TCP with TLS, and wants to know who asks. */
class DockerTlsIT implements TerminalSink
{
    private static final int PLENTY = 1 << 16;
    private static final List<String> VARIABLES = List.of("DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH");

    @TempDir
    private static Path certificates;
    private static DockerDaemon daemon;
    private static String host;

    @TempDir
    private Path directory;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private int exitCode = -1;
    private TerminalException failure;

    @BeforeAll
    static void startEngine() throws IOException
    {
        DockerDaemon.require(0 == DockerDaemon.shell("command -v openssl").exitCode(), "apt-get install openssl");
        final Path script = Files.writeString(certificates.resolve("make.sh"), """
            set -e
            cd "$1"
            openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=ca -keyout ca-key.pem -out ca.pem
            for who in server client
            do
                openssl req -newkey rsa:2048 -nodes -subj /CN=$who -keyout $who-key.pem -out $who.csr
                printf 'subjectAltName=IP:127.0.0.1\\nextendedKeyUsage=%sAuth\\n' $who >$who.ext
                openssl x509 -req -days 2 -in $who.csr -CA ca.pem -CAkey ca-key.pem -CAcreateserial \
                    -extfile $who.ext -out $who.pem
            done
            mv client.pem cert.pem
            mv client-key.pem key.pem
            """);
        final DockerDaemon.Output made = DockerDaemon.shell("sh " + script + " " + certificates);
        assertEquals(0, made.exitCode(), made.text());
        final int port = freePort();
        host = "tcp://127.0.0.1:" + port;
        daemon = DockerDaemon.launch(
            "-H", host, "--tlsverify", "--tlscacert", certificates + "/ca.pem", "--tlscert",
            certificates + "/server.pem", "--tlskey", certificates + "/server-key.pem");
        System.setProperty(VARIABLES.get(0), "1");
        System.setProperty(VARIABLES.get(1), certificates.toString());
    }

    private static int freePort() throws IOException
    {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress()))
        {
            return socket.getLocalPort();
        }
    }

    @AfterAll
    static void stopEngine()
    {
        VARIABLES.forEach(System::clearProperty);
        if (null != daemon)
        {
            daemon.close();
        }
    }

    @Test
    void shouldRunContainersAndCommandsBesideThem() throws IOException, TerminalException
    {
        try (Containers containers = new Containers(directory, Containers.options(daemon).withHost(host)))
        {
            final KernelKey key = containers.launch(1, "echo up; sleep 600");
            containers.awaitText(key, KernelDirectory.STDOUT, "up");
            containers.awaitStarted(key);

            final KernelTerminal cat = open(containers, key, false, "cat");
            final byte[] random = new byte[3_000_000];
            new Random(1).nextBytes(random);
            cat.input(random);
            cat.endInput();
            assertEquals(0, awaitExit(containers, cat));
            assertArrayEquals(random, out.toByteArray());

            out.reset();
            final KernelTerminal shell = open(containers, key, true, "sh", "-c", "read word; stty size; exit $word");
            shell.input("9\r".getBytes(StandardCharsets.UTF_8));
            assertEquals(9, awaitExit(containers, shell));
            assertTrue(out.toString(StandardCharsets.UTF_8).contains("30 100"), out.toString(StandardCharsets.UTF_8));
            daemon.clear();
        }
    }

    /** As with a certificate of somebody else, or with none. */
    @Test
    void shouldSayThatItIsNotTrusted()
    {
        System.clearProperty(VARIABLES.get(0));
        try (DockerEngine engine = new DockerEngine(host, TimeUnit.SECONDS.toNanos(10)))
        {
            final EngineException refused = assertThrows(EngineException.class, engine::ping);
            assertTrue(refused.getMessage().contains("HTTPS"), refused.getMessage());
        }
        finally
        {
            System.setProperty(VARIABLES.get(0), "1");
        }
    }

    private static KernelTerminal open(
        final Containers containers, final KernelKey key, final boolean tty, final String... command)
        throws TerminalException
    {
        return containers.runtime.openTerminal(
            key, new TerminalRequest(List.of(command), List.of(), "", "", tty, true, 30, 100), System.nanoTime());
    }

    private int awaitExit(final Containers containers, final KernelTerminal terminal)
    {
        exitCode = -1;
        Await.until(() -> "the end, out=" + out.size() + " failure=" + failure, () ->
        {
            containers.poll();
            terminal.poll(this, PLENTY, System.nanoTime());
            return exitCode >= 0 || null != failure;
        });
        assertEquals(null, failure);
        terminal.close(System.nanoTime());
        Await.until("nothing left", () -> terminal.pollGone(System.nanoTime()));
        return exitCode;
    }

    @Override
    public void onOutput(final boolean stderr, final byte[] content, final int length)
    {
        out.write(content, 0, length);
    }

    @Override
    public void onInputTaken(final int bytes)
    {
        // It is all under way.
    }

    @Override
    public void onExit(final int code)
    {
        exitCode = code;
    }

    @Override
    public void onFailure(final TerminalException why)
    {
        failure = why;
    }
}
