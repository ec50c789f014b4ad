package io.plimsoll.manager.link;

import io.plimsoll.manager.Counters;
import io.plimsoll.manager.Counters.Counter;
import io.plimsoll.manager.idle.Traffic;
import io.plimsoll.manager.view.Assignment;
import io.plimsoll.manager.view.LiveViewStore;
import io.plimsoll.manager.view.TerminalSource;
import io.plimsoll.transport.link.LinkEndpoint;
import io.plimsoll.transport.sbe.BooleanType;
import io.plimsoll.transport.sbe.MessageHeaderDecoder;
import io.plimsoll.transport.sbe.MessageHeaderEncoder;
import io.plimsoll.transport.sbe.TerminalCloseEncoder;
import io.plimsoll.transport.sbe.TerminalCode;
import io.plimsoll.transport.sbe.TerminalCreditDecoder;
import io.plimsoll.transport.sbe.TerminalCreditEncoder;
import io.plimsoll.transport.sbe.TerminalDataDecoder;
import io.plimsoll.transport.sbe.TerminalDataEncoder;
import io.plimsoll.transport.sbe.TerminalEndDecoder;
import io.plimsoll.transport.sbe.TerminalOpenEncoder;
import io.plimsoll.transport.sbe.TerminalSizeEncoder;
import io.plimsoll.transport.sbe.TerminalStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Terminals over the links, with credit both ways: an agent may send as many bytes as the client has asked for, and a
 * client as many as the command takes. Clients open, send and close from any thread; what agents say comes in on the
 * thread of the links.
 */
public final class TerminalStreams implements TerminalSource
{
    /** Open at a time. */
    public static final int OPEN_MAX = 256;
    /** Longest request in bytes, of command, variables, directory and user together. */
    public static final int REQUEST_LENGTH_MAX = 60 * 1024;

    static final String AGENT_UNREACHABLE = "agent-unreachable";
    static final String UNKNOWN_KERNEL = "unknown-kernel";

    private static final Logger LOGGER = LoggerFactory.getLogger(TerminalStreams.class);
    private static final FrameShape DATA =
        FrameShape.flat(TerminalDataDecoder.TEMPLATE_ID, TerminalDataDecoder.BLOCK_LENGTH, 1);
    private static final FrameShape CREDIT =
        FrameShape.flat(TerminalCreditDecoder.TEMPLATE_ID, TerminalCreditDecoder.BLOCK_LENGTH, 0);
    private static final FrameShape END =
        FrameShape.flat(TerminalEndDecoder.TEMPLATE_ID, TerminalEndDecoder.BLOCK_LENGTH, 1);
    private static final int RETRY_AFTER_SECONDS = 5;
    private static final int FRAME_LENGTH = 128;
    private static final int CHUNK_LENGTH = 32 * 1024;

    private final LinkEndpoint endpoint;
    private final LinkTable table;
    private final LiveViewStore view;
    private final Counters counters;
    private final Traffic traffic;
    private final OpenStreams<OpenTerminal> terminals =
        new OpenStreams<>(OPEN_MAX, "too-many-terminals", RETRY_AFTER_SECONDS);
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final TerminalDataDecoder data = new TerminalDataDecoder();
    private final TerminalCreditDecoder credit = new TerminalCreditDecoder();
    private final TerminalEndDecoder end = new TerminalEndDecoder();

    /**
     * Of one manager.
     *
     * @param parts    shared on the agents' side.
     * @param view     that knows where kernels are.
     * @param counters to count in.
     * @param traffic  is told of what goes through.
     */
    public TerminalStreams(
        final LinkParts parts, final LiveViewStore view, final Counters counters, final Traffic traffic)
    {
        endpoint = parts.endpoint();
        table = parts.table();
        this.view = view;
        this.counters = counters;
        this.traffic = traffic;
    }

    @Override
    public Stream open(
        final long kernelId,
        final int attempt,
        final Request request,
        final int creditBytes,
        final Listener listener)
    {
        final long requestId = terminals.admit();
        final Assignment assignment = view.assignment(kernelId, attempt);
        final AgentLink link = null == assignment ? null : table.link(assignment.agentId());
        final OpenTerminal terminal = new OpenTerminal(requestId, link, kernelId, listener);
        terminals.add(terminal);
        if (null == link)
        {
            terminal.end(new End(
                null == assignment ? UNKNOWN_KERNEL : AGENT_UNREACHABLE,
                0,
                null == assignment ? "the kernel is not known any more" : "the kernel's agent is not connected"));
            return terminal;
        }
        counters.increment(Counter.TERMINALS_OPENED);
        terminal.outputCredit.set(creditBytes);
        final UnsafeBuffer frame = new UnsafeBuffer(new byte[LinkEndpoint.FRAME_LENGTH_MAX]);
        final int length = encodeOpen(frame, terminal.requestId, kernelId, attempt, request, creditBytes);
        // A link that closes meanwhile is seen here or by onLinkClosed, which finds it in the table.
        if (!terminal.send(frame, length) || table.link(link.agentId()) != link)
        {
            terminal.end(lost());
        }
        return terminal;
    }

