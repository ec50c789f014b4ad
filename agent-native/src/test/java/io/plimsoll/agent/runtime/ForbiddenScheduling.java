package io.plimsoll.agent.runtime;

import io.plimsoll.agent.Assignments;
import io.plimsoll.agent.kernel.KernelDirectory;
import io.plimsoll.agent.kernel.KernelKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Runs two kernels in a real-time class, in a process that is not permitted to, and says in which they were. */
final class ForbiddenScheduling
{
    private ForbiddenScheduling()
    {
    }

    public static void main(final String[] args) throws IOException
    {
        final StringBuilder classes = new StringBuilder();
        try (Processes processes = new Processes(Path.of(args[0])))
        {
            processes.restart(ProcessOptions.defaults().withScheduling(Scheduling.parse("rr:10")));
            for (int i = 1; i <= 2; i++)
            {
                final KernelKey key = processes.launch(
                    Assignments.of(i).cpu(1000).shell("cut -d' ' -f40,41 /proc/self/stat").make());
                processes.awaitEnd(key);
                classes.append(processes.text(key, KernelDirectory.STDOUT));
            }
        }
        Files.writeString(Path.of(args[1]), classes);
    }
}
