package io.plimsoll.agent.plugin;

import java.util.List;

/**
 * How a kernel is, as its runtime says.
 *
 * @param phase    how far it is.
 * @param pid      of its first process as this host numbers it; 0: none, or not known.
 * @param entrance words to put before a command that shall run beside it, such as those of {@code nsenter}; null: that
 *                 cannot be done.
 * @param exitCode of one that has ended: 0 to 255, 128 and the signal if it was killed by one.
 * @param detail   of one that has ended other than by itself, for people; or empty.
 */
public record KernelState(Phase phase, int pid, List<String> entrance, int exitCode, String detail)
{
    /** How far a kernel is. */
    public enum Phase
    {
        /** It is not known here: never started, or forgotten. */
        ABSENT,
        /** What it needs is fetched; may last for as long as there is progress, and some minutes besides. */
        PULLING,
        /** It is about to run. */
        STARTING,
        /** It runs. */
        RUNNING,
        /** It has ended, with all its processes. */
        ENDED,
        /** The same, because it needed more memory than it may have. */
        OUT_OF_MEMORY
    }

    /** Not known here. */
    public static KernelState absent()
    {
        return new KernelState(Phase.ABSENT, 0, null, 0, "");
    }

    /** Waits for something that is fetched. */
    public static KernelState pulling()
    {
        return new KernelState(Phase.PULLING, 0, null, 0, "");
    }

    /** About to run. */
    public static KernelState starting()
    {
        return new KernelState(Phase.STARTING, 0, null, 0, "");
    }

    /** Runs; commands can run beside it behind those words, null if they cannot. */
    public static KernelState running(final int pid, final List<String> entrance)
    {
        return new KernelState(Phase.RUNNING, pid, entrance, 0, "");
    }

    /** Has ended. */
    public static KernelState ended(final int exitCode, final String detail)
    {
        return new KernelState(Phase.ENDED, 0, null, exitCode, detail);
    }

    /** Has ended for want of memory. */
    public static KernelState outOfMemory(final int exitCode, final String detail)
    {
        return new KernelState(Phase.OUT_OF_MEMORY, 0, null, exitCode, detail);
    }
}
