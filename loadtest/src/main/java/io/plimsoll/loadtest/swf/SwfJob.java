package io.plimsoll.loadtest.swf;

import java.util.Comparator;

/**
 * A job that a simulation can run: every field is known, and the run time does not exceed the requested time if the
 * dialect says so.
 *
 * @param id               of the job in its log.
 * @param submitSeconds    since the start of the log.
 * @param runSeconds       how long it runs once started.
 * @param processors       how many it holds while it runs.
 * @param requestedSeconds the user's estimate and limit.
 * @param user             who submitted it; -1 if the log does not say.
 */
public record SwfJob(
    long id,
    long submitSeconds,
    long runSeconds,
    int processors,
    long requestedSeconds,
    long user)
{
    /** Order of arrival: logs are mostly, but not always, written in it. */
    public static final Comparator<SwfJob> BY_ARRIVAL =
        Comparator.comparingLong(SwfJob::submitSeconds).thenComparingLong(SwfJob::id);

    /** Order of the ids, which is the one in which the published windows of a log are counted. */
    public static final Comparator<SwfJob> BY_ID = Comparator.comparingLong(SwfJob::id);
}
