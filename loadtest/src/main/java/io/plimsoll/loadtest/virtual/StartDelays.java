package io.plimsoll.loadtest.virtual;

import io.plimsoll.loadtest.jobs.Distribution;
import io.plimsoll.loadtest.jobs.Distribution.Constant;

/**
 * What passes between the assignment of a kernel and its run.
 *
 * @param start seconds, of every kernel.
 * @param pull  seconds on top, of the first kernel of a user on a machine: its image has to get there.
 */
public record StartDelays(Distribution start, Distribution pull)
{
    /** Kernels run at once. */
    public static final StartDelays NONE = new StartDelays(new Constant(0), new Constant(0));
}
