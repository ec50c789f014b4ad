package io.plimsoll.agent.testkit;

import io.plimsoll.agent.device.DeviceAccess;
import io.plimsoll.agent.plugin.KernelState;
import io.plimsoll.agent.plugin.PluginCalls;
import io.plimsoll.agent.plugin.PluginKernel;
import io.plimsoll.agent.plugin.RuntimeHost;
import io.plimsoll.agent.plugin.RuntimePlugin;
import io.plimsoll.agent.topology.SysfsTopology;
import io.plimsoll.transport.LaunchSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Holds a runtime of one's own to what the agent expects of it: {@code RuntimeCheck.of("wrapped").all()} in a test. It
 * runs shell scripts by it, on this host. What does not hold is thrown as an {@link AssertionError} that names the
 * check. Needs no test library.
 */
public final class RuntimeCheck
{
    private static final long START_NS = TimeUnit.SECONDS.toNanos(30);
    private static final long CALL_NS = TimeUnit.SECONDS.toNanos(10);
    private static final long DEADLINE_NS = TimeUnit.SECONDS.toNanos(60);
    private static final long LOOK_NS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final int SIGTERM = 15;
    private static final int SIGKILL = 9;
    private static final int SIGNAL_BASE = 128;
    private static final int AT_ONCE = 16;
    private static final Set<String> OF_THE_AGENT = Set.of("stdout", "stderr", "work");

    private final String name;
    private String setting = "";
    private String image;
    private Path root;
    private int kernelCount;

    private RuntimeCheck(final String name)
    {
        this.name = name;
    }

    /**
     * A check of the runtime of a name, which must be where the agent will look for it.
     *
     * @param name as sessions will ask for it.
     */
    public static RuntimeCheck of(final String name)
    {
        final RuntimeCheck check = new RuntimeCheck(name);
        check.plugin();
        return check;
    }

    /** What the configuration would say under its name; empty otherwise. */
    public RuntimeCheck setting(final String text)
    {
        setting = text;
        return this;
    }

    /** An image with a shell, for runtimes that need one. */
    public RuntimeCheck image(final String text)
    {
        image = text;
        return this;
    }

    /** All checks; takes some seconds. */
    public void all()
    {
        hasAName();
        runsCommands();
        knowsNoOthers();
        keepsEnds();
        outlivesItsAgent();
        endsBySignals();
        leavesNobody();
        saysWhatCannotStart();
        keepsToItsFiles();
        runsManyAtOnce();
    }

    /** Its name can be asked for. */
    public void hasAName()
    {
        check("hasAName", LaunchSpec.isRuntimeName(name),
            "'" + name + "' should be lower case with digits and hyphens, and not process or docker");
    }

    /** Output, variables, working directory and exit code are those of the command. */
    public void runsCommands()
    {
        run("runsCommands", life ->
        {
            final PluginKernel kernel = life.start("echo \"$GREETING $(pwd)\"; echo oops >&2; exit 3");
            final KernelState end = life.await(kernel, RuntimeCheck::hasEnded);
            check("runsCommands", 3 == end.exitCode(), "exit 3 was told as " + end);
            final String out = Files.readString(kernel.stdout());
            check("runsCommands", out.startsWith("hello " + kernel.workDirectory()), "stdout is '" + out + "'");
            check("runsCommands", Files.readString(kernel.stderr()).equals("oops\n"), "stderr is not 'oops'");
        });
    }

    /** A kernel that was never started is absent, may be signalled and forgotten, and does not appear. */
    public void knowsNoOthers()
    {
        run("knowsNoOthers", life ->
        {
            final PluginKernel kernel = life.prepare("true");
            life.await(kernel, state -> KernelState.Phase.ABSENT == state.phase());
            life.call(CALL_NS, () -> life.plugin.signal(kernel, SIGKILL));
            life.await(kernel, state -> KernelState.Phase.ABSENT == state.phase());
            life.call(CALL_NS, () -> life.plugin.forget(kernel));
        });
    }

