package io.plimsoll.manager.link;

import io.plimsoll.manager.Counters;
import io.plimsoll.manager.Counters.Counter;
import io.plimsoll.manager.idle.Traffic;
import io.plimsoll.manager.view.Assignment;
import io.plimsoll.manager.view.LiveViewStore;
import io.plimsoll.manager.view.LogSource;
import io.plimsoll.transport.link.LinkEndpoint;
import io.plimsoll.transport.sbe.BooleanType;
import io.plimsoll.transport.sbe.LogCloseEncoder;
import io.plimsoll.transport.sbe.LogCreditEncoder;
import io.plimsoll.transport.sbe.LogDataDecoder;
import io.plimsoll.transport.sbe.LogEnd;
import io.plimsoll.transport.sbe.LogOpenEncoder;
import io.plimsoll.transport.sbe.LogStream;
import io.plimsoll.transport.sbe.MessageHeaderDecoder;
import io.plimsoll.transport.sbe.MessageHeaderEncoder;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Log streams over the links, each with credit: an agent may send as many bytes as the reader has asked for, so a slow
 * reader holds up nobody. Readers open, ask and close from any thread; data comes in on the thread of the links.
 */
public final class LogStreams implements LogSource
{
    /** The agent that keeps the log is not connected. */
    static final String AGENT_UNREACHABLE = "agent-unreachable";
    /** The kernel has not been placed, or its session is forgotten. */
    static final String UNKNOWN_KERNEL = "unknown-kernel";
    /** The agent could not read what it keeps. */
    static final String READ_FAILED = "read-failed";

    private static final Logger LOGGER = LoggerFactory.getLogger(LogStreams.class);
    private static final FrameShape LOG_DATA =
        FrameShape.flat(LogDataDecoder.TEMPLATE_ID, LogDataDecoder.BLOCK_LENGTH, 1);
    private static final int RETRY_AFTER_SECONDS = 1;
    private static final int FRAME_LENGTH = 128;

    private final LinkEndpoint endpoint;
    private final LinkTable table;
    private final LiveViewStore view;
    private final Counters counters;
    private final Traffic traffic;
    private final OpenStreams<OpenStream> streams;
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final LogDataDecoder data = new LogDataDecoder();

    /**
     * Of one manager.
     *
     * @param parts    shared on the agents' side.
     * @param view     that knows where kernels are.
     * @param counters to count in.
     * @param traffic  is told of what goes through.
     */
    public LogStreams(
        final LinkParts parts, final LiveViewStore view, final Counters counters, final Traffic traffic)
    {
        endpoint = parts.endpoint();
        table = parts.table();
        streams = new OpenStreams<>(parts.options().logStreamsMax(), "too-many-log-streams", RETRY_AFTER_SECONDS);
        this.view = view;
        this.counters = counters;
        this.traffic = traffic;
    }

    @Override
    public Stream open(
        final long kernelId,
        final int attempt,
        final boolean stderr,
        final boolean follow,
        final long fromOffset,
        final int tailLines,
        final Listener listener)
    {
        final long requestId = streams.admit();
        final Assignment assignment = view.assignment(kernelId, attempt);
        final AgentLink link = null == assignment ? null : table.link(assignment.agentId());
        final OpenStream stream = new OpenStream(requestId, link, kernelId, listener);
        streams.add(stream);
        if (null == link)
        {
            stream.end(null == assignment ? UNKNOWN_KERNEL : AGENT_UNREACHABLE);
            return stream;
        }
        final UnsafeBuffer frame = new UnsafeBuffer(new byte[FRAME_LENGTH]);
        final LogOpenEncoder open = new LogOpenEncoder().wrapAndApplyHeader(frame, 0, new MessageHeaderEncoder())
            .requestId(stream.requestId)
            .kernelId(kernelId)
            .attempt(attempt)
            .stream(stderr ? LogStream.STDERR : LogStream.STDOUT)
            .follow(follow ? BooleanType.T : BooleanType.F)
            .fromOffset(fromOffset)
            .tailLines(tailLines)
            .creditBytes(0);
        counters.increment(Counter.LOG_STREAMS_OPENED);
        // A link that closes meanwhile is seen here or by onLinkClosed, which finds the stream in the table.
        if (!stream.send(frame, open.encodedLength()) || table.link(link.agentId()) != link)
        {
            stream.end(AGENT_UNREACHABLE);
        }
        return stream;
    }

