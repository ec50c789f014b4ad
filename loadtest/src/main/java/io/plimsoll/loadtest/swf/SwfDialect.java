package io.plimsoll.loadtest.swf;

/**
 * How a published experiment turns lines into jobs. Results can be compared only if the same lines are dropped and the
 * same fields repaired, so each experiment has its own entry.
 */
public enum SwfDialect
{
    /**
     * Of the backfilling experiments (predictsim, SC'15): jobs without processors, run time or requested time are
     * dropped, as are those that the machine could never hold; nothing runs longer than it requested.
     */
    BACKFILLING
    {
        @Override
        public SwfJob job(final SwfRecord line, final long processorsMax)
        {
            final long processors = Math.max(line.processors(), line.requestedProcessors());
            if (processors <= 0 || processors > processorsMax || line.runSeconds() <= 0 ||
                line.requestedSeconds() <= 0 || line.submitSeconds() < 0)
            {
                return null;
            }
            final long runSeconds = Math.min(line.runSeconds(), line.requestedSeconds());
            return jobOf(line, runSeconds, processors, line.requestedSeconds());
        }
    },

    /**
     * Of the heuristics that RLScheduler (SC'20) was compared with: jobs that ran no time are dropped, an unknown run
     * time counts as 10 s, and an unknown requested time as the run time.
     */
    HEURISTICS
    {
        @Override
        public SwfJob job(final SwfRecord line, final long processorsMax)
        {
            final long processors = Math.max(line.processors(), line.requestedProcessors());
            if (0 == line.runSeconds() || processors <= 0 || processors > processorsMax)
            {
                return null;
            }
            final long runSeconds = line.runSeconds() < 0 ? UNKNOWN_RUN_SECONDS : line.runSeconds();
            final long requestedSeconds = -1 == line.requestedSeconds() ? runSeconds : line.requestedSeconds();
            return jobOf(line, runSeconds, processors, requestedSeconds);
        }
    };

    private static final long UNKNOWN_RUN_SECONDS = 10;

    /**
     * The job of a line.
     *
     * @param line          of the log.
     * @param processorsMax of the machine that shall run it.
     * @return the job, or null if this experiment leaves the line out.
     */
    public abstract SwfJob job(SwfRecord line, long processorsMax);

    private static SwfJob jobOf(
        final SwfRecord line, final long runSeconds, final long processors, final long requestedSeconds)
    {
        return new SwfJob(
            line.id(), line.submitSeconds(), runSeconds, (int)processors, requestedSeconds, line.user());
    }
}