    /** How a kernel ended is told again and again, and by the next life of the agent. */
    public void keepsEnds()
    {
        run("keepsEnds", life ->
        {
            final PluginKernel kernel = life.start("exit 7");
            life.await(kernel, RuntimeCheck::hasEnded);
            for (int i = 0; i < 3; i++)
            {
                final KernelState again = life.state(kernel);
                check("keepsEnds", hasEnded(again) && 7 == again.exitCode(), "exit 7 was told later as " + again);
            }
            life.restart();
            final KernelState later = life.await(kernel, state -> KernelState.Phase.STARTING != state.phase());
            check("keepsEnds", hasEnded(later) && 7 == later.exitCode(),
                "exit 7 was told by the next life of the agent as " + later);
            life.call(CALL_NS, () -> life.plugin.forget(kernel));
        });
    }

    /** A kernel runs on while there is no agent, is found by the next one, and its exit code too. */
    public void outlivesItsAgent()
    {
        run("outlivesItsAgent", life ->
        {
            final PluginKernel kernel = life.start("while [ ! -e go ]; do sleep 0.05; done; exit 5");
            life.await(kernel, RuntimeCheck::isRunning);
            life.restart();
            life.await(kernel, RuntimeCheck::isRunning);
            life.plugin.close();
            Files.createFile(kernel.workDirectory().resolve("go"));
            life.open();
            final KernelState end = life.await(kernel, state -> !isRunning(state));
            check("outlivesItsAgent", hasEnded(end) && 5 == end.exitCode(),
                "exit 5, while there was no agent, was told as " + end);
        });
    }

    /** Signal 15 may be caught, signal 9 may not, and repetition does no harm. */
    public void endsBySignals()
    {
        run("endsBySignals", life ->
        {
            final PluginKernel polite = life.start("trap 'exit 9' TERM; touch ready; while :; do sleep 0.05; done");
            awaitFile(polite.workDirectory().resolve("ready"));
            life.call(CALL_NS, () -> life.plugin.signal(polite, SIGTERM));
            final KernelState end = life.await(polite, state -> !isRunning(state));
            check("endsBySignals", hasEnded(end) && 9 == end.exitCode(),
                "a kernel that exits with 9 when it gets signal 15 was told as " + end);
            final PluginKernel deaf = life.start("trap '' TERM; touch ready; while :; do sleep 0.05; done");
            awaitFile(deaf.workDirectory().resolve("ready"));
            life.call(CALL_NS, () -> life.plugin.signal(deaf, SIGTERM));
            check("endsBySignals", isRunning(life.state(deaf)), "one that does not mind signal 15 runs no more");
            life.call(CALL_NS, () -> life.plugin.signal(deaf, SIGKILL));
            life.call(CALL_NS, () -> life.plugin.signal(deaf, SIGKILL));
            final KernelState killed = life.await(deaf, state -> !isRunning(state));
            check("endsBySignals", hasEnded(killed) && SIGNAL_BASE + SIGKILL == killed.exitCode(),
                "one that was killed was told as " + killed + ", and not with exit code 137");
            life.call(CALL_NS, () -> life.plugin.signal(deaf, SIGKILL));
        });
    }

