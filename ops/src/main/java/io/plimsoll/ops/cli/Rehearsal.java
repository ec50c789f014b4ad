package io.plimsoll.ops.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/**
 * Walks through what client commands do, against a server that knows one answer, so that the JVM can keep the classes
 * that they load in an archive. Run by the launcher, once per JDK and build.
 */
public final class Rehearsal
{
    private static final String SESSION =
        "{\"id\":1,\"ids\":\"1-2\",\"state\":\"TERMINATED\",\"result\":\"success\",\"reason\":\"completed\"," +
        "\"exitCode\":0,\"submittedAt\":\"2026-01-01T00:00:00.000000Z\"," +
        "\"startedAt\":\"2026-01-01T00:00:01.000000Z\"," +
        "\"endedAt\":\"2026-01-01T00:01:00.000000Z\",\"command\":[\"true\"],\"cancelled\":1,\"slots\":{\"cpu\":0.5}," +
        "\"kernels\":[{\"index\":0,\"agent\":\"a\",\"cpus\":\"0\",\"state\":\"TERMINATED\"}]";
    private static final String ANSWER = SESSION + ",\"sessions\":[" + SESSION + "}],\"agents\":[{\"id\":1," +
        "\"capacity\":{\"cpu\":2,\"mem\":1024},\"used\":{\"cpu\":1}}],\"nextCursor\":null}";

    private Rehearsal()
    {
    }

    /** Runs the rehearsal; what it prints is of no interest. */
    public static void main(final String[] args) throws IOException
    {
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress()))
        {
            final Thread thread = new Thread(() -> serve(server), "answers");
            thread.setDaemon(true);
            thread.start();
            final String url = "http://127.0.0.1:" + server.getLocalPort();
            run(url, "version");
            run(url, "version", "-o", "json");
            run(url, "--help");
            run(url, "run", "--help");
            run(url, "ps", "--all");
            run(url, "ps", "-o", "json");
            run(url, "show", "1");
            run(url, "agents");
            run(url, "logs", "1");
            run(url, "cancel", "1");
            run(url, "drain", "1");
            run(url, "wait", "--timeout", "1m", "1");
            run(url, "submit", "--count", "2", "--mem", "1g", "--env", "A=b", "--after", "1-2", "--", "true");
            run(url, "run", "--cpu", "1", "--", "true");
            run(url, "run", "--mem", "1x", "--", "true");
            run(url, "show", "x");
        }
    }

    private static void run(final String url, final String... args)
    {
        final PrintStream nowhere = new PrintStream(new ByteArrayOutputStream(), false, StandardCharsets.UTF_8);
        final Map<String, String> environment = Map.of("PLIMSOLL_URL", url, "PLIMSOLL_TOKEN", "none");
        final Path directory = Path.of(System.getProperty("user.dir"));
        new CommandRunner(new Terminal(nowhere, nowhere, environment, directory, directory)).run(args);
    }

    private static void serve(final ServerSocket server)
    {
        final byte[] body = ANSWER.getBytes(StandardCharsets.UTF_8);
        final String head =
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: ";
        while (!server.isClosed())
        {
            try (Socket socket = server.accept())
            {
                readRequest(socket.getInputStream());
                final OutputStream out = socket.getOutputStream();
                out.write((head + body.length + "\r\n\r\n").getBytes(StandardCharsets.UTF_8));
                out.write(body);
                out.flush();
            }
            catch (final IOException ex)
            {
                if (!server.isClosed())
                {
                    throw new UncheckedIOException(ex);
                }
            }
        }
    }

    private static void readRequest(final InputStream in) throws IOException
    {
        final StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0)
        {
            final int next = in.read();
            if (next < 0)
            {
                return;
            }
            head.append((char)next);
        }
        final int at = head.indexOf("Content-Length: ");
        if (at >= 0)
        {
            in.readNBytes(Integer.parseInt(head.substring(at + 16, head.indexOf("\r", at))));
        }
    }
}
