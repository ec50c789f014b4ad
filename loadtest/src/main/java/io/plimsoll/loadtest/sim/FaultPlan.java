package io.plimsoll.loadtest.sim;

import io.plimsoll.journal.CommitMode;
import java.util.List;

/**
 * All that a run is made of: the same plan is the same run, whatever machine it runs on. Drawn from a seed by
 * {@link PlanDrawer}; made smaller by {@link PlanShrinker}; written and read by {@link PlanText}.
 *
 * @param seed       of all that the plan does not say, such as how long each message takes.
 * @param hosts      machines with agents.
 * @param commitMode of the journal.
 * @param safetyMs   how long things go wrong; after that, all of it works.
 * @param faults     in order of time.
 * @param work       in order of time.
 */
public record FaultPlan(
    long seed, int hosts, CommitMode commitMode, long safetyMs, List<Fault> faults, List<Work> work)
{
    /** The plan of a seed. */
    public static FaultPlan of(final long seed)
    {
        return new PlanDrawer(seed).draw();
    }

    /** The same with other faults and other work. */
    FaultPlan with(final List<Fault> otherFaults, final List<Work> otherWork)
    {
        return new FaultPlan(seed, hosts, commitMode, safetyMs, List.copyOf(otherFaults), List.copyOf(otherWork));
    }

    /** Whether promises may be lost in it without anybody's fault but the disk's. */
    boolean mayLose()
    {
        return faults.stream().anyMatch(fault -> fault.kind().destructive() ||
            CommitMode.ASYNC == commitMode && FaultKind.MANAGER_POWER_CUT == fault.kind());
    }
}