    /**
     * Log data came in. The thread of the links.
     *
     * @return false if the frame is broken or breaks the agreement: the link is to be closed.
     */
    boolean onLogData(final long linkId, final DirectBuffer buffer, final int offset, final int length)
    {
        if (!LOG_DATA.fits(buffer, offset, length))
        {
            return false;
        }
        data.wrapAndApplyHeader(buffer, offset, header);
        final LogEnd end = data.end();
        final OpenStream stream = streams.get(data.requestId());
        if (LogEnd.NULL_VAL == end || LogEnd.SBE_UNKNOWN == end || data.startOffset() < 0)
        {
            return false;
        }
        if (null == stream)
        {
            // It was closed on this side while the data was on its way.
            return true;
        }
        final int contentLength = data.contentLength();
        if (!stream.isOn(linkId) || stream.credit.addAndGet(-contentLength) < 0)
        {
            return false;
        }
        if (contentLength > 0)
        {
            traffic.onBytes(stream.kernelId);
            final long contentOffset = data.startOffset();
            final byte[] content = new byte[contentLength];
            data.getContent(content, 0, contentLength);
            if (!stream.deliver(contentOffset, content))
            {
                return true;
            }
        }
        if (LogEnd.OPEN != end)
        {
            stream.end(error(end));
        }
        return true;
    }

    private static String error(final LogEnd end)
    {
        switch (end)
        {
            case COMPLETE:
                return null;
            case UNKNOWN_KERNEL:
                return UNKNOWN_KERNEL;
            default:
                return READ_FAILED;
        }
    }

    /** A link is gone: its streams end. The thread of the links. */
    void onLinkClosed(final long linkId)
    {
        streams.forEachOn(linkId, stream -> stream.end(AGENT_UNREACHABLE));
    }

    /** Nothing has come from an agent for long, though nobody has closed its link: its streams end. */
    void onLinkSilent(final long linkId)
    {
        streams.forEachOn(linkId, stream ->
        {
            stream.sendClose();
            stream.end(AGENT_UNREACHABLE);
        });
    }

    /** Streams open now. */
    public int size()
    {
        return streams.size();
    }

    private final class OpenStream extends LinkStream implements Stream
    {
        private final long kernelId;
        private final Listener listener;
        private final AtomicLong credit = new AtomicLong();

        private OpenStream(
            final long requestId, final AgentLink link, final long kernelId, final Listener listener)
        {
            super(endpoint, requestId, link);
            this.kernelId = kernelId;
            this.listener = listener;
        }

        @Override
        public void request(final int bytes)
        {
            if (bytes <= 0)
            {
                throw new IllegalArgumentException("bytes=" + bytes + " must be positive");
            }
            if (!isEnded())
            {
                // Counted before it is sent, because the answer may overtake this thread.
                credit.addAndGet(bytes);
                final UnsafeBuffer frame = new UnsafeBuffer(new byte[FRAME_LENGTH]);
                final LogCreditEncoder grant = new LogCreditEncoder()
                    .wrapAndApplyHeader(frame, 0, new MessageHeaderEncoder())
                    .requestId(requestId)
                    .creditBytes(bytes);
                send(frame, grant.encodedLength());
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
            final LogCloseEncoder close = new LogCloseEncoder()
                .wrapAndApplyHeader(frame, 0, new MessageHeaderEncoder())
                .requestId(requestId);
            send(frame, close.encodedLength());
        }

        /** A reader that throws loses its stream; the thread of the links goes on. */
        private boolean deliver(final long offset, final byte[] content)
        {
            try
            {
                listener.onData(offset, content);
                return true;
            }
            catch (final RuntimeException e)
            {
                LOGGER.warn("log reader failed, requestId={}", requestId, e);
                close();
                return false;
            }
        }

        private void end(final String error)
        {
            if (leave())
            {
                try
                {
                    listener.onEnd(error);
                }
                catch (final RuntimeException e)
                {
                    LOGGER.warn("log reader failed at its end, requestId={}", requestId, e);
                }
            }
        }

        @Override
        void onLeft()
        {
            streams.remove(requestId);
        }
    }
}
