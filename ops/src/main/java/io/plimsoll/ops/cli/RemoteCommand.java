package io.plimsoll.ops.cli;

import io.plimsoll.transport.http.ApiException;
import io.plimsoll.transport.http.ApiSocket;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntUnaryOperator;

/**
 * A command beside a kernel, or the kernel's own output, over a WebSocket: what comes goes to two streams, and input is
 * sent as far as it is taken. The streams are written to by a thread of the socket, and hold it up if they are slow.
 */
final class RemoteCommand implements AutoCloseable
{
    private static final byte STDIN = 0;
    private static final byte STDERR = 2;
    private static final int BUFFER_LENGTH = 16 * 1024;
    private static final long KEEP_ALIVE_S = 10;
    private static final long SILENCE_NS = TimeUnit.MINUTES.toNanos(1);

    private final OutputStream out;
    private final OutputStream err;
    private final Semaphore credit = new Semaphore(0);
    private final CompletableFuture<Integer> started = new CompletableFuture<>();
    private final CompletableFuture<End> end = new CompletableFuture<>();
    private ApiSocket socket;

    /**
     * One that is not connected.
     *
     * @param out takes stdout.
     * @param err takes stderr.
     */
    RemoteCommand(final OutputStream out, final OutputStream err)
    {
        this.out = out;
        this.err = err;
        // Nobody grants any more, and whoever waits to send is to see that it is over.
        end.whenComplete((how, never) -> credit.release(BUFFER_LENGTH));
    }

    /**
     * Connects.
     *
     * @param api   of the manager.
     * @param path  of the route.
     * @param start what to run; null: nothing has to be said.
     */
    void start(final Api api, final String path, final Map<String, Object> start)
    {
        socket = api.socket(path, new Events());
        final Thread thread = new Thread(this::keepAlive, "keep-alive");
        thread.setDaemon(true);
        thread.start();
        if (null != start)
        {
            final Map<String, Object> message = new LinkedHashMap<>();
            message.put("type", "start");
            message.putAll(start);
            send(message);
        }
    }

    /**
     * Somebody who pages through the output reads nothing for a long time, and the manager is not to think that nobody
     * is here. A manager whose machine is gone says no farewell either.
     */
    private void keepAlive()
    {
        try
        {
            while (true)
            {
                try
                {
                    end.get(KEEP_ALIVE_S, TimeUnit.SECONDS);
                    return;
                }
                catch (final TimeoutException ex)
                {
                    socket.keepAlive();
                    if (socket.silentNs(System.nanoTime()) > SILENCE_NS)
                    {
                        end.complete(End.lost("the manager has not been heard of for a minute"));
                        // For whoever is just sending.
                        socket.close();
                    }
                }
            }
        }
        catch (final ExecutionException | InterruptedException ex)
        {
            // It is over.
            Thread.currentThread().interrupt();
        }
    }

    /** Sends what there is to read until its end, from a thread of its own. */
    void pump(final InputStream in, final IntUnaryOperator checked)
    {
        final Thread thread = new Thread(() -> copy(in, checked), "input");
        thread.setDaemon(true);
        thread.start();
    }

