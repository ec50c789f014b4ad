package io.plimsoll.manager.http;

import io.plimsoll.manager.view.LogSource;
import java.util.ArrayList;
import java.util.List;

/** Logs that a test writes. Any thread. */
final class FakeLogs implements LogSource
{
    final List<OpenLog> open = new ArrayList<>();
    String failure;

    @Override
    public synchronized Stream open(
        final long kernelId,
        final int attempt,
        final boolean stderr,
        final boolean follow,
        final long fromOffset,
        final int tailLines,
        final Listener listener)
    {
        final OpenLog log = new OpenLog(kernelId, attempt, stderr, follow, fromOffset, tailLines, listener);
        open.add(log);
        if (null != failure)
        {
            listener.onEnd(failure);
        }
        notifyAll();
        return log;
    }

    synchronized OpenLog last()
    {
        return open.isEmpty() ? null : open.get(open.size() - 1);
    }

    static final class OpenLog implements Stream
    {
        final long kernelId;
        final int attempt;
        final boolean stderr;
        final boolean follow;
        final long fromOffset;
        final int tailLines;
        private final Listener listener;
        private long allowed;
        private long sent;
        private boolean closed;

        OpenLog(
            final long kernelId,
            final int attempt,
            final boolean stderr,
            final boolean follow,
            final long fromOffset,
            final int tailLines,
            final Listener listener)
        {
            this.kernelId = kernelId;
            this.attempt = attempt;
            this.stderr = stderr;
            this.follow = follow;
            this.fromOffset = fromOffset;
            this.tailLines = tailLines;
            this.listener = listener;
        }

        /** False if the reader has not asked for that much. */
        synchronized boolean trySend(final byte[] content)
        {
            if (closed || content.length > allowed)
            {
                return false;
            }
            allowed -= content.length;
            listener.onData(Math.max(0, fromOffset) + sent, content);
            sent += content.length;
            return true;
        }

        void end(final String error)
        {
            listener.onEnd(error);
        }

        synchronized long sent()
        {
            return sent;
        }

        synchronized boolean isClosed()
        {
            return closed;
        }

        @Override
        public synchronized void request(final int bytes)
        {
            allowed += bytes;
        }

        @Override
        public synchronized void close()
        {
            closed = true;
        }
    }
}