    /** When a kernel has ended, its processes have. */
    public void leavesNobody()
    {
        run("leavesNobody", life ->
        {
            final PluginKernel kernel = life.start(
                "(trap '' TERM; while date >>\"$PWD/beat\"; do sleep 0.05; done) & wait");
            awaitFile(kernel.workDirectory().resolve("beat"));
            life.call(CALL_NS, () -> life.plugin.signal(kernel, SIGKILL));
            life.await(kernel, RuntimeCheck::hasEnded);
            final Path beat = kernel.workDirectory().resolve("beat");
            final long length = Files.size(beat);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(300));
            check("leavesNobody", length == Files.size(beat), "a process goes on after the end of its kernel");
        });
    }

    /** A command that is not there does not run for ever. */
    public void saysWhatCannotStart()
    {
        run("saysWhatCannotStart", life ->
        {
            final PluginKernel kernel = life.prepare(List.of("/no/such/program"));
            try
            {
                life.call(START_NS, () -> life.plugin.start(kernel));
            }
            catch (final PluginCalls.PluginException e)
            {
                check("saysWhatCannotStart", !isRunning(life.state(kernel)), "start() throws, and it runs");
                return;
            }
            final KernelState end = life.await(kernel, state -> !isRunning(state));
            check("saysWhatCannotStart", !hasEnded(end) || 0 != end.exitCode(),
                "a command that is not there was told as " + end);
        });
    }

    /** Its files in the directory of a kernel have its name, and none is left elsewhere beside it. */
    public void keepsToItsFiles()
    {
        run("keepsToItsFiles", life ->
        {
            final PluginKernel kernel = life.start("true");
            life.await(kernel, RuntimeCheck::hasEnded);
            try (Stream<Path> files = Files.list(kernel.directory()))
            {
                final String foreign = files.map(file -> file.getFileName().toString())
                    .filter(file -> !OF_THE_AGENT.contains(file) && !file.startsWith(name + "."))
                    .sorted().collect(Collectors.joining(", "));
                check("keepsToItsFiles", foreign.isEmpty(),
                    "files in the directory of a kernel that do not begin with '" + name + ".': " + foreign);
            }
        });
    }

    /** Kernels do not get in each other's way. */
    public void runsManyAtOnce()
    {
        run("runsManyAtOnce", life ->
        {
            final List<PluginKernel> kernels = new ArrayList<>();
            for (int i = 0; i < AT_ONCE; i++)
            {
                kernels.add(life.start("echo $PLIMSOLL_KERNEL_ID; exit " + i));
            }
            for (int i = 0; i < AT_ONCE; i++)
            {
                final KernelState end = life.await(kernels.get(i), RuntimeCheck::hasEnded);
                check("runsManyAtOnce", i == end.exitCode(), "exit " + i + " was told as " + end);
            }
        });
    }

    private static boolean isRunning(final KernelState state)
    {
        return switch (state.phase())
        {
            case PULLING, STARTING, RUNNING -> true;
            default -> false;
        };
    }

    private static boolean hasEnded(final KernelState state)
    {
        return KernelState.Phase.ENDED == state.phase() || KernelState.Phase.OUT_OF_MEMORY == state.phase();
    }

    private static void awaitFile(final Path file) throws PluginCalls.PluginException
    {
        final long deadlineNs = System.nanoTime() + DEADLINE_NS;
        while (!Files.exists(file))
        {
            if (System.nanoTime() - deadlineNs > 0)
            {
                throw new AssertionError("the kernel does not begin: " + file + " does not appear");
            }
            LockSupport.parkNanos(LOOK_NS);
        }
    }

    private RuntimePlugin plugin()
    {
        for (final RuntimePlugin plugin : ServiceLoader.load(RuntimePlugin.class))
        {
            if (name.equals(plugin.name()))
            {
                return plugin;
            }
        }
        throw new AssertionError("there is no runtime called " + name + ": is its class named in META-INF/services/" +
            RuntimePlugin.class.getName() + "?");
    }

    private void run(final String check, final Body body)
    {
        try
        {
            root = Files.createTempDirectory("runtime-check");
            try (Life life = new Life())
            {
                life.open();
                body.run(life);
            }
            finally
            {
                delete(root);
            }
        }
        catch (final IOException | PluginCalls.PluginException e)
        {
            throw failed(check, e.getMessage(), e);
        }
        catch (final AssertionError e)
        {
            throw null == e.getMessage() || e.getMessage().contains("see it again") ?
                e : failed(check, e.getMessage(), e);
        }
    }

    private static void delete(final Path directory) throws IOException
    {
        try (Stream<Path> files = Files.walk(directory))
        {
            for (final Path file : files.sorted(Comparator.reverseOrder()).toList())
            {
                Files.deleteIfExists(file);
            }
        }
    }

    private void check(final String check, final boolean holds, final String what)
    {
        if (!holds)
        {
            throw failed(check, what, null);
        }
    }

    private AssertionError failed(final String check, final String what, final Throwable cause)
    {
        return new AssertionError(what + "\nsee it again: RuntimeCheck.of(\"" + name + "\").setting(\"" + setting +
            "\")." + check + "()", cause);
    }

    /** What a check does. */
    @FunctionalInterface
    private interface Body
    {
        void run(Life life) throws IOException, PluginCalls.PluginException;
    }

    /** A call that gives nothing. */
    @FunctionalInterface
    private interface Step
    {
        void run() throws IOException;
    }

    /** An agent as the runtime sees it, of which one follows the other. */
    private final class Life implements AutoCloseable
    {
        private final PluginCalls calls =
            new PluginCalls(name, Thread.currentThread().getContextClassLoader(), AT_ONCE);
        private final List<PluginKernel> started = new ArrayList<>();
        private RuntimePlugin plugin;

        void open() throws IOException, PluginCalls.PluginException
        {
            plugin = plugin();
            final Path own = Files.createDirectories(root.resolve("own"));
            call(CALL_NS, () -> plugin.open(setting, new RuntimeHost(own, SysfsTopology.live())));
        }

        void restart() throws IOException, PluginCalls.PluginException
        {
            plugin.close();
            open();
        }

        void call(final long timeoutNs, final Step step) throws PluginCalls.PluginException
        {
            answer(timeoutNs, () ->
            {
                step.run();
                return null;
            });
        }

        private <T> T answer(final long timeoutNs, final Callable<T> call) throws PluginCalls.PluginException
        {
            return calls.call(call, timeoutNs);
        }

        PluginKernel prepare(final String script) throws IOException
        {
            return prepare(List.of("/bin/sh", "-c", script));
        }

        PluginKernel prepare(final List<String> command) throws IOException
        {
            final String kernel = "0000abcd-" + ++kernelCount + "-1-1";
            final Path directory = Files.createDirectories(root.resolve("kernels").resolve(kernel));
            final Path work = Files.createDirectory(directory.resolve("work"));
            return new PluginKernel(
                kernel,
                directory,
                directory.resolve("stdout"),
                directory.resolve("stderr"),
                command,
                Map.of("PATH", System.getenv().getOrDefault("PATH", "/usr/bin:/bin"), "GREETING", "hello",
                    "PLIMSOLL_KERNEL_ID", Integer.toString(kernelCount)),
                work,
                image,
                new PluginKernel.Limits(1000, "", "", 0, List.of(), DeviceAccess.NONE, List.of()),
                Map.of(),
                null);
        }

        PluginKernel start(final String script) throws IOException, PluginCalls.PluginException
        {
            final PluginKernel kernel = prepare(script);
            started.add(kernel);
            call(START_NS, () -> plugin.start(kernel));
            return kernel;
        }

        KernelState state(final PluginKernel kernel) throws PluginCalls.PluginException
        {
            final KernelState state = answer(CALL_NS, () -> plugin.state(kernel));
            if (null == state || null == state.phase())
            {
                throw new AssertionError("state() gave nothing");
            }
            return state;
        }

        KernelState await(final PluginKernel kernel, final Predicate<KernelState> condition)
            throws PluginCalls.PluginException
        {
            final long deadlineNs = System.nanoTime() + DEADLINE_NS;
            KernelState state = state(kernel);
            while (!condition.test(state))
            {
                if (System.nanoTime() - deadlineNs > 0)
                {
                    throw new AssertionError("a minute later it is still " + state);
                }
                LockSupport.parkNanos(LOOK_NS);
                state = state(kernel);
            }
            return state;
        }

        /** Nothing is left running, whatever the check came to. */
        @Override
        public void close()
        {
            for (final PluginKernel kernel : started)
            {
                calls.tryBegin(() ->
                {
                    plugin.signal(kernel, SIGKILL);
                    return null;
                }).awaitDone(CALL_NS);
            }
            plugin.close();
            calls.close();
        }
    }
}
