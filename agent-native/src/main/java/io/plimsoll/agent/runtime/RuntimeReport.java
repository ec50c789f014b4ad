package io.plimsoll.agent.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What the process runtime would say of this host. */
public final class RuntimeReport
{
    private RuntimeReport()
    {
    }

    /** Looks. Leaves nothing behind. */
    public static List<String> notes()
    {
        final List<String> notes = new ArrayList<>();
        final KernelCgroups cgroups =
            KernelCgroups.detect("plimsoll-report-" + ProcessHandle.current().pid(), false);
        cgroups.remove();
        addCommon(notes, cgroups, new CpuAffinity());
        try
        {
            final Path directory = Files.createTempDirectory("plimsoll-report");
            try
            {
                SupervisorScript.install(directory);
            }
            finally
            {
                Files.deleteIfExists(directory.resolve("supervisor.sh"));
                Files.deleteIfExists(directory);
            }
        }
        catch (final IOException e)
        {
            notes.add("kernels cannot run: " + e.getMessage());
        }
        return List.copyOf(notes);
    }

    static void addCommon(final List<String> notes, final KernelCgroups cgroups, final CpuAffinity affinity)
    {
        notes.addAll(cgroups.notes());
        if (!affinity.usable())
        {
            notes.add("kernels are not bound to cores: the host does not allow it");
        }
        notes.add(0 == Libc.geteuid() ?
            "the agent runs as root, and so do its kernels, whoever owns their sessions" :
            "kernels run as the agent's user and can read what it can");
    }
}