    /** Looks at what is typed for what leaves it; nothing is sent. */
    void watch(final InputStream in, final IntUnaryOperator checked)
    {
        final Thread thread = new Thread(() ->
        {
            try
            {
                int typed = in.read();
                while (typed >= 0 && checked.applyAsInt(typed) >= 0)
                {
                    typed = in.read();
                }
                if (typed >= 0)
                {
                    end.complete(End.DETACHED);
                }
            }
            catch (final IOException ex)
            {
                end.complete(new End("failed", 0, "the terminal cannot be read: " + ex.getMessage()));
            }
        }, "keys");
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Sends input until its end; the calling thread waits while nothing is taken.
     *
     * @param in      read from.
     * @param checked told of each byte read; below 0: it is not sent, and the terminal is left.
     */
    private void copy(final InputStream in, final IntUnaryOperator checked)
    {
        final byte[] buffer = new byte[BUFFER_LENGTH];
        try
        {
            int length = in.read(buffer);
            while (length >= 0)
            {
                for (int i = 0; i < length; i++)
                {
                    if (checked.applyAsInt(buffer[i] & 0xFF) < 0)
                    {
                        end.complete(End.DETACHED);
                        return;
                    }
                }
                if (!send(buffer, length))
                {
                    return;
                }
                length = in.read(buffer);
            }
            endInput();
        }
        catch (final IOException ex)
        {
            end.complete(new End("failed", 0, "the standard input cannot be read: " + ex.getMessage()));
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Sends input; waits until it is taken.
     *
     * @return false if it is over: nothing more is taken.
     */
    boolean send(final byte[] content, final int length) throws InterruptedException
    {
        int offset = 0;
        while (offset < length && !end.isDone())
        {
            credit.acquire();
            if (end.isDone())
            {
                // For whoever else waits.
                credit.release();
                return false;
            }
            final int more = Math.min(length - offset - 1, credit.availablePermits());
            final int part = more > 0 && credit.tryAcquire(more) ? more + 1 : 1;
            final ByteBuffer frame = ByteBuffer.allocate(part + 1).put(STDIN).put(content, offset, part).flip();
            send(() -> socket.send(frame));
            offset += part;
        }
        return !end.isDone();
    }

    void endInput()
    {
        send(Map.of("type", "eof"));
    }

    void resize(final int rows, final int columns)
    {
        send(Map.of("type", "resize", "rows", rows, "columns", columns));
    }

    private void send(final Map<String, Object> message)
    {
        send(() -> socket.send(JsonValue.of(message).toString()));
    }

    /** What cannot be sent because it is over is for nobody; else the connection is lost, and it is over. */
    private void send(final Runnable sending)
    {
        if (!end.isDone())
        {
            try
            {
                sending.run();
            }
            catch (final ApiException ex)
            {
                end.complete(End.lost(ex.getMessage()));
            }
        }
    }

    /** Waits until it is over. */
    End await() throws InterruptedException
    {
        try
        {
            return end.get();
        }
        catch (final ExecutionException ex)
        {
            throw new IllegalStateException(ex);
        }
    }

    /** Done when the command was taken, with the bytes of input that it takes first. */
    CompletableFuture<Integer> started()
    {
        return started;
    }

    /** From outside: it is over. */
    void leave(final End how)
    {
        end.complete(how);
    }

    @Override
    public void close()
    {
        end.complete(End.DETACHED);
        if (null != socket)
        {
            socket.close();
        }
    }

    /**
     * How it ended.
     *
     * @param code     as in the API.
     * @param exitCode of the command.
     * @param detail   for people.
     */
    record End(String code, int exitCode, String detail)
    {
        static final String EXITED = "exited";
        static final End DETACHED = new End("detached", 0, "");

        static End lost(final String why)
        {
            return new End("lost", 0, why);
        }

        boolean isExited()
        {
            return EXITED.equals(code);
        }

        /** What our exit code is for one that is not the command's own. */
        int ownExitCode()
        {
            return switch (code)
            {
                case "detached" -> ExitCode.OK;
                case "cannot-start" -> exitCode;
                case "unknown-kernel" -> ExitCode.UNKNOWN;
                case "not-running", "kernel-ended" -> ExitCode.CONFLICT;
                case "unsupported", "out-of-range" -> ExitCode.REJECTED;
                case "too-many-terminals", "slow-reader" -> ExitCode.OVERLOADED;
                case "token-wrong" -> ExitCode.UNAUTHENTICATED;
                case "failed" -> ExitCode.FAILED;
                case "broken-pipe" -> ExitCode.BROKEN_PIPE;
                default -> ExitCode.UNREACHABLE;
            };
        }

        CliException asException()
        {
            return new CliException(ownExitCode(), detail.isEmpty() ? code : detail);
        }
    }

    private final class Events implements ApiSocket.Listener
    {
        private boolean toErr;

        @Override
        public void onText(final String text)
        {
            final JsonValue message;
            try
            {
                message = JsonValue.parse(text.getBytes(StandardCharsets.UTF_8));
            }
            catch (final IOException ex)
            {
                end.complete(End.lost("what the manager says makes no sense"));
                return;
            }
            switch (message.text("type"))
            {
                case "started", "credit" ->
                {
                    final int bytes = (int)message.number("bytes", 0);
                    // Whoever waited for it is first: the size of the screen goes before what is typed.
                    started.complete(bytes);
                    credit.release(bytes);
                }
                case "end" -> end.complete(new End(
                    message.text("code"), (int)message.number("exitCode", 0), message.text("detail")));
                default ->
                {
                    // Of a newer manager.
                }
            }
        }

        @Override
        public void onBinary(final ByteBuffer content, final boolean begins)
        {
            if (begins && content.hasRemaining())
            {
                toErr = STDERR == content.get();
            }
            final byte[] bytes = new byte[content.remaining()];
            content.get(bytes);
            try
            {
                final OutputStream target = toErr ? err : out;
                target.write(bytes);
                target.flush();
                if (target instanceof java.io.PrintStream stream && stream.checkError())
                {
                    throw new IOException("broken pipe");
                }
            }
            catch (final IOException ex)
            {
                end.complete(new End("broken-pipe", 0, "the output cannot be written: " + ex.getMessage()));
                close();
            }
        }

        @Override
        public void onClosed(final String reason)
        {
            end.complete(End.lost(reason));
        }
    }
}