    private static int encodeOpen(
        final UnsafeBuffer frame,
        final long requestId,
        final long kernelId,
        final int attempt,
        final Request request,
        final int creditBytes)
    {
        final TerminalOpenEncoder open = new TerminalOpenEncoder()
            .wrapAndApplyHeader(frame, 0, new MessageHeaderEncoder())
            .requestId(requestId)
            .kernelId(kernelId)
            .attempt(attempt)
            .tty(request.tty() ? BooleanType.T : BooleanType.F)
            .input(request.input() ? BooleanType.T : BooleanType.F)
            .rows(request.rows())
            .columns(request.columns())
            .creditBytes(creditBytes);
        final TerminalOpenEncoder.ArgumentsEncoder arguments = open.argumentsCount(request.command().size());
        request.command().forEach(argument -> arguments.next().argument(argument));
        final TerminalOpenEncoder.VariablesEncoder variables = open.variablesCount(request.variables().size());
        request.variables().forEach(variable -> variables.next().variable(variable));
        open.directory(request.directory()).user(request.user());
        return open.encodedLength();
    }

    /** Bytes that a request takes on a link, about; to be held against {@link #REQUEST_LENGTH_MAX}. */
    public static int lengthOf(final Request request)
    {
        int length = 0;
        for (final List<String> texts :
            List.of(request.command(), request.variables(), List.of(request.directory(), request.user())))
        {
            for (final String text : texts)
            {
                length += text.getBytes(StandardCharsets.UTF_8).length + Short.BYTES;
            }
        }
        return length;
    }

    /**
     * An agent said something of a terminal. The thread of the links.
     *
     * @return false if it is broken or breaks the agreement: the link is to be closed.
     */
    boolean onFrame(
        final int templateId, final long linkId, final DirectBuffer buffer, final int offset, final int length)
    {
        return switch (templateId)
        {
            case TerminalDataDecoder.TEMPLATE_ID ->
                DATA.fits(buffer, offset, length) && onData(linkId, data.wrapAndApplyHeader(buffer, offset, header));
            case TerminalCreditDecoder.TEMPLATE_ID ->
                CREDIT.fits(buffer, offset, length) &&
                    onCredit(linkId, credit.wrapAndApplyHeader(buffer, offset, header));
            case TerminalEndDecoder.TEMPLATE_ID ->
                END.fits(buffer, offset, length) && onEnd(linkId, end.wrapAndApplyHeader(buffer, offset, header));
            default -> false;
        };
    }

    private boolean onData(final long linkId, final TerminalDataDecoder message)
    {
        final TerminalStream stream = message.stream();
        if (TerminalStream.STDOUT != stream && TerminalStream.STDERR != stream)
        {
            return false;
        }
        final OpenTerminal terminal = terminals.get(message.requestId());
        if (null == terminal)
        {
            // It was closed on this side while the data was on its way.
            return true;
        }
        final byte[] content = new byte[message.contentLength()];
        message.getContent(content, 0, content.length);
        if (!terminal.isOn(linkId) || terminal.outputCredit.addAndGet(-content.length) < 0)
        {
            return false;
        }
        traffic.onBytes(terminal.kernelId);
        terminal.deliver(() -> terminal.listener.onData(TerminalStream.STDERR == stream, content));
        return true;
    }

    private boolean onCredit(final long linkId, final TerminalCreditDecoder message)
    {
        final OpenTerminal terminal = terminals.get(message.requestId());
        if (null == terminal)
        {
            return true;
        }
        final int bytes = message.creditBytes();
        if (!terminal.isOn(linkId) || bytes < 0)
        {
            return false;
        }
        terminal.inputCredit.addAndGet(bytes);
        terminal.deliver(() -> terminal.listener.onInputCredit(bytes));
        return true;
    }

    private boolean onEnd(final long linkId, final TerminalEndDecoder message)
    {
        final OpenTerminal terminal = terminals.get(message.requestId());
        if (null == terminal)
        {
            return true;
        }
        if (!terminal.isOn(linkId))
        {
            return false;
        }
        final TerminalCode code = message.code();
        terminal.end(new End(code(code), message.exitCode(), message.detail()));
        return true;
    }

