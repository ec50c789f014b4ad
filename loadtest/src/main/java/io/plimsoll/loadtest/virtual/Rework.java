package io.plimsoll.loadtest.virtual;

/**
 * What an interruption costs a session, by the loss of its machine or because it had to yield: what it did since its
 * last checkpoint is done again.
 *
 * @param checkpointNs run time between checkpoints; 0: none, all of it is done again.
 * @param restartNs    run time on top of every further attempt.
 */
public record Rework(long checkpointNs, long restartNs)
{
    /** All is done again, and nothing else. */
    public static final Rework ALL = new Rework(0, 0);

    /** What is kept of a run that was interrupted. */
    long keptNs(final long ranNs)
    {
        return 0 == checkpointNs ? 0 : ranNs / checkpointNs * checkpointNs;
    }
}
