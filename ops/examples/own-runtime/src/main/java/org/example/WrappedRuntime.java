package org.example;

import io.plimsoll.agent.plugin.KernelState;
import io.plimsoll.agent.plugin.PluginKernel;
import io.plimsoll.agent.plugin.RuntimeHost;
import io.plimsoll.agent.plugin.RuntimePlugin;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Kernels behind a command, such as {@code nice -n 5}, {@code bwrap --unshare-net} or {@code apptainer exec img.sif}.
 * Each has a small shell that outlives the agent, leads a session of its own, and writes how the kernel ended.
 */
public final class WrappedRuntime implements RuntimePlugin
{
    private static final String NAME = "wrapped";
    private static final int SIGKILL = 9;
    private static final int SIGNAL_BASE = 128;
    private static final int CALL_SECONDS = 5;
    private static final long LOOK_MS = 5;
    private static final String NOBODY = "nobody";
    private static final int AFTER_NAME = 2;
    private static final int START_TICKS = 19;
    /**
     * $1: how the kernel's files begin; then cgroups to enter, and the command. Signals to all of the session reach
     * this shell as well, and it stays for the exit code.
     */
    private static final String HOLDER = """
        files=$1
        shift
        while [ "$1" != -- ]
        do
            echo 0 >"$1" || exit 125
            shift
        done
        shift
        read -r line </proc/$$/stat
        (set -C; : >"$files.started") 2>/dev/null || exit 125
        echo "$$ ${line##*) }" >"$files.new" && mv "$files.new" "$files.pid"
        trap : HUP INT TERM
        "$@"
        code=$?
        echo "$code" >"$files.new" && mv "$files.new" "$files.exit"
        """;

    private List<String> wrapper = List.of();

    @Override
    public String name()
    {
        return NAME;
    }

    /** The setting is the command, its words separated by spaces; empty: none. */
    @Override
    public void open(final String setting, final RuntimeHost host)
    {
        wrapper = setting.isBlank() ? List.of() : List.of(setting.strip().split(" +"));
        if (!wrapper.isEmpty() && wrapper.get(0).startsWith("-"))
        {
            throw new IllegalArgumentException("'" + setting + "' should begin with a program, such as nice -n 5");
        }
    }

    @Override
    public void start(final PluginKernel kernel) throws IOException
    {
        final List<String> words = new ArrayList<>(List.of(
            "setsid", "sh", "-c", HOLDER, NAME, kernel.directory().resolve(NAME).toString()));
        kernel.limits().cgroupEntrances().forEach(entrance -> words.add(entrance.toString()));
        words.add("--");
        words.addAll(wrapper);
        words.addAll(kernel.command());
        final ProcessBuilder builder = new ProcessBuilder(words)
            .directory(kernel.workDirectory().toFile())
            .redirectOutput(ProcessBuilder.Redirect.appendTo(kernel.stdout().toFile()))
            .redirectError(ProcessBuilder.Redirect.appendTo(kernel.stderr().toFile()));
        builder.environment().clear();
        builder.environment().putAll(kernel.variables());
        // The shell needs no input, and neither does who comes from it.
        builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        awaitHolder(kernel, builder.start());
    }

    /** From then on its files say how it is, whoever asks. */
    private static void awaitHolder(final PluginKernel kernel, final Process holder) throws IOException
    {
        try
        {
            while (!Files.exists(kernel.file(NAME, "pid")))
            {
                if (holder.waitFor(LOOK_MS, TimeUnit.MILLISECONDS) && !Files.exists(kernel.file(NAME, "pid")))
                {
                    throw new IOException("its shell ended with code " + holder.exitValue() + " before its start");
                }
            }
        }
        catch (final InterruptedException e)
        {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted before its start", e);
        }
    }

    @Override
    public KernelState state(final PluginKernel kernel) throws IOException
    {
        final Path exit = kernel.file(NAME, "exit");
        final Path pid = kernel.file(NAME, "pid");
        if (!Files.exists(pid))
        {
            // Whoever makes this file first decides: the shell, or who asks when nobody is left to start it.
            return tryClaim(kernel) ? KernelState.absent() : KernelState.starting();
        }
        if (lives(Files.readString(pid)))
        {
            return KernelState.running(pid(pid), wrapper);
        }
        if (0 == kill(0, pid(pid)))
        {
            // The kernel has ended; what it left behind goes as well.
            kill(SIGKILL, pid(pid));
            return KernelState.running(pid(pid), null);
        }
        return KernelState.ended(
            Files.exists(exit) ? Integer.parseInt(Files.readString(exit).strip()) : SIGNAL_BASE + SIGKILL, "");
    }

    /** False: it was started, or somebody else has claimed it. */
    private static boolean tryClaim(final PluginKernel kernel) throws IOException
    {
        final Path started = kernel.file(NAME, "started");
        try
        {
            Files.createFile(started);
            Files.writeString(started, NOBODY);
            return true;
        }
        catch (final FileAlreadyExistsException e)
        {
            return NOBODY.equals(Files.readString(started));
        }
    }

    private static int pid(final Path file) throws IOException
    {
        final String text = Files.readString(file);
        return Integer.parseInt(text.substring(0, text.indexOf(' ')));
    }

    /** The number of a process is somebody else's one day: it counts with the time of its birth. */
    private static boolean lives(final String recorded) throws IOException
    {
        final String[] words = recorded.split(" ");
        final Path stat = Path.of("/proc", words[0], "stat");
        final String now;
        try
        {
            now = Files.readString(stat);
        }
        catch (final IOException e)
        {
            return false;
        }
        final String[] fields = now.substring(now.lastIndexOf(')') + AFTER_NAME).split(" ");
        return !"Z".equals(fields[0]) && fields[START_TICKS].equals(words[START_TICKS + 1]);
    }

    @Override
    public void signal(final PluginKernel kernel, final int signal) throws IOException
    {
        final Path pid = kernel.file(NAME, "pid");
        if (!Files.exists(pid))
        {
            tryClaim(kernel);
            return;
        }
        if (lives(Files.readString(pid)))
        {
            // All of the session; the shell among them ends by the last signal only.
            kill(signal, pid(pid));
        }
    }

    private static int kill(final int signal, final int leader) throws IOException
    {
        final Process kill = new ProcessBuilder("sh", "-c", "kill -" + signal + " -" + leader)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
        try
        {
            if (!kill.waitFor(CALL_SECONDS, TimeUnit.SECONDS))
            {
                throw new IOException("kill takes too long");
            }
            return kill.exitValue();
        }
        catch (final InterruptedException e)
        {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
