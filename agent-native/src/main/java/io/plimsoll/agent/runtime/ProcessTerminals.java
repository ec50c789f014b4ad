package io.plimsoll.agent.runtime;

import io.plimsoll.agent.kernel.KernelDirectory;
import io.plimsoll.agent.terminal.KernelTerminal;
import io.plimsoll.agent.terminal.TerminalException;
import io.plimsoll.agent.terminal.TerminalRequest;
import io.plimsoll.transport.LaunchSpec;
import io.plimsoll.transport.LaunchSpecCodec;
import io.plimsoll.transport.StdinMode;
import io.plimsoll.transport.sbe.TerminalCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts commands beside kernels that are processes: on the kernel's cores, in its cgroup, with its environment, in its
 * working directory. A variable marks them and all that comes from them, so that they are found when they must end,
 * and by the next agent if this one is killed. Of the agent's thread.
 */
final class ProcessTerminals
{
    /** Marks what was started for a terminal; the value names the agent and the terminal. */
    static final String MARK = "PLIMSOLL_TERMINAL";

    private static final Logger LOG = LoggerFactory.getLogger(ProcessTerminals.class);
    private static final String SHELL = "/bin/sh";
    /** Enters cgroups, a line each, and a directory; then it is the command. */
    private static final String PROLOGUE = """
        set -f
        IFS='
        '
        for entrance in $1
        do
            echo 0 >"$entrance" || exit 125
        done
        set +f
        unset IFS
        cd "$2" || exit 126
        shift 2
        exec "$@"
        """;
    private static final int LOOKS = 4;
    private static final long LOOK_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final String TERM_DEFAULT = "xterm";

    private final ProcessLauncher launcher;
    private final LaunchEnvironment environment;
    private final String agent;
    private final String owner;
    private int looksLeft = LOOKS;
    private long nextLookNs;

    ProcessTerminals(final ProcessLauncher launcher, final LaunchEnvironment environment, final String agent)
    {
        this.launcher = launcher;
        this.environment = environment;
        this.agent = agent;
        owner = agent + '/' + Long.toHexString(ThreadLocalRandom.current().nextLong());
    }

    /**
     * Ends what an earlier life of this agent left, whose readers are gone. More than one look, because a process that
     * is just being executed shows no environment, and one that is just being forked is not in the list.
     */
    int sweep(final long nowNs)
    {
        if (looksLeft == 0 || looksLeft < LOOKS && nowNs - nextLookNs < 0)
        {
            return 0;
        }
        looksLeft--;
        nextLookNs = nowNs + LOOK_INTERVAL_NS;
        final List<Integer> left = ProcessTable.carrying(MARK + '=' + agent + '/');
        left.removeAll(ProcessTable.carrying(MARK + '=' + owner + '/'));
        left.forEach(pid -> Libc.kill(pid, Libc.SIGKILL));
        if (!left.isEmpty())
        {
            looksLeft = LOOKS - 1;
            LOG.info("{} processes of terminals were left by an earlier life of this agent, and were ended",
                left.size());
        }
        return left.size();
    }

    /** Whose terminals these are: the agent's, in this life of it. */
    String owner()
    {
        return owner;
    }

    /** A value for the mark that nothing else has. */
    static String mark(final String owner)
    {
        return MARK + '=' + owner + '/' + Long.toHexString(ThreadLocalRandom.current().nextLong());
    }

    KernelTerminal open(final ProcessKernel kernel, final TerminalRequest request) throws TerminalException
    {
        if (0 == kernel.workloadPid || null != kernel.end || kernel.killing)
        {
            throw TerminalException.notRunning();
        }
        if (!request.user().isEmpty())
        {
            throw new TerminalException(
                TerminalCode.UNSUPPORTED, "the kernel is a process of the host: what runs beside it is of its user");
        }
        final LaunchSpec spec = LaunchSpecCodec.decode(kernel.assignment.spec());
        final Map<String, String> variables = variables(kernel, spec, request);
        final Path directory = directory(kernel, spec, variables.get("PLIMSOLL_SCRATCH")).resolve(request.directory());
        final String obstacle = LaunchEnvironment.obstacle(request.command(), variables.get("PATH"), directory);
        if (null != obstacle)
        {
            throw TerminalException.cannotStart(obstacle);
        }
        final String mark = mark(owner);
        final List<String> pairs = LaunchEnvironment.pairs(variables);
        pairs.add(mark);
        final List<String> arguments = new ArrayList<>(List.of(
            SHELL, "-c", PROLOGUE, "plimsoll",
            null == kernel.cgroup ? "" : kernel.cgroup.entrances(), directory.toString()));
        arguments.addAll(request.command());
        try
        {
            return ProcessTerminal.start(
                request, mark, streams -> launcher.spawnBeside(kernel, arguments, pairs, streams));
        }
        catch (final IOException e)
        {
            throw new TerminalException(TerminalCode.FAILED, "the agent cannot start it: " + e.getMessage());
        }
    }

    /** Joins the kernel's own input. */
    static KernelTerminal openInput(final ProcessKernel kernel) throws TerminalException
    {
        if (0 == kernel.workloadPid || null != kernel.end || kernel.killing)
        {
            throw TerminalException.notRunning();
        }
        final LaunchSpec spec = LaunchSpecCodec.decode(kernel.assignment.spec());
        final StdinMode mode = spec.stdinOf(kernel.assignment.kernelIndex());
        if (StdinMode.NONE == mode)
        {
            throw TerminalException.noInput();
        }
        return ProcessInput.open(kernel.directory, StdinMode.ONCE == mode, spec.tty() ? kernel.workloadPid : 0);
    }

    /** What the kernel was started with, as long as that can be read; else what it would be started with now. */
    private Map<String, String> variables(
        final ProcessKernel kernel, final LaunchSpec spec, final TerminalRequest request)
    {
        final Map<String, String> variables = new LinkedHashMap<>();
        put(variables, ProcessTable.environment(kernel.workloadPid));
        if (!Long.toString(kernel.assignment.key().kernelId()).equals(variables.get("PLIMSOLL_KERNEL_ID")))
        {
            variables.clear();
            variables.putAll(
                environment.variables(new KernelLaunch(kernel.assignment, spec, null), kernel.seat));
        }
        if (request.tty())
        {
            variables.put("TERM", TERM_DEFAULT);
        }
        put(variables, request.variables());
        return variables;
    }

    private static void put(final Map<String, String> variables, final List<String> pairs)
    {
        for (final String pair : pairs)
        {
            final int equals = pair.indexOf('=');
            if (equals > 0)
            {
                variables.put(pair.substring(0, equals), pair.substring(equals + 1));
            }
        }
    }

    private static Path directory(final ProcessKernel kernel, final LaunchSpec spec, final String scratch)
    {
        return null != spec.cwd() ? Path.of(spec.cwd()) :
            null != scratch ? Path.of(scratch) : kernel.directory.resolve(KernelDirectory.WORK);
    }
}
