package io.plimsoll.loadtest.live;

import io.plimsoll.agent.runtime.KernelWatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * The load test's own record: what the manager has promised to run, and what agents have run. A byte for each kernel,
 * and for as long as a session is not assigned its time, so that ten million sessions take some ten megabytes. Any
 * thread.
 * <p>
 * A kernel is doubled when an attempt starts that is not later than one before it, when it starts while another attempt
 * runs, and when it starts after one has ended well; and when nobody was promised it. It is no more than repeated when
 * the manager had told the agent to end the one before: it had given that up, because nothing was heard of its start in
 * time, and that it has ended well came too late. It is lost when it was promised and no attempt has ended well.
 */
public final class Ledger implements KernelWatch, AssignmentTap.Listener
{
    private static final int PAGE_BITS = 14;
    private static final int PAGE_SESSIONS = 1 << PAGE_BITS;
    private static final int PROMISED = 1;
    private static final int RUNNING = 1 << 1;
    private static final int DONE = 1 << 2;
    private static final int DOUBLED = 1 << 3;
    private static final int GIVEN_UP = 1 << 4;
    private static final int ATTEMPT_SHIFT = 5;
    private static final int ATTEMPT_MAX = 7;
    /** Some attempt has started: that the manager has told to end one says nothing of that. */
    private static final int RAN = RUNNING | DONE | ATTEMPT_MAX << ATTEMPT_SHIFT;
    private static final int EXAMPLES_MAX = 20;
    /** The latency of the session has been told. */
    private static final long TOLD = Long.MIN_VALUE;

    private final int kernels;
    private final LatencyListener latencies;
    private final long originNs;
    private final List<String> examples = new ArrayList<>();
    private final Map<Long, Page> pages = new ConcurrentHashMap<>();
    private final LongAdder promised = new LongAdder();
    private final LongAdder assigned = new LongAdder();
    private final LongAdder started = new LongAdder();
    private final LongAdder done = new LongAdder();
    private final LongAdder doubled = new LongAdder();
    private final LongAdder repeated = new LongAdder();

    /**
     * An empty one.
     *
     * @param kernels   of each session.
     * @param latencies told when a session has been assigned whose due time is known.
     * @param originNs  of {@link System#nanoTime}, before all that will be told.
     */
    public Ledger(final int kernels, final LatencyListener latencies, final long originNs)
    {
        this.kernels = kernels;
        this.latencies = latencies;
        this.originNs = originNs;
    }

    /**
     * The manager has accepted sessions.
     *
     * @param firstId of them.
     * @param count   of them, with ids that follow each other.
     * @param dueNs   when they should have been submitted.
     */
    public void onPromised(final long firstId, final long count, final long dueNs)
    {
        for (long id = firstId; id < firstId + count; id++)
        {
            final Page page = page(id);
            final int index = index(id);
            synchronized (page)
            {
                boolean isNew = false;
                for (int kernel = 0; kernel < kernels; kernel++)
                {
                    isNew |= 0 == (page.states[index * kernels + kernel] & PROMISED);
                    page.states[index * kernels + kernel] |= PROMISED;
                }
                if (isNew)
                {
                    promised.increment();
                    page.onDue(index, dueNs - originNs);
                }
            }
        }
    }

    @Override
    public void onAssigned(final long sessionId, final int kernelIndex, final long nowNs)
    {
        // Kernels of a session are assigned in their order, so that the last tells of all.
        if (kernelIndex == kernels - 1)
        {
            final Page page = page(sessionId);
            synchronized (page)
            {
                page.onAssigned(index(sessionId), nowNs - originNs);
            }
        }
    }

    @Override
    public void onKilled(final long sessionId, final int kernelIndex, final int attempt)
    {
        if (kernelIndex < kernels)
        {
            final Page page = page(sessionId);
            synchronized (page)
            {
                final int at = index(sessionId) * kernels + kernelIndex;
                final int known = page.states[at] >> ATTEMPT_SHIFT & ATTEMPT_MAX;
                page.states[at] |= (byte)(Math.min(attempt, ATTEMPT_MAX) >= known ? GIVEN_UP : 0);
            }
        }
    }

    @Override
    public void onStarted(final long sessionId, final int kernelIndex, final int attempt)
    {
        started.increment();
        final Page page = page(sessionId);
        synchronized (page)
        {
            final int at = index(sessionId) * kernels + kernelIndex;
            if (kernelIndex >= kernels)
            {
                doubled.increment();
                example("session " + sessionId + " has a kernel " + kernelIndex);
                return;
            }
            final int state = page.states[at];
            final int before = state >> ATTEMPT_SHIFT & ATTEMPT_MAX;
            final int now = Math.min(attempt, ATTEMPT_MAX);
            if (0 != (state & RUNNING))
            {
                doubled(page, at, "session " + sessionId + " kernel " + kernelIndex + ": attempt " + attempt +
                    " started while attempt " + before + " runs");
            }
            else if (0 != (state & DONE) && 0 != (state & GIVEN_UP))
            {
                repeated.increment();
            }
            else if (0 != (state & DONE))
            {
                doubled(page, at, "session " + sessionId + " kernel " + kernelIndex + ": attempt " + attempt +
                    " started after attempt " + before + " had ended well");
            }
            else if (now <= before && before < ATTEMPT_MAX)
            {
                doubled(page, at, "session " + sessionId + " kernel " + kernelIndex + ": attempt " + attempt +
                    " started after attempt " + before);
            }
            page.states[at] = (byte)(page.states[at] & ~(ATTEMPT_MAX << ATTEMPT_SHIFT | GIVEN_UP) | RUNNING |
                Math.max(before, now) << ATTEMPT_SHIFT);
        }
    }

