package io.plimsoll.core;

/**
 * Deadlines whose passing makes an event: of sessions, of kernels, and the ends of quarantines of agents. They follow
 * from the columns of the tables; the ids of timers are unique and in the order of what they belong to. While events
 * are restored none is kept.
 */
final class Deadlines
{
    /* Lanes of timers: by the state of live kernels, which is none of the first two, and the group. */
    private static final int SESSION_LANE = 0;
    private static final int AGENT_LANE = 7;
    private static final int STATE_BITS = 3;
    private static final int GROUP_LANES_MASK = TimerQueue.LANES - 1 >> STATE_BITS;

    private final CoreState state;
    private final SessionTable sessions;
    private final KernelTable kernels;
    private final ShapeTable shapes;
    private final AgentTable agents;
    private final KernelEnds kernelEnds;
    private final TimerQueue timers = new TimerQueue();
    private boolean isKept = true;

    Deadlines(final CoreState state, final KernelEnds kernelEnds)
    {
        this.state = state;
        this.kernelEnds = kernelEnds;
        sessions = state.sessions;
        kernels = state.kernels;
        shapes = state.shapes;
        agents = state.agents;
    }

    /** Keeps none until {@link #begin()}. */
    void invalidate()
    {
        isKept = false;
    }

    /** Begins with none; sessions that wait are to be armed, and {@link #rebuild()} follows. */
    void begin()
    {
        isKept = true;
        timers.clear();
        for (int session = 0; session < sessions.highWater(); session++)
        {
            if (sessions.isLive(session))
            {
                sessions.set(sessions.timer, session, Table.NONE);
            }
        }
    }

    /** Arms kernels and agents. */
    void rebuild()
    {
        for (int kernel = 0; kernel < kernels.highWater(); kernel++)
        {
            if (kernels.isLive(kernel))
            {
                kernels.set(kernels.timer, kernel, Table.NONE);
                armKernel(kernel);
            }
        }
        for (int agent = 1; agent < agents.highWater(); agent++)
        {
            agents.set(agents.timer, agent, Table.NONE);
            armAgent(agent);
        }
    }

    long bytes()
    {
        return timers.bytes();
    }

    /** The first of them; {@link TimerQueue#NEVER} if there is none. */
    long nextNs()
    {
        return timers.nextDeadlineNs();
    }

    /** Row of whom the first one is of. */
    int nextOwner()
    {
        return timers.nextOwner();
    }

    /** Id of the first one, which says whom it is of. */
    long nextId()
    {
        return timers.nextId();
    }

    static boolean isAgentTimer(final long timerId)
    {
        return timerId < 0;
    }

    /** Sets the timer of an agent to the end of its quarantine. */
    void armAgent(final int agent)
    {
        if (isKept)
        {
            if (Table.NONE != agents.get(agents.timer, agent))
            {
                timers.cancel(agents.get(agents.timer, agent));
                agents.set(agents.timer, agent, Table.NONE);
            }
            final long deadlineNs = agents.get(agents.quarantinedUntilNs, agent);
            if (deadlineNs > 0)
            {
                agents.set(agents.timer, agent, timers.schedule(AGENT_LANE, deadlineNs, -agent, agent));
            }
        }
    }

    /** Of those that are no agent's. */
    static boolean isKernelTimer(final long timerId)
    {
        return 0 == (timerId & 1);
    }

    /** Sets the timer of a session to its column. */
    void armSession(final int session)
    {
        if (isKept)
        {
            disarmSession(session);
            final long deadlineNs = sessions.get(sessions.deadlineNs, session);
            if (deadlineNs > 0)
            {
                final long id = (sessions.get(sessions.firstId, session) << (KernelTable.INDEX_BITS + 1)) | 1;
                sessions.set(sessions.timer, session, timers.schedule(SESSION_LANE, deadlineNs, id, session));
            }
        }
    }

    void disarmSession(final int session)
    {
        if (isKept && Table.NONE != sessions.get(sessions.timer, session))
        {
            timers.cancel(sessions.get(sessions.timer, session));
            sessions.set(sessions.timer, session, Table.NONE);
        }
    }

    /** Kernels that come to the same state in the same group have the same time there. */
    private int lane(final int kernel)
    {
        final int group = shapes.get(shapes.group, kernels.get(kernels.shape, kernel));
        return kernels.get(kernels.state, kernel) | (group & GROUP_LANES_MASK) << STATE_BITS;
    }

    /** Sets the timer of a kernel to its column, unless its deadline stands still. */
    void armKernel(final int kernel)
    {
        if (isKept)
        {
            kernelEnds.onChanged(kernel);
            final long deadlineNs = kernels.get(kernels.deadlineNs, kernel);
            final int timer = kernels.get(kernels.timer, kernel);
            if (0 == deadlineNs || state.isPaused(kernel))
            {
                disarmKernel(kernel);
            }
            else if (Table.NONE != timer)
            {
                timers.reschedule(timer, lane(kernel), deadlineNs);
            }
            else
            {
                final long id = kernels.get(kernels.kernelId, kernel) << 1;
                kernels.set(kernels.timer, kernel, timers.schedule(lane(kernel), deadlineNs, id, kernel));
            }
        }
    }

    /** The deadline of a kernel that has a timer is another one; its timer moves with those of all others. */
    void onKernelMoved(final int kernel)
    {
        if (isKept)
        {
            kernelEnds.onChanged(kernel);
        }
    }

    /** Moves the timers of all kernels that have one, as their columns were. */
    void moveKernels(final long byNs)
    {
        if (isKept)
        {
            timers.moveKernels(byNs);
        }
    }

    /** A kernel is about to be no more. */
    void onKernelGone(final int kernel)
    {
        disarmKernel(kernel);
        kernelEnds.onGone(kernel);
    }

    void disarmKernel(final int kernel)
    {
        if (isKept && Table.NONE != kernels.get(kernels.timer, kernel))
        {
            timers.cancel(kernels.get(kernels.timer, kernel));
            kernels.set(kernels.timer, kernel, Table.NONE);
        }
    }
}
