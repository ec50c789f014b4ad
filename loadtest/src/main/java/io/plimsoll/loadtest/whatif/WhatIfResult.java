package io.plimsoll.loadtest.whatif;

import io.plimsoll.core.SchedulerCore;

/** What came of deciding a journal again. */
public final class WhatIfResult
{
    private final WhatIfRun run;
    private final long forkSequence;
    private final long endSequence;
    private final long forkNs;
    private final long endNs;
    private final int decisionVersion;
    private final long stateHash;
    private final long recordedHash;
    private final long tookNs;

    WhatIfResult(
        final WhatIfRun run,
        final Stretch stretch,
        final int decisionVersion,
        final long stateHash,
        final long recordedHash,
        final long tookNs)
    {
        this.run = run;
        forkSequence = stretch.forkSequence();
        endSequence = stretch.endSequence();
        forkNs = stretch.forkNs();
        endNs = stretch.endNs();
        this.decisionVersion = decisionVersion;
        this.stateHash = stateHash;
        this.recordedHash = recordedHash;
        this.tookNs = tookNs;
    }

    WhatIfRun run()
    {
        return run;
    }

    /** First record that was decided again. */
    public long forkSequence()
    {
        return forkSequence;
    }

    /** Last record of the stretch. */
    public long endSequence()
    {
        return endSequence;
    }

    /** Time of the first record that was decided again, epoch nanoseconds. */
    public long forkNs()
    {
        return forkNs;
    }

    /** End of the stretch that is compared, epoch nanoseconds. */
    public long endNs()
    {
        return endNs;
    }

    /** Whether every event of every command was the recorded one, byte by byte, and the state that they make. */
    public boolean isSame()
    {
        return !run.isDifferent() && stateHash == recordedHash;
    }

    /** Sequence of the first command that was not as recorded; 0: there is none. */
    public long differsAt()
    {
        return run.differsAt();
    }

    /** What made it differ; empty if nothing did. */
    public String why()
    {
        return run.why();
    }

    /** Of the scheduler at the end. */
    public long stateHash()
    {
        return stateHash;
    }

    /** Whether the journal was decided by a release that decides otherwise than this one. */
    public boolean isOtherVersion()
    {
        return SchedulerCore.DECISION_VERSION != decisionVersion;
    }

    /** Of the release that decided the journal. */
    public int decisionVersion()
    {
        return decisionVersion;
    }

    /** Commands that were decided. */
    public long decided()
    {
        return run.decided();
    }

    /** How long restoring and deciding took. */
    public long tookNs()
    {
        return tookNs;
    }

    /**
     * The stretch that is compared.
     *
     * @param forkSequence of its first record.
     * @param endSequence  of its last.
     * @param forkNs       time of the first.
     * @param endNs        where it ends.
     */
    record Stretch(long forkSequence, long endSequence, long forkNs, long endNs)
    {
    }
}
