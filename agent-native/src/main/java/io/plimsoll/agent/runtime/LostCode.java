package io.plimsoll.agent.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.Optional;

/**
 * An engine that is killed between forgetting a container's processes and writing down how they have ended says, when
 * it is back, that the container has ended with 0, just now. That must not count as success. It shows by the time,
 * which is that of the engine's start, and by its events, which have no such end. Any thread that may wait for the
 * engine.
 */
final class LostCode
{
    private static final String ENGINE = "/dockerd";
    /** Within which an engine looks after its start what became of its containers. */
    private static final Duration LOOKS_WITHIN = Duration.ofMinutes(1);
    /** Of a tick of the kernel's, in which it tells when a process was started. */
    private static final long TICK_MS = 10;
    private static final int START_FIELD = 19;

    private LostCode()
    {
    }

    /**
     * Looks at a container.
     *
     * @param engine    to ask.
     * @param container id.
     * @param wasAlone  whether its engine may have been away.
     * @return it, with the code of those that are lost if this one is.
     */
    static ContainerState inspect(final Engine engine, final String container, final boolean wasAlone)
        throws EngineException
    {
        final ContainerState state = engine.inspect(container);
        if (!wasAlone || state.isRunning() || 0 != state.exitCode() || null == state.finishedAt())
        {
            return state;
        }
        final Instant finished;
        try
        {
            finished = Instant.parse(state.finishedAt());
        }
        catch (final DateTimeParseException e)
        {
            return state;
        }
        final Optional<Instant> start = lastStartBefore(finished);
        return start.isPresent() && finished.isBefore(start.get().plus(LOOKS_WITHIN)) &&
            !engine.hasSeenDie(container, start.get()) ? state.withExitCode(DockerEnds.LOST_CODE) : state;
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
}
