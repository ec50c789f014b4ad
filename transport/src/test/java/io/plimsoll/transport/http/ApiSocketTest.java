package io.plimsoll.transport.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A socket to somebody who is no manager, or one that is broken. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ApiSocketTest
{
    private static final String PROOF = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    /** What a server says after the handshake, until the client has gone. */
    private interface Speech
    {
        void say(OutputStream out) throws IOException;
    }

    private static Thread serve(final ServerSocket server, final boolean upgrades, final Speech speech)
    {
        final Thread thread = new Thread(() ->
        {
            try (Socket client = server.accept())
            {
                final BufferedReader in =
                    new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
                String key = "";
                for (String line = in.readLine(); !line.isEmpty(); line = in.readLine())
                {
                    key = line.toLowerCase(java.util.Locale.ROOT).startsWith("sec-websocket-key:") ?
                        line.substring(line.indexOf(':') + 1).strip() : key;
                }
                if (upgrades)
                {
                    final byte[] proof = MessageDigest.getInstance("SHA-1")
                        .digest((key + PROOF).getBytes(StandardCharsets.US_ASCII));
                    client.getOutputStream().write((
                        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
                        "Sec-WebSocket-Accept: " + Base64.getEncoder().encodeToString(proof) + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
                }
                speech.say(client.getOutputStream());
                if (upgrades)
                {
                    // What was said is to be heard before there is no connection.
                    client.getInputStream().read();
                }
            }
            catch (final IOException gone)
            {
                // The client has had enough.
            }
            catch (final java.security.NoSuchAlgorithmException ex)
            {
                throw new IllegalStateException(ex);
            }
        });
        thread.start();
        return thread;
    }

    /** Why it was closed, by a server that says this. */
    private static String closedBy(final Speech speech) throws Exception
    {
        final CompletableFuture<String> closed = new CompletableFuture<>();
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress()))
        {
            final Thread thread = serve(server, true, speech);
            final ApiSocket socket = ApiSocket.open(
                ApiTarget.parse("http://127.0.0.1:" + server.getLocalPort(), null), "/v1/sessions/1/exec",
                new ApiSocket.Listener()
                {
                    @Override
                    public void onText(final String text)
                    {
                        closed.complete("text of " + text.length());
                    }

                    @Override
                    public void onBinary(final ByteBuffer content, final boolean begins)
                    {
                        // Passed on as it comes.
                    }

                    @Override
                    public void onClosed(final String reason)
                    {
                        closed.complete(reason);
                    }
                });
            final String reason = closed.get(60, TimeUnit.SECONDS);
            socket.close();
            thread.join();
            return reason;
        }
    }

    private static byte[] frame(final int head, final int length)
    {
        final ByteBuffer frame = ByteBuffer.allocate(10 + length);
        frame.put((byte)head).put((byte)127).putLong(length);
        while (frame.hasRemaining())
        {
            frame.put((byte)'x');
        }
        return frame.array();
    }

    @Test
    void shouldNotKeepATextThatNeverEnds() throws Exception
    {
        final String reason = closedBy(out ->
        {
            int head = 1;
            while (true)
            {
                out.write(frame(head, 64 * 1024));
                head = 0;
            }
        });
        assertEquals("the manager sent a text of more than 1048576 characters", reason);
    }

    @Test
    void shouldSayThatWhatComesIsNoWebSocket() throws Exception
    {
        assertEquals("the connection to the manager was lost", closedBy(out ->
        {
            out.write(new byte[]{(byte)0xFF, 0x7F, 1, 2, 3, 4, 5, 6, 7, 8});
            out.flush();
        }));
        assertEquals("text of 2", closedBy(out ->
        {
            out.write(new byte[]{(byte)0x81, 2, 'o', 'k'});
            out.flush();
        }));
    }

    @Test
    void shouldNotTakeAnotherAnswerForAHandshake() throws Exception
    {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress()))
        {
            final Thread thread = serve(server, false, out -> out.write(
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi".getBytes(StandardCharsets.US_ASCII)));
            final ApiException thrown = assertThrows(ApiException.class, () -> ApiSocket.open(
                ApiTarget.parse("http://127.0.0.1:" + server.getLocalPort(), null), "/", null));
            assertTrue(null != thrown.getMessage() && !thrown.getMessage().isEmpty());
            thread.join();
        }
    }
}
