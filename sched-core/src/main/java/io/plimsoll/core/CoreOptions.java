package io.plimsoll.core;

import io.plimsoll.core.sbe.ManagerStartedDecoder;

/**
 * Bounds of the core. Everything in here can influence decisions, so a journal is decided again with the options that
 * it was written with.
 *
 * @param forgetAfterNs       how long an ended session is kept.
 * @param endedMax            most ended sessions kept; beyond it the oldest go first.
 * @param keyTtlNs            how long an idempotency key is kept.
 * @param keysMax             most idempotency keys kept; beyond it the oldest go first.
 * @param workPerCommandMax   most pieces of follow-up work (timers, kills, cascades, cancellations) in one command.
 * @param arraySizeMax        most elements of a job array.
 * @param dependenciesMax     most dependencies of a session.
 * @param agentsMax           most agents ever known.
 * @param walltimeSlackNs     how long past walltime and grace the core waits for the agent to enforce it.
 * @param poisonedMax         most poisoned commands remembered.
 * @param sessionsInitial     rows made at the start, so that the first growth comes late.
 */
public record CoreOptions(
    long forgetAfterNs,
    int endedMax,
    long keyTtlNs,
    int keysMax,
    int workPerCommandMax,
    int arraySizeMax,
    int dependenciesMax,
    int agentsMax,
    long walltimeSlackNs,
    int poisonedMax,
    int sessionsInitial)
{
    private static final long SECOND_NS = 1_000_000_000L;

    /** What a manager uses unless it is told otherwise. */
    public static CoreOptions defaults()
    {
        return new CoreOptions(
            600 * SECOND_NS,
            100_000,
            24 * 3600 * SECOND_NS,
            10_000_000,
            500,
            1_000_000,
            256,
            1 << 20,
            5 * SECOND_NS,
            1024,
            1 << 16);
    }

    /** The same, with what the first command of a reign tells: that is what a manager can be told. */
    public CoreOptions told(final ManagerStartedDecoder started)
    {
        final int ended = started.endedMax();
        return ended > 0 ? withForgetting(started.forgetAfterNs(), ended) : this;
    }

    /** The same with another rule for ended sessions. */
    public CoreOptions withForgetting(final long afterNs, final int ended)
    {
        return new CoreOptions(
            afterNs, ended, keyTtlNs, keysMax, workPerCommandMax, arraySizeMax, dependenciesMax, agentsMax,
            walltimeSlackNs, poisonedMax, sessionsInitial);
    }

    /** The same with other tables at the start. */
    public CoreOptions withSessionsInitial(final int rows)
    {
        return new CoreOptions(
            forgetAfterNs, endedMax, keyTtlNs, keysMax, workPerCommandMax, arraySizeMax, dependenciesMax, agentsMax,
            walltimeSlackNs, poisonedMax, rows);
    }

    /** The same with another bound on follow-up work. */
    public CoreOptions withWorkPerCommandMax(final int workMax)
    {
        return new CoreOptions(
            forgetAfterNs, endedMax, keyTtlNs, keysMax, workMax, arraySizeMax, dependenciesMax, agentsMax,
            walltimeSlackNs, poisonedMax, sessionsInitial);
    }
}
