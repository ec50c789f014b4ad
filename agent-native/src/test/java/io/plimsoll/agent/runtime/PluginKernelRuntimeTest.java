package io.plimsoll.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.agent.Assignments;
import io.plimsoll.agent.Await;
import io.plimsoll.agent.kernel.Assignment;
import io.plimsoll.agent.kernel.KernelDirectory;
import io.plimsoll.agent.kernel.KernelEnd;
import io.plimsoll.agent.kernel.KernelKey;
import io.plimsoll.agent.kernel.SlotGrant;
import io.plimsoll.agent.plugin.KernelState;
import io.plimsoll.agent.plugin.PluginCalls;
import io.plimsoll.agent.plugin.PluginKernel;
import io.plimsoll.agent.plugin.RuntimeHost;
import io.plimsoll.agent.plugin.RuntimePlugin;
import io.plimsoll.agent.topology.SysfsTopology;
import io.plimsoll.agent.topology.TopologyReader;
import io.plimsoll.agent.usage.Totals;
import io.plimsoll.agent.usage.UsageSubject;
import io.plimsoll.transport.LaunchSpecCodec;
import io.plimsoll.transport.sbe.ReportKind;
import io.plimsoll.transport.sbe.ReportReason;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kernels of a plugin that does what it likes; time is stepped, its calls are real. */
class PluginKernelRuntimeTest implements KernelListener
{
    private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);

    @TempDir
    private Path directory;
    private Processes processes;
    private final Scripted plugin = new Scripted();
    private PluginKernelRuntime runtime;
    private PluginLaunches launches;
    private long nowNs = SECOND_NS;
    private final Set<KernelKey> started = new HashSet<>();
    private final List<ReportKind> steps = new ArrayList<>();
    private final Map<KernelKey, KernelEnd> ends = new HashMap<>();

    @BeforeEach
    void before() throws IOException
    {
        processes = new Processes(directory);
        start();
    }

    @AfterEach
    void after()
    {
        plugin.hung.countDown();
        runtime.close();
        processes.close();
    }

    private void start()
    {
        launches = new PluginLaunches(processes.runtime, processes.kernels, key -> directory.resolve("lease"));
        runtime = new PluginKernelRuntime(
            "scripted", plugin, new PluginCalls("scripted", getClass().getClassLoader(), 16),
            PluginDeadlines.DEFAULTS, launches);
    }

    private KernelKey launch(final long kernelId)
    {
        return launch(Assignments.of(kernelId).cpu(1000).make(), null);
    }

    private KernelKey launch(final Assignment assignment, final Path leaseFile)
    {
        processes.store.tryStore(assignment);
        assertTrue(runtime.tryLaunch(
            new KernelLaunch(assignment, LaunchSpecCodec.decode(assignment.spec()), leaseFile), nowNs));
        return assignment.key();
    }

    private void poll(final String what, final BooleanSupplier condition)
    {
        Await.until(() -> what + ", ends=" + ends + ", calls=" + plugin.calls, () ->
        {
            runtime.poll(this, nowNs);
            nowNs += TimeUnit.MILLISECONDS.toNanos(1);
            return condition.getAsBoolean();
        });
    }

    /** The runtime knows what the plugin has said, and waits for nothing whose time would be up. */
    private void pass(final long durationNs)
    {
        poll("that nothing is being asked", () -> runtime.isIdle());
        nowNs += durationNs;
    }

    private KernelEnd awaitEnd(final KernelKey key)
    {
        poll("the end of " + key, () -> ends.containsKey(key));
        return ends.get(key);
    }

    private void awaitStarted(final KernelKey key)
    {
        poll("the start of " + key, () -> started.contains(key));
    }

    @Override
    public void onStarted(final KernelKey key, final long sinceNs, final String cpus, final String devices)
    {
        assertTrue(started.add(key));
    }

    @Override
    public void onStep(final KernelKey key, final ReportKind step)
    {
        steps.add(step);
    }

    @Override
    public void onEnded(final KernelKey key, final KernelEnd end)
    {
        assertNull(ends.put(key, end));
    }

    @Test
    void shouldTellOfAKernelFromItsStartToItsEnd()
    {
        plugin.next = KernelState.pulling();
        final KernelKey key = launch(1);
        poll("its pull", () -> steps.contains(ReportKind.PULLING));
        plugin.states.put(name(key), KernelState.starting());
        poll("its preparation", () -> steps.contains(ReportKind.PREPARING));
        plugin.states.put(name(key), KernelState.running(1, null));
        awaitStarted(key);
        final List<UsageSubject> subjects = new ArrayList<>();
        poll("its usage", () ->
        {
            subjects.clear();
            runtime.subjects(subjects::add);
            return null != subjects.get(0).told();
        });
        assertEquals(42, subjects.get(0).told().memoryBytes());
        plugin.states.put(name(key), KernelState.ended(3, ""));
        assertEquals(KernelEnd.exited(3), awaitEnd(key));
        assertEquals(0, runtime.alive());
        Await.until("it is forgotten", () -> plugin.calls.contains("forget " + name(key)));
        assertEquals(1, plugin.calls.stream().filter(call -> call.startsWith("start")).count());
    }

    @Test
    void shouldFailOneKernelWhoseStartThrowsAndNoOther()
    {
        plugin.thrown = new NoClassDefFoundError("org/example/Missing");
        final KernelKey bad = launch(1);
        assertEquals(ReportReason.LAUNCH_FAILED, awaitEnd(bad).reason());
        assertEquals(
            "the runtime scripted cannot start it: NoClassDefFoundError: org/example/Missing", ends.get(bad).detail());
        plugin.thrown = null;
        awaitStarted(launch(2));
        poll("it to leave", () -> 1 == runtime.alive());
    }

    @Test
    void shouldFailOneKernelWhoseStartHangsAndEndWhatComesOfIt()
    {
        plugin.hangs = "start";
        final KernelKey hanging = launch(1);
        poll("it to hang", () -> plugin.calls.contains("start " + name(hanging)));
        final KernelKey good = launch(2);
        plugin.hangs = "";
        awaitStarted(good);
        nowNs += PluginDeadlines.DEFAULTS.startNs();
        final KernelEnd end = awaitEnd(hanging);
        assertEquals(ReportReason.LAUNCH_FAILED, end.reason());
        assertTrue(end.detail().contains("does not come back from starting it"), end.detail());
        poll("it to be seen to", () -> plugin.calls.contains("signal 9 " + name(hanging)));
        nowNs += SECOND_NS;
        poll("it to be looked at", () -> plugin.calls.contains("state " + name(hanging)));
        assertEquals(2, runtime.alive(), "its cores are nobody else's while it may still come up");
        plugin.hung.countDown();
        poll("it to be gone", () -> 1 == runtime.alive());
        assertFalse(ends.containsKey(good));
    }

    /** Its end was told, and its directory may be gone, when the agent is killed; then it comes up. */
    @Test
    void shouldEndWhatComesUpLateInTheNextLifeOfTheAgent() throws IOException
    {
        plugin.hangs = "start";
        final KernelKey hanging = launch(1);
        poll("it to hang", () -> plugin.calls.contains("start " + name(hanging)));
        plugin.hangs = "";
        nowNs += PluginDeadlines.DEFAULTS.startNs();
        awaitEnd(hanging);
        runtime.close();
        plugin.states.remove(name(hanging));
        processes.store.remove(hanging);
        plugin.calls.clear();
        start();
        poll("it to be looked for", () -> plugin.calls.contains("state " + name(hanging)));
        assertEquals(1, runtime.alive());
        plugin.states.put(name(hanging), KernelState.running(1, null));
        plugin.calls.clear();
        nowNs += SECOND_NS;
        poll("it to be killed", () -> plugin.calls.contains("signal 9 " + name(hanging)));
        plugin.states.put(name(hanging), KernelState.ended(137, ""));
        poll("it to be gone", () -> 0 == runtime.alive());
        runtime.close();
        plugin.calls.clear();
        start();
        runtime.poll(this, nowNs);
        assertEquals(0, runtime.alive(), "nobody looks for it any more");
        assertEquals(1, ends.size());
    }

    @Test
    void shouldPursueWhatAnEarlierLifeMayHaveStarted()
    {
        plugin.hangs = "start";
        final KernelKey hanging = launch(1);
        poll("it to hang", () -> plugin.calls.contains("start " + name(hanging)));
        plugin.hangs = "";
        runtime.close();
        plugin.states.remove(name(hanging));
        start();
        assertTrue(runtime.adopt(Assignments.of(1).cpu(1000).make(), nowNs));
        assertEquals(ReportReason.SUPERVISOR_DIED, awaitEnd(hanging).reason());
        assertEquals(1, runtime.alive(), "it may still come up");
        nowNs += PluginDeadlines.DEFAULTS.startNs();
        poll("it to be given up", () -> 0 == runtime.alive());
    }

    @Test
    void shouldGiveUpAKernelOfWhichNothingIsKnown()
    {
        final KernelKey silent = launch(1);
        final KernelKey good = launch(2);
        awaitStarted(silent);
        awaitStarted(good);
        plugin.silent = name(silent);
        poll("a failure", () -> plugin.calls.contains("fail " + name(silent)));
        plugin.silent = "";
        pass(2 * SECOND_NS);
        final long before = plugin.count("state " + name(silent));
        poll("an answer", () -> plugin.count("state " + name(silent)) > before + 1);
        assertFalse(ends.containsKey(silent), "one failure costs nothing");
        plugin.silent = name(silent);
        poll("two failures", () -> plugin.count("fail " + name(silent)) > 1);
        pass(PluginDeadlines.DEFAULTS.giveUpNs());
        final KernelEnd end = awaitEnd(silent);
        assertEquals(ReportReason.SUPERVISOR_DIED, end.reason());
        assertEquals("the runtime scripted cannot say how it is: no idea", end.detail());
        assertFalse(ends.containsKey(good));
        plugin.silent = "";
        poll("it to be ended", () -> 1 == runtime.alive());
        assertTrue(plugin.calls.contains("signal 9 " + name(silent)));
    }

    @Test
    void shouldNotWaitForALookThatHangs()
    {
        final KernelKey hanging = launch(1);
        awaitStarted(hanging);
        plugin.hangs = "state";
        poll("it to hang", () -> plugin.calls.contains("hang " + name(hanging)));
        plugin.hangs = "";
        final KernelKey good = launch(2);
        awaitStarted(good);
        nowNs += PluginDeadlines.DEFAULTS.callNs();
        final long before = plugin.count("state " + name(hanging));
        poll("it to be asked again", () -> plugin.count("state " + name(hanging)) > before + 1);
        assertEquals(Map.of(), ends);
    }

    @Test
    void shouldSignalInOrder()
    {
        final KernelKey key = launch(Assignments.of(1).make(), null);
        awaitStarted(key);
        plugin.stubborn = true;
        runtime.kill(key, 5 * SECOND_NS, nowNs);
        poll("the first signal", () -> plugin.calls.contains("signal 15 " + name(key)));
        nowNs += 4 * SECOND_NS;
        final long before = plugin.count("state " + name(key));
        poll("some looks", () -> plugin.count("state " + name(key)) > before + 1);
        assertEquals(0, plugin.count("signal 9 " + name(key)));
        nowNs += 2 * SECOND_NS;
        assertEquals(137, awaitEnd(key).exitCode());
        assertEquals(1, plugin.count("signal 15 " + name(key)));
    }

    @Test
    void shouldTakeUpKernelsOfAnEarlierLife()
    {
        final KernelKey running = launch(1);
        final KernelKey ended = launch(2);
        final KernelKey told = launch(3);
        awaitStarted(running);
        awaitStarted(ended);
        awaitStarted(told);
        plugin.states.put(name(told), KernelState.ended(7, ""));
        awaitEnd(told);
        runtime.close();
        plugin.states.put(name(ended), KernelState.ended(4, ""));
        plugin.states.remove(name(told));
        started.clear();
        ends.clear();
        start();
        for (final KernelKey key : List.of(running, ended, told))
        {
            assertTrue(runtime.adopt(Assignments.of(key.kernelId()).cpu(1000).make(), nowNs));
        }
        assertFalse(runtime.adopt(Assignments.of(9).make(), nowNs), "never started");
        assertEquals(4, awaitEnd(ended).exitCode());
        assertEquals(7, awaitEnd(told).exitCode(), "kept, although its runtime has forgotten it");
        awaitStarted(running);
        assertEquals(1, runtime.alive());
        assertEquals(3, plugin.calls.stream().filter(call -> call.startsWith("start")).count());
    }

    @Test
    void shouldLeaveKernelsAloneWhoseRuntimeIsGone()
    {
        final KernelKey key = launch(1);
        awaitStarted(key);
        runtime.close();
        started.clear();
        final OwnRuntimes own = OwnRuntimes.open(
            Map.of("scripted", ""), directory, SysfsTopology.live(), processes.runtime,
            processes.kernels, any -> null);
        assertTrue(own.notes().get(0).startsWith(
            "agent.runtimes.scripted: there is no such plugin; there are none"), own.notes().toString());
        assertEquals(Map.of("degraded.runtimes", "scripted"), own.labels());
        try (CompositeKernelRuntime all = new CompositeKernelRuntime(processes.runtime, null, own, ""))
        {
            assertTrue(all.adopt(Assignments.of(1).cpu(1000).make(), nowNs));
            all.poll(this, nowNs);
            all.kill(key, 0, nowNs);
            all.poll(this, nowNs);
            assertEquals(Set.of(key), started);
            assertEquals(Map.of(), ends, "it may well run");
            assertEquals(1, all.alive());
            final Assignment named = Assignments.of(2).spec(LaunchSpecCodec.decode(
                "{\"command\":[\"x\"],\"runtime\":\"scripted\"}".getBytes(StandardCharsets.UTF_8))).make();
            processes.store.tryStore(named);
            all.tryLaunch(new KernelLaunch(named, LaunchSpecCodec.decode(named.spec()), null), nowNs);
            all.poll(this, nowNs);
            assertTrue(ends.get(named.key()).detail().startsWith(
                "the runtime scripted does not work on this agent: there is no such plugin"), ends.toString());
        }
    }

    @Test
    void shouldRefuseWhatThePluginCannotDo()
    {
        final KernelKey leased = launch(Assignments.of(1).restartOnLoss().make(), directory.resolve("lease"));
        assertTrue(awaitEnd(leased).detail().contains("--on-loss wait"), ends.toString());
        final KernelKey image = launch(Assignments.of(2).spec(LaunchSpecCodec.decode(
            "{\"command\":[\"x\"],\"image\":\"busybox\",\"runtime\":\"scripted\"}".getBytes(
                StandardCharsets.UTF_8))).make(), null);
        assertTrue(awaitEnd(image).detail().contains("knows no images"), ends.toString());
        assertEquals(0, runtime.alive());
        assertEquals(0, plugin.calls.stream().filter(call -> call.startsWith("start")).count());
    }

    /** One that gets no seat, and one whose seat cannot be kept, leave the only port to who comes next. */
    @Test
    void shouldGiveBackPortsOfKernelsThatAreNotPrepared() throws IOException
    {
        runtime.close();
        processes.close();
        processes = new Processes(directory.resolve("sliced"), 64 * 1024, false, TopologyReader.read("""
            {"numa": [{"cpus": "0", "memory": "8g"}], "devices": [{"id": "g0-0", "slot": "mig", "unique": true}]}"""));
        final int port = freePort();
        processes.restart(port + "-" + port);
        start();
        final KernelKey seatless = launch(
            Assignments.of(1).slots(new SlotGrant("mig", false, 2, 0)).ports("true", 8080).make(), null);
        assertTrue(awaitEnd(seatless).detail().contains("InvalidResourceArgument: 2 of mig"), ends.toString());
        coolDown();
        final Assignment unwritable = Assignments.of(2).ports("true", 8080).make();
        processes.store.tryStore(unwritable);
        Files.createDirectory(KernelDirectory.of(processes.kernels, unwritable.key()).resolve("cpus"));
        assertTrue(runtime.tryLaunch(
            new KernelLaunch(unwritable, LaunchSpecCodec.decode(unwritable.spec()), null), nowNs));
        final String why = awaitEnd(unwritable.key()).detail();
        assertTrue(why.startsWith("the agent cannot start it: ") && why.endsWith("cpus: Is a directory"), why);
        coolDown();
        final KernelKey good = launch(Assignments.of(3).ports("true", 8080).make(), null);
        poll("its start or end", () -> started.contains(good) || ends.containsKey(good));
        assertTrue(started.contains(good), () -> "started=" + started + " ends=" + ends);
    }

    private static int freePort() throws IOException
    {
        try (ServerSocket socket = new ServerSocket(0))
        {
            return socket.getLocalPort();
        }
    }

    /** Ports that were given back are handed out again only after a while. */
    private void coolDown()
    {
        nowNs += TimeUnit.MINUTES.toNanos(2);
    }

    @Test
    void shouldNotStartWhatWasKilledBefore()
    {
        final Assignment assignment = Assignments.of(1).make();
        processes.store.tryStore(assignment);
        assertTrue(runtime.forestall(assignment.key()));
        final KernelKey key = launch(assignment, null);
        assertEquals(ReportReason.NEVER_STARTED, awaitEnd(key).reason());
        assertEquals(0, plugin.calls.stream().filter(call -> call.startsWith("start")).count());
    }

    private static String name(final KernelKey key)
    {
        return key.directoryName();
    }

    /** Does what the test says. */
    private static final class Scripted implements RuntimePlugin
    {
        final List<String> calls = new CopyOnWriteArrayList<>();
        final Map<String, KernelState> states = new ConcurrentHashMap<>();
        final CountDownLatch hung = new CountDownLatch(1);
        volatile KernelState next = KernelState.running(1, null);
        volatile Error thrown;
        volatile String hangs = "";
        volatile String silent = "";
        volatile boolean stubborn;

        long count(final String call)
        {
            return calls.stream().filter(call::equals).count();
        }

        @Override
        public String name()
        {
            return "scripted";
        }

        @Override
        public void open(final String setting, final RuntimeHost host)
        {
            calls.add("open");
        }

        @Override
        public void start(final PluginKernel kernel)
        {
            calls.add("start " + kernel.name());
            if (null != thrown)
            {
                throw thrown;
            }
            if ("start".equals(hangs))
            {
                hang();
            }
            states.put(kernel.name(), next);
        }

        /** As code does that knows no interruption. */
        private void hang()
        {
            boolean waits = true;
            while (waits)
            {
                try
                {
                    hung.await();
                    waits = false;
                }
                catch (final InterruptedException e)
                {
                    waits = true;
                }
            }
        }

        @Override
        public KernelState state(final PluginKernel kernel) throws IOException
        {
            if ("state".equals(hangs))
            {
                calls.add("hang " + kernel.name());
                hang();
            }
            if (kernel.name().equals(silent))
            {
                calls.add("fail " + kernel.name());
                throw new IOException("no idea");
            }
            calls.add("state " + kernel.name());
            return states.getOrDefault(kernel.name(), KernelState.absent());
        }

        @Override
        public void signal(final PluginKernel kernel, final int signal)
        {
            calls.add("signal " + signal + " " + kernel.name());
            if (9 == signal || !stubborn)
            {
                states.computeIfPresent(kernel.name(), (name, state) -> KernelState.ended(128 + signal, ""));
            }
        }

        @Override
        public Totals usage(final PluginKernel kernel)
        {
            return new Totals(1, 42, 42, -1, -1, -1, -1, 1);
        }

        @Override
        public void forget(final PluginKernel kernel)
        {
            calls.add("forget " + kernel.name());
            states.remove(kernel.name());
        }
    }
}
