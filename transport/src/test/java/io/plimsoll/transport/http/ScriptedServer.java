package io.plimsoll.transport.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Answers each request with the next of the texts it was given, whatever was asked. An empty answer closes the
 * connection, and so does one that contains {@code Connection: close}, or no body length at all.
 */
public final class ScriptedServer implements AutoCloseable
{
    private final ServerSocket listener;
    private final Queue<String> answers = new ArrayDeque<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final Thread thread = new Thread(this::run, "scripted-server");

    public ScriptedServer(final String... script) throws IOException
    {
        this(new ServerSocket(0, 10, InetAddress.getLoopbackAddress()), script);
    }

    ScriptedServer(final ServerSocket listener, final String... script)
    {
        this.listener = listener;
        for (final String answer : script)
        {
            answers.add(answer);
        }
        thread.setDaemon(true);
        thread.start();
    }

    public int port()
    {
        return listener.getLocalPort();
    }

    List<String> requests()
    {
        return requests;
    }

    static String ok(final String body)
    {
        return "HTTP/1.1 200 OK\r\nContent-Length: " + body.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n" + body;
    }

    @Override
    public void close() throws IOException
    {
        listener.close();
    }

    private void run()
    {
        while (!listener.isClosed() && !answers.isEmpty())
        {
            try (Socket socket = listener.accept())
            {
                serve(socket);
            }
            catch (final IOException ex)
            {
                // The client went away, or the test is over.
                continue;
            }
        }
    }

    private void serve(final Socket socket) throws IOException
    {
        while (!answers.isEmpty())
        {
            final String request = read(socket.getInputStream());
            if (request.isEmpty())
            {
                return;
            }
            requests.add(request);
            final String answer = answers.poll();
            if (answer.isEmpty())
            {
                return;
            }
            socket.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().flush();
            if (answer.contains("Connection: close") || !answer.contains("ength: ") && !answer.contains("chunked"))
            {
                return;
            }
        }
        // The last answer is out; hold the connection until the client has had enough.
        socket.getInputStream().read();
    }

    private static String read(final InputStream in) throws IOException
    {
        final ByteArrayOutputStream request = new ByteArrayOutputStream();
        int next = in.read();
        while (next >= 0)
        {
            request.write(next);
            final String text = request.toString(StandardCharsets.UTF_8);
            final int headEnd = text.indexOf("\r\n\r\n");
            if (headEnd >= 0 && text.length() - headEnd - 4 >= bodyLength(text))
            {
                return text;
            }
            next = in.read();
        }
        return "";
    }

    private static int bodyLength(final String head)
    {
        final int at = head.indexOf("Content-Length: ");
        return at < 0 ? 0 : Integer.parseInt(head.substring(at + 16, head.indexOf('\r', at)));
    }
}
