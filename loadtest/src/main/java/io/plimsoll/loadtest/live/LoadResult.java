package io.plimsoll.loadtest.live;

import java.util.List;
import java.util.Map;

/**
 * What came of a load test.
 *
 * @param audit           the record at the end.
 * @param lost            sessions accepted that have not run to their end, though all had the time.
 * @param unfinished      the same, where the run was interrupted or could not go on.
 * @param doubtful        sessions sent of which nobody knows whether they were accepted.
 * @param unendedAtManager sessions that the manager thinks are not ended, when all are.
 * @param isInterrupted   whether somebody ended it early.
 * @param failure         why it could not go on; null: it could.
 * @param seconds         from when the first submission was due to the last end.
 * @param readySeconds    until all agents were connected.
 * @param assigned        from when a session was due to its assignment at the agent.
 * @param replied         from when a submission was due to its answer.
 * @param reads           meanwhile.
 * @param traffic         requests and what became of them.
 * @param usage           of manager and load test.
 * @param threadSeconds   processor time of the manager's threads while sessions ran, in its present life.
 * @param steps           if there were any.
 * @param chaos           that was made.
 * @param series          once a second.
 */
public record LoadResult(
    Ledger.Audit audit,
    long lost,
    long unfinished,
    long doubtful,
    long unendedAtManager,
    boolean isInterrupted,
    RuntimeException failure,
    double seconds,
    double readySeconds,
    Percentiles assigned,
    Percentiles replied,
    Reading reads,
    Traffic traffic,
    Usage usage,
    Map<String, Double> threadSeconds,
    List<StepResult> steps,
    Disorder chaos,
    List<Sample> series)
{
    /** Sessions that were accepted and have run to their end. */
    public long sessions()
    {
        return audit.promised() - audit.lost();
    }

    /** Kernels that ran more often than they should, and sessions that ran without having been accepted. */
    public long doubled()
    {
        return audit.doubled() + Math.max(0, audit.unpromised() - doubtful);
    }

    /** Sessions lost at an agent, or that the manager believes to run; null: nobody knows, since it could not go on. */
    public Long lostOrUnknown()
    {
        return null == failure ? (Long)Math.max(lost, unendedAtManager) : null;
    }

    /** Whether nothing was lost or doubled, as far as is known. */
    public boolean isSound()
    {
        return 0 == lost && 0 == doubled() && 0 == unendedAtManager;
    }

    /**
     * Reads beside submissions.
     *
     * @param lists    of a hundred sessions.
     * @param explains of the latest session.
     * @param events   until the first.
     * @param errors   answers that were none.
     */
    public record Reading(Percentiles lists, Percentiles explains, Percentiles events, long errors)
    {
    }

    /**
     * Requests.
     *
     * @param submissions answered.
     * @param refusals    not now, 429 or 503; sent again.
     * @param outages     not answered; sent again.
     * @param links       connections of agents.
     * @param losses      how often agents that were connected have lost or given up their links, by reason.
     */
    public record Traffic(long submissions, long refusals, long outages, int links, Map<String, Long> losses)
    {
    }

    /**
     * What it took.
     *
     * @param managerCpuSeconds      while sessions ran; null: not known.
     * @param managerStartCpuSeconds before that, agents' connecting included; null: not known.
     * @param managerPeakMemoryBytes resident; null: not known.
     * @param loaderCpuSeconds       of this process, while sessions ran.
     * @param loaderPeakMemoryBytes  of this process, resident.
     */
    public record Usage(
        Double managerCpuSeconds,
        Double managerStartCpuSeconds,
        Long managerPeakMemoryBytes,
        double loaderCpuSeconds,
        long loaderPeakMemoryBytes)
    {
    }

    /**
     * What went wrong on purpose.
     *
     * @param flaps       links lost by single agents.
     * @param storms      losses of all links at once.
     * @param slowAgents  agents that were slow.
     * @param killSeconds from each kill of the manager until it listened again.
     */
    public record Disorder(long flaps, long storms, int slowAgents, List<Double> killSeconds)
    {
    }
}
