package io.plimsoll.agent.runtime;

import io.plimsoll.agent.terminal.TerminalSink;
import java.util.ArrayDeque;
import java.util.Arrays;

/**
 * What a command in a container has written and nobody has taken yet: bounded, so that who reads it from the engine is
 * held up. What looks like words of the engine's own is kept back, until it is known whether they are. One thread
 * reads, another takes.
 */
final class ExecOutput
{
    private static final int LENGTH_MAX = 256 * 1024;

    // Guarded by this.
    private final ArrayDeque<Chunk> chunks = new ArrayDeque<>();
    private int length;
    private boolean closed;

    // Of the thread that reads.
    private boolean any;
    private Chunk refusal;

    /** Of the thread that reads. */
    void onRead(final boolean stderr, final byte[] content)
    {
        if (!any && ExecRefusal.isLikely(content))
        {
            refusal = new Chunk(stderr, content);
        }
        else
        {
            releaseRefusal();
            add(stderr, content);
        }
        any = true;
    }

    /** What is kept back; null: nothing. Of the thread that reads. */
    byte[] refusal()
    {
        return null == refusal ? null : refusal.content;
    }

    /** It was the command's after all. Of the thread that reads. */
    void releaseRefusal()
    {
        final Chunk kept = refusal;
        refusal = null;
        if (null != kept)
        {
            add(kept.stderr, kept.content);
        }
    }

    /** Holds up who calls it while there is too much. */
    private synchronized void add(final boolean stderr, final byte[] content)
    {
        while (length > LENGTH_MAX && !closed)
        {
            try
            {
                wait();
            }
            catch (final InterruptedException e)
            {
                Thread.currentThread().interrupt();
                return;
            }
        }
        if (!closed)
        {
            chunks.add(new Chunk(stderr, content));
            length += content.length;
        }
    }

    synchronized boolean isEmpty()
    {
        return chunks.isEmpty();
    }

    /** Takes no more than that many bytes; gives in how many pieces. */
    synchronized int poll(final TerminalSink sink, final int bytesMax)
    {
        int allowed = bytesMax;
        int workCount = 0;
        while (allowed > 0 && !chunks.isEmpty())
        {
            final Chunk chunk = chunks.poll();
            final int taken = Math.min(allowed, chunk.content.length);
            sink.onOutput(chunk.stderr, chunk.content, taken);
            if (taken < chunk.content.length)
            {
                chunks.addFirst(
                    new Chunk(chunk.stderr, Arrays.copyOfRange(chunk.content, taken, chunk.content.length)));
            }
            length -= taken;
            allowed -= taken;
            workCount++;
        }
        if (workCount > 0)
        {
            notifyAll();
        }
        return workCount;
    }

    /** Nobody takes any more. */
    synchronized void close()
    {
        closed = true;
        chunks.clear();
        notifyAll();
    }

    private record Chunk(boolean stderr, byte[] content)
    {
    }
}
