package io.plimsoll.loadtest.simulate;

import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.Reason;
import io.plimsoll.core.sbe.Result;
import java.util.ArrayList;
import java.util.List;

/** What became of a session. Times are nanoseconds from the start of the scenario. */
public final class SessionRun
{
    /** It has not happened. */
    public static final long NOT_YET = -1;

    private final SessionSpec spec;
    private final List<VirtualKernel> kernels = new ArrayList<>();
    private long id;
    private String rejectionCode;
    private String rejection;
    private LifeState state = LifeState.PENDING;
    private Result result = Result.UNDEFINED;
    private Reason reason = Reason.NONE;
    private String waitsFor = "";
    private int attempts;
    private long startedNs = NOT_YET;
    private long endedNs = NOT_YET;

    SessionRun(final SessionSpec spec)
    {
        this.spec = spec;
    }

    /** What was asked for. */
    public SessionSpec spec()
    {
        return spec;
    }

    /** Id that the core gave it, 0 if it was not submitted or was refused. */
    public long id()
    {
        return id;
    }

    /** What the core said when it refused it, null if it did not. */
    public String rejection()
    {
        return rejection;
    }

    /** Whether the core refused it. */
    public boolean isRejected()
    {
        return null != rejectionCode;
    }

    /** Name of its state; REJECTED if the core refused it. */
    public String state()
    {
        return isRejected() ? "REJECTED" : state.name();
    }

    /** How it ended. */
    public Result result()
    {
        return isRejected() ? Result.FAILURE : result;
    }

    /** Why it is in its state, or why it was refused. */
    public String reason()
    {
        return isRejected() ? rejectionCode : VirtualCluster.kebab(reason);
    }

    /** The same, and of a session that waits when all is over what it waits for, unless an attempt has failed. */
    public String reasonText()
    {
        return isRejected() || Reason.NONE != reason || waitsFor.isEmpty() ? reason() : waitsFor;
    }

    /** When it was submitted, {@link #NOT_YET} if the scenario was over before. */
    public long submittedNs()
    {
        return 0 == id && !isRejected() ? NOT_YET : spec.atNs();
    }

    /** Whether it waits for its start. */
    boolean isPending()
    {
        return 0 != id && LifeState.PENDING == state;
    }

    void waitsFor(final String causes)
    {
        waitsFor = causes;
    }

    /** Attempts to run it. */
    public int attempts()
    {
        return attempts;
    }

    /** When its first kernel began to run, in the first of its attempts that came so far; {@link #NOT_YET} if none. */
    public long startedNs()
    {
        return startedNs;
    }

    /** When it ended, {@link #NOT_YET} if it has not. */
    public long endedNs()
    {
        return endedNs;
    }

    /** How long it waited for its first start, {@link #NOT_YET} if it has not started. */
    public long waitNs()
    {
        return NOT_YET == startedNs ? NOT_YET : startedNs - spec.atNs();
    }

    /** Whether it has ended. */
    public boolean isEnded()
    {
        return NOT_YET != endedNs;
    }

    /** Kernels of its last attempt, in order of their index. */
    List<VirtualKernel> kernels()
    {
        return kernels;
    }

    void submitted(final long sessionId)
    {
        id = sessionId;
    }

    void rejected(final String code, final String text, final long nowNs)
    {
        rejectionCode = code;
        rejection = text;
        endedNs = nowNs;
    }

    void advanced(
        final LifeState newState, final Result newResult, final Reason newReason, final int attempt, final long nowNs)
    {
        state = newState;
        result = newResult;
        reason = newReason;
        attempts = attempt;
        if (newState.value() >= LifeState.TERMINATED.value())
        {
            endedNs = nowNs;
        }
    }

    void assigned(final VirtualKernel kernel)
    {
        if (!kernels.isEmpty() && kernels.get(0).attempt() != kernel.attempt())
        {
            kernels.clear();
        }
        kernels.add(kernel);
    }

    void started(final long nowNs)
    {
        if (NOT_YET == startedNs)
        {
            startedNs = nowNs;
        }
    }
}
