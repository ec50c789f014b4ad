package io.plimsoll.loadtest.live;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Threads that submit, each on a connection of its own. For the thread that has made them. */
final class Lanes
{
    /** In which answers may still come in when somebody wants it to end. */
    private static final long INTERRUPTED_NS = TimeUnit.SECONDS.toNanos(3);
    /** In which a lane that is not stuck sees that nobody waits for it any more. */
    private static final long ABANDONED_NS = TimeUnit.SECONDS.toNanos(1);

    private final RunState state;
    private final List<Submitter> submitters = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private long abandonedNs;

    /**
     * Starts them.
     *
     * @param count  of them.
     * @param state  of the run, which fails if one of them does.
     * @param opened makes a connection.
     * @param task   of each.
     */
    Lanes(
        final int count, final RunState state, final Supplier<Submitter> opened, final Consumer<Submitter> task)
    {
        this.state = state;
        for (int i = 0; i < count; i++)
        {
            final Submitter submitter = opened.get();
            submitters.add(submitter);
            final Thread thread = new Thread(() -> run(submitter, task), "load-" + i);
            thread.setDaemon(true);
            threads.add(thread);
            thread.start();
        }
    }

    private void run(final Submitter submitter, final Consumer<Submitter> task)
    {
        try (submitter)
        {
            task.accept(submitter);
        }
        catch (final RuntimeException ex)
        {
            state.fail(ex);
        }
    }

    /**
     * Whether some are still to be waited for: while they submit, and a moment longer once nobody wants that any more.
     * One that waits for an answer then is left to itself; what it has sent is doubtful.
     */
    boolean areBusy(final long nowNs)
    {
        if (threads.stream().noneMatch(Thread::isAlive))
        {
            return false;
        }
        if (state.sinceInterruptNs() > INTERRUPTED_NS)
        {
            state.abandon();
        }
        if (!state.isAbandoned())
        {
            return true;
        }
        abandonedNs = 0 == abandonedNs ? nowNs : abandonedNs;
        return nowNs - abandonedNs <= ABANDONED_NS;
    }

    /** Sessions of which those that are left to themselves do not know whether they were accepted. */
    long inFlight()
    {
        long count = 0;
        for (int i = 0; i < threads.size(); i++)
        {
            count += threads.get(i).isAlive() ? submitters.get(i).inFlight() : 0;
        }
        return count;
    }
}
