package io.plimsoll.loadtest.simulate;

import java.util.LinkedHashMap;
import java.util.Map;

/** A machine of a simulation: what the core knows it by, and the kernels that are on it. */
public final class VirtualAgent
{
    private final AgentSpec spec;
    private final int number;
    private final Map<Long, VirtualKernel> kernels = new LinkedHashMap<>();
    private int agentId;
    private long connection;
    private long reportNo;
    private long highestAssignment;
    private boolean up;
    private boolean startsFail;
    /** Failures that have begun and not ended, by kind. */
    private final int[] failures = new int[Scenario.FailureSpec.Kind.values().length];

    /**
     * Of a scenario.
     *
     * @param spec   what it is.
     * @param number from 1, unique.
     */
    VirtualAgent(final AgentSpec spec, final int number)
    {
        this.spec = spec;
        this.number = number;
    }

    /** What it is. */
    public AgentSpec spec()
    {
        return spec;
    }

    /** From 1, in the order in which they were made. */
    public int number()
    {
        return number;
    }

    int agentId()
    {
        return agentId;
    }

    long connection()
    {
        return connection;
    }

    long highestAssignment()
    {
        return highestAssignment;
    }

    long nextReport()
    {
        return ++reportNo;
    }

    /** Whether it is there and answers. */
    public boolean isUp()
    {
        return up;
    }

    boolean startsFail()
    {
        return startsFail;
    }

    void startsFail(final boolean fail)
    {
        startsFail = fail;
    }

    void failureBegins(final Scenario.FailureSpec.Kind kind)
    {
        failures[kind.ordinal()]++;
    }

    /** Whether a failure of a kind has begun and not ended. */
    boolean isFailing(final Scenario.FailureSpec.Kind kind)
    {
        return failures[kind.ordinal()] > 0;
    }

    /** Whether it has ever been there. */
    boolean hasJoined()
    {
        return agentId > 0;
    }

    /** Whether that was the last of its kind: several may overlap. */
    boolean failureEnds(final Scenario.FailureSpec.Kind kind)
    {
        failures[kind.ordinal()]--;
        return 0 == failures[kind.ordinal()];
    }

    /** What is on it, in order of assignment. */
    public Map<Long, VirtualKernel> kernels()
    {
        return kernels;
    }

    void onAttached(final int id, final long newConnection)
    {
        agentId = id;
        connection = newConnection;
        reportNo = 0;
        up = true;
    }

    void onAssigned(final VirtualKernel kernel, final long assignmentNo)
    {
        kernels.put(kernel.kernelId(), kernel);
        highestAssignment = Math.max(highestAssignment, assignmentNo);
    }

    /** The machine dies, and all that was on it. */
    void crash()
    {
        up = false;
        kernels.values().forEach(VirtualKernel::gone);
        kernels.clear();
    }
}
