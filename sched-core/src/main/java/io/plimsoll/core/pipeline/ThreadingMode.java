package io.plimsoll.core.pipeline;

/** Which threads the stages run on. */
public enum ThreadingMode
{
    /** Core, journal and egress one after the other on one thread: the best on few cores. */
    SHARED,
    /** A thread for each: slow commits stay out of the decision path. */
    DEDICATED
}
