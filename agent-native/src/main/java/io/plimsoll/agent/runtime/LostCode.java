package io.plimsoll.agent.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * An engine that is killed between forgetting a container's processes and writing down how they have ended says, when
 * it is back, that the container has ended with 0, just now; and 255 where its containerd has lost the code. What Linux
 * has written down is right then, see {@link ProcessAccounts}. Where there is none of it, 0 must not count as success:
 * it shows by the time, which is that of the engine's start, and by the engine's events, which have no such end. Any
 * thread that may wait for the engine.
 */
final class LostCode
{
    private static final String ENGINE = "/dockerd";
    /** Within which an engine looks after its start what became of its containers. */
    private static final Duration LOOKS_WITHIN = Duration.ofMinutes(1);
    /** Of a tick of the kernel's, in which it tells when a process was started. */
    private static final long TICK_MS = 10;
    private static final int START_FIELD = 19;
    /** What an engine says that has ended before it wrote down how a container has. */
    private static final int LOST_CODE = 255;

    private LostCode()
    {
    }

    /**
     * Looks at a container.
     *
     * @param engine    to ask.
     * @param container id.
     * @param wasAlone  whether its engine may have been away.
     * @param directory of its kernel.
     * @return it, with the code that is known otherwise if the engine's may be none.
     */
    static Look look(
        final Engine engine, final String container, final boolean wasAlone, final Path directory)
        throws EngineException
    {
        final ContainerState state = engine.inspect(container);
        if (!wasAlone || state.isRunning())
        {
            return new Look(state, false);
        }
        final OptionalInt written = ProcessAccounts.exitCode(directory);
        if (written.isPresent())
        {
            return new Look(state.withExitCode(written.getAsInt()), false);
        }
        final boolean isLost = LOST_CODE == state.exitCode() || isNone(engine, container, state);
        return new Look(isLost ? state.withExitCode(LOST_CODE) : state, isLost);
    }

    private static boolean isNone(final Engine engine, final String container, final ContainerState state)
        throws EngineException
    {
        if (0 != state.exitCode() || null == state.finishedAt())
        {
            return false;
        }
        final Instant finished;
        try
        {
            finished = Instant.parse(state.finishedAt());
        }
        catch (final DateTimeParseException e)
        {
            return false;
        }
        final Optional<Instant> start = lastStartBefore(finished);
        return start.isPresent() && finished.isBefore(start.get().plus(LOOKS_WITHIN)) &&
            !engine.hasSeenDie(container, start.get());
    }

    /** Of any engine of this host: there is hardly ever more than one. */
    private static Optional<Instant> lastStartBefore(final Instant moment)
    {
        return ProcessHandle.allProcesses()
            .filter(process -> ("/" + process.info().command().orElse("")).endsWith(ENGINE))
            .map(process -> startOf(process.pid()))
            .flatMap(Optional::stream)
            .filter(start -> !start.isAfter(moment))
            .max(Comparator.naturalOrder());
    }

    /** To a few hundredths of a second; the JDK's is of whole seconds. Empty: it is gone. */
    static Optional<Instant> startOf(final long pid)
    {
        try
        {
            final String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            final String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            final String uptime = Files.readString(Path.of("/proc/uptime"));
            final long upMs = (long)(1000 * Double.parseDouble(uptime.substring(0, uptime.indexOf(' '))));
            return Optional.of(
                Instant.now().minusMillis(upMs - TICK_MS * Long.parseLong(fields[START_FIELD]) + TICK_MS));
        }
        catch (final IOException | RuntimeException e)
        {
            return Optional.empty();
        }
    }

    /**
     * A container, and whether its exit code is none.
     *
     * @param state  of it.
     * @param isLost whether nobody knows its code.
     */
    record Look(ContainerState state, boolean isLost)
    {
    }
}
