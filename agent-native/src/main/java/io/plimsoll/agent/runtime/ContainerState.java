package io.plimsoll.agent.runtime;

import java.util.Map;

/**
 * A container as the engine tells it. A list tells less than a look: exit code, times and error are known from a look
 * only.
 *
 * @param id          of it.
 * @param name        without the slash.
 * @param labels      of it.
 * @param status      as the engine calls it: created, running, exited and so on.
 * @param exitCode    once it has exited.
 * @param outOfMemory whether a process of it was killed for want of memory.
 * @param error       of its start; empty: none.
 * @param startedAt   as ISO 8601; of year 1: never.
 * @param finishedAt  the same.
 */
record ContainerState(
    String id,
    String name,
    Map<String, String> labels,
    String status,
    int exitCode,
    boolean outOfMemory,
    String error,
    String startedAt,
    String finishedAt)
{
    private static final String NEVER = "0001-";

    boolean isRunning()
    {
        return switch (status)
        {
            case "running", "paused", "restarting" -> true;
            default -> false;
        };
    }

    /** The same with another exit code. */
    ContainerState withExitCode(final int code)
    {
        return new ContainerState(id, name, labels, status, code, outOfMemory, error, startedAt, finishedAt);
    }

    /** Whether it is as it was made, as far as this tells. */
    boolean isCreated()
    {
        return "created".equals(status) && (null == startedAt || startedAt.startsWith(NEVER));
    }
}