    @Override
    public void onEnded(final long sessionId, final int kernelIndex, final int attempt, final int exitCode)
    {
        final Page page = page(sessionId);
        synchronized (page)
        {
            if (kernelIndex >= kernels)
            {
                return;
            }
            final int at = index(sessionId) * kernels + kernelIndex;
            final boolean isFirst = 0 == exitCode && 0 == (page.states[at] & DONE);
            page.states[at] = (byte)(page.states[at] & ~RUNNING | (0 == exitCode ? DONE : 0));
            if (isFirst)
            {
                done.increment();
            }
        }
    }

    /** Sessions promised so far. */
    public long promised()
    {
        return promised.sum();
    }

    /** Sessions whose assignment has come in. */
    public long assigned()
    {
        return assigned.sum();
    }

    /** Kernels started, again included. */
    public long started()
    {
        return started.sum();
    }

    /** Kernels of which an attempt has ended well. */
    public long done()
    {
        return done.sum();
    }

    /**
     * What the record says now; for the end, when nothing more is under way.
     *
     * @param isOver   whether what has not ended by now is lost, and so among the examples of what is wrong.
     * @param doubtful sessions of which nobody knows whether they were accepted, so that some may have run.
     */
    public Audit audit(final boolean isOver, final long doubtful)
    {
        long lost = 0;
        long unpromised = 0;
        for (final Map.Entry<Long, Page> entry : pages.entrySet())
        {
            final Page page = entry.getValue();
            synchronized (page)
            {
                for (int session = 0; session < PAGE_SESSIONS; session++)
                {
                    boolean isLost = false;
                    boolean isStranger = false;
                    for (int kernel = 0; kernel < kernels; kernel++)
                    {
                        final int state = page.states[session * kernels + kernel];
                        isLost |= PROMISED == (state & (PROMISED | DONE));
                        isStranger |= 0 == (state & PROMISED) && 0 != (state & RAN);
                    }
                    final long id = (entry.getKey() << PAGE_BITS) + session;
                    if (isLost)
                    {
                        lost++;
                        if (isOver)
                        {
                            example("session " + id + " was accepted and has not ended");
                        }
                    }
                    if (isStranger)
                    {
                        unpromised++;
                        if (unpromised > doubtful)
                        {
                            example("session " + id + " ran, and nobody was told that it was accepted");
                        }
                    }
                }
            }
        }
        return new Audit(
            promised.sum(), done.sum(), lost, doubled.sum(), repeated.sum(), unpromised, examples());
    }

    private void doubled(final Page page, final int at, final String how)
    {
        if (0 == (page.states[at] & DOUBLED))
        {
            page.states[at] |= DOUBLED;
            doubled.increment();
            example(how);
        }
    }

    private void example(final String text)
    {
        synchronized (examples)
        {
            if (examples.size() < EXAMPLES_MAX)
            {
                examples.add(text);
            }
        }
    }

    private List<String> examples()
    {
        synchronized (examples)
        {
            return List.copyOf(examples);
        }
    }

    private Page page(final long sessionId)
    {
        final Long number = sessionId >> PAGE_BITS;
        final Page page = pages.get(number);
        return null == page ? pages.computeIfAbsent(number, key -> new Page()) : page;
    }

    private static int index(final long sessionId)
    {
        return (int)sessionId & PAGE_SESSIONS - 1;
    }

    /**
     * What a record says.
     *
     * @param promised   sessions that the manager has accepted.
     * @param done       kernels that have ended well.
     * @param lost       sessions promised and not run to their end.
     * @param doubled    kernels that ran more often than they should.
     * @param repeated   kernels that ran again because the manager had given them up.
     * @param unpromised sessions run of which the manager has told nobody.
     * @param examples   of what is wrong, for people; not all.
     */
    public record Audit(
        long promised, long done, long lost, long doubled, long repeated, long unpromised, List<String> examples)
    {
    }

    /** Told how long it took. */
    @FunctionalInterface
    public interface LatencyListener
    {
        /**
         * A session has been assigned.
         *
         * @param dueNs     when it should have been submitted.
         * @param latencyNs from then until its assignment came in.
         */
        void onLatency(long dueNs, long latencyNs);
    }

    /** Of sessions with neighbouring ids. Guarded by itself. */
    private final class Page
    {
        private final byte[] states = new byte[PAGE_SESSIONS * kernels];
        /** 0: nothing known. Positive: due, not assigned. Negative: assigned, due time not known yet. */
        private long[] times = new long[PAGE_SESSIONS];
        private int told;

        private void onDue(final int index, final long dueNs)
        {
            if (null != times && times[index] < 0 && TOLD != times[index])
            {
                tell(index, dueNs, -times[index]);
            }
            else if (null != times && 0 == times[index])
            {
                times[index] = Math.max(1, dueNs);
            }
        }

        private void onAssigned(final int index, final long nowNs)
        {
            if (null != times && times[index] > 0)
            {
                tell(index, times[index], nowNs);
            }
            else if (null != times && 0 == times[index])
            {
                times[index] = -Math.max(1, nowNs);
            }
        }

        private void tell(final int index, final long dueNs, final long assignedNs)
        {
            times[index] = TOLD;
            told++;
            if (PAGE_SESSIONS == told)
            {
                times = null;
            }
            assigned.increment();
            latencies.onLatency(originNs + dueNs, Math.max(0, assignedNs - dueNs));
        }

    }
}
