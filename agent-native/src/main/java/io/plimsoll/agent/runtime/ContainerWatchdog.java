package io.plimsoll.agent.runtime;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Starts what ends a container when its lease or its time runs out and nobody else does: a process of this host for
 * each such container ({@code watchdog.sh}), which outlives the agent and does without the engine. Thread-safe.
 */
final class ContainerWatchdog
{
    private static final String NONE = "-";

    private final SupervisorScript script;

    ContainerWatchdog(final SupervisorScript script)
    {
        this.script = script;
    }

    /** Begins to watch, if there is anything to watch for. One that watches already makes a second one end. */
    void watch(final DockerKernel kernel, final String container) throws IOException
    {
        final long walltimeNs = kernel.assignment.walltimeNs();
        if (null == kernel.leaseFile && 0 == walltimeNs)
        {
            return;
        }
        final List<String> command = List.of(
            script.setsid(),
            script.shell(),
            script.path(),
            kernel.assignment.key().directoryName(),
            kernel.directory.toString(),
            container,
            null == kernel.leaseFile ? NONE : kernel.leaseFile.toString(),
            0 == walltimeNs ? NONE : Long.toString(kernel.assignment.backstopSeconds()));
        new ProcessBuilder(command)
            .directory(Path.of("/").toFile())
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    }
}