    private static String code(final TerminalCode code)
    {
        return switch (code)
        {
            case EXITED -> End.EXITED;
            case UNKNOWN_KERNEL -> UNKNOWN_KERNEL;
            case NOT_RUNNING -> "not-running";
            case TOO_MANY -> "too-many-terminals";
            case CANNOT_START -> "cannot-start";
            case UNSUPPORTED -> "unsupported";
            case KERNEL_ENDED -> "kernel-ended";
            default -> "failed";
        };
    }

    private static End lost()
    {
        return new End(AGENT_UNREACHABLE, 0, "the connection to the kernel's agent is lost; the kernel goes on");
    }

    /** A link is gone: its terminals end. The thread of the links. */
    void onLinkClosed(final long linkId)
    {
        terminals.forEachOn(linkId, terminal -> terminal.end(lost()));
    }

    /** Nothing has come from an agent for long, though nobody has closed its link: its terminals end. */
    void onLinkSilent(final long linkId)
    {
        terminals.forEachOn(linkId, terminal -> terminal.abandon(new End(
            AGENT_UNREACHABLE, 0, "the kernel's agent has not been heard of for a while; the kernel goes on")));
    }

    /** Open now. */
    public int size()
    {
        return terminals.size();
    }

    private final class OpenTerminal extends LinkStream implements Stream
    {
        private final long kernelId;
        private final Listener listener;
        private final AtomicLong outputCredit = new AtomicLong();
        private final AtomicLong inputCredit = new AtomicLong();

        private OpenTerminal(
            final long requestId, final AgentLink link, final long kernelId, final Listener listener)
        {
            super(endpoint, requestId, link);
            this.kernelId = kernelId;
            this.listener = listener;
        }

        @Override
        public void request(final boolean stderr, final int bytes)
        {
            if (!isEnded())
            {
                // Counted before it is sent, because the answer may overtake this thread.
                outputCredit.addAndGet(bytes);
                final UnsafeBuffer frame = new UnsafeBuffer(new byte[FRAME_LENGTH]);
                send(frame, new TerminalCreditEncoder().wrapAndApplyHeader(frame, 0, new MessageHeaderEncoder())
                    .requestId(requestId)
                    .creditBytes(bytes)
                    .encodedLength());
            }
        }

        @Override
        public boolean input(final byte[] content, final boolean last)
        {
            if (isEnded())
            {
                // It was on its way while the command ended, which is no fault of the client: its end is what counts.
                return true;
            }
            if (inputCredit.addAndGet(-content.length) < 0)
            {
                close();
                return false;
            }
            traffic.onBytes(kernelId);
            int offset = 0;
            do
            {
                final int length = Math.min(CHUNK_LENGTH, content.length - offset);
                final UnsafeBuffer frame = new UnsafeBuffer(new byte[FRAME_LENGTH + length]);
                final boolean isLast = last && offset + length == content.length;
                final TerminalDataEncoder encoder = new TerminalDataEncoder()
                    .wrapAndApplyHeader(frame, 0, new MessageHeaderEncoder())
                    .requestId(requestId)
                    .stream(TerminalStream.STDIN)
                    .last(isLast ? BooleanType.T : BooleanType.F)
                    .putContent(content, offset, length);
                send(frame, encoder.encodedLength());
                offset += length;
            }
            while (offset < content.length);
            return true;
        }

        @Override
        public void size(final int rows, final int columns)
        {
            if (!isEnded())
            {
                final UnsafeBuffer frame = new UnsafeBuffer(new byte[FRAME_LENGTH]);
                send(frame, new TerminalSizeEncoder().wrapAndApplyHeader(frame, 0, new MessageHeaderEncoder())
                    .requestId(requestId)
                    .rows(rows)
                    .columns(columns)
                    .encodedLength());
            }
        }

        @Override
        public void close()
        {
            if (leave())
            {
                sendClose();
            }
        }

        private void sendClose()
        {
            final UnsafeBuffer frame = new UnsafeBuffer(new byte[FRAME_LENGTH]);
            send(frame, new TerminalCloseEncoder().wrapAndApplyHeader(frame, 0, new MessageHeaderEncoder())
                .requestId(requestId)
                .encodedLength());
        }

        /** Ends it for the client, and at the agent should that still hear. */
        private void abandon(final End how)
        {
            if (leave())
            {
                sendClose();
                deliver(() -> listener.onEnd(how));
            }
        }

        /** A client that throws loses its terminal; the thread of the links goes on. */
        private void deliver(final Runnable call)
        {
            try
            {
                call.run();
            }
            catch (final RuntimeException e)
            {
                LOGGER.warn("client of a terminal failed, requestId={}", requestId, e);
                close();
            }
        }

        private void end(final End how)
        {
            if (leave())
            {
                deliver(() -> listener.onEnd(how));
            }
        }

        @Override
        void onLeft()
        {
            terminals.remove(requestId);
        }
    }
}
