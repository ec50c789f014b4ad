package io.plimsoll.agent.runtime;

import com.sun.jna.Memory;
import java.util.ArrayDeque;

/**
 * Waits for the supervisors that this process started, and for no other child: the Java run-time has its own. Until it
 * has been waited for, the number of a child is not used again.
 */
final class ChildReaper
{
    private static final int POLL_LIMIT = 16;
    private static final long INTERVAL_NS = 10_000_000L;

    private final Memory status = new Memory(Integer.BYTES);
    private final ArrayDeque<Integer> leaving = new ArrayDeque<>();
    private long nextPollNs;

    /** Takes over a child that is about to go. */
    void add(final int pid)
    {
        leaving.add(pid);
    }

    /** Whether that child is gone; it has then been waited for. */
    boolean isGone(final int pid)
    {
        return 0 != Libc.waitpid(pid, status, Libc.WNOHANG);
    }

    int poll(final long nowNs)
    {
        if (leaving.isEmpty() || nowNs < nextPollNs)
        {
            return 0;
        }
        nextPollNs = nowNs + INTERVAL_NS;
        int workCount = 0;
        for (int i = Math.min(POLL_LIMIT, leaving.size()); i > 0; i--)
        {
            final int pid = leaving.poll();
            if (isGone(pid))
            {
                workCount++;
            }
            else
            {
                leaving.add(pid);
            }
        }
        return workCount;
    }
}
