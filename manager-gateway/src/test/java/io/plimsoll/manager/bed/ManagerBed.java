package io.plimsoll.manager.bed;

import io.plimsoll.core.SchedulerCore;
import io.plimsoll.core.pipeline.HostedCore;
import io.plimsoll.core.pipeline.ThreadingMode;
import io.plimsoll.core.sbe.OnLoss;
import io.plimsoll.core.sbe.SessionType;
import io.plimsoll.manager.ManagerClocks;
import io.plimsoll.manager.ManagerContext;
import io.plimsoll.manager.ManagerPorts;
import io.plimsoll.manager.ManagerStages;
import io.plimsoll.manager.RestoredView;
import io.plimsoll.manager.callback.CallbackPorts;
import io.plimsoll.manager.control.SessionRequest;
import io.plimsoll.manager.control.SessionTerms;
import io.plimsoll.manager.control.SubmitReply;
import io.plimsoll.manager.control.SubmitRequest;
import io.plimsoll.manager.link.AgentAuthority;
import io.plimsoll.manager.view.LiveViewStore;
import io.plimsoll.transport.LaunchSpec;
import io.plimsoll.transport.sbe.ReportKind;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** A manager over memory, stepped by the test, with the real core. */
public final class ManagerBed
{
    public static final String JOIN_TOKEN = "tokenid.joinsecret";

    private static final int STEPS_MAX = 10_000;
    private static final UUID CLUSTER_ID = new UUID(11, 22);

    public final SettableClock clock = new SettableClock();
    public final MemoryJournal journal = new MemoryJournal();
    public final ManagerContext context = new ManagerContext().threadingMode(ThreadingMode.SHARED);
    public MemoryLinks links;
    public MemoryUplink uplink;
    public ManagerStages stages;
    public RestoredView restored;
    public Throwable fatal;
    public int fatalCode;
    public boolean spaceKept = true;
    public CallbackPorts callbacks = CallbackPorts.NONE;
    /** What the core meets before each command; throws to break it. */
    public Consumer<DirectBuffer> beforeCommand = command ->
    {
    };

    private final Random random = new Random(42);

    /** Starts on what the journal holds, with new links, as after a crash. */
    public ManagerBed start()
    {
        links = new MemoryLinks();
        uplink = new MemoryUplink();
        final HostedCore core = new BreakableCore(new SchedulerCore(context.coreOptions()));
        restored = new RestoredView();
        journal.restore(
            record ->
            {
                core.restore(record);
                restored.onRecord(record);
            });
        stages = new ManagerStages(
            context,
            new ManagerPorts(
                CLUSTER_ID,
                core,
                journal,
                journal,
                () -> spaceKept,
                links,
                uplink,
                new TestAuthority(),
                callbacks),
            restored,
            new ManagerClocks(clock::epochNs, clock::monotonicNs, random::nextBytes),
            () ->
            {
            },
            (exitCode, cause) ->
            {
                fatalCode = exitCode;
                fatal = cause;
            });
        run();
        return this;
    }

    /** Steps until nothing is left to do. */
    public void run()
    {
        for (int i = 0; i < STEPS_MAX; i++)
        {
            if (0 == stages.step() && 0 == stages.step())
            {
                return;
            }
        }
        throw new IllegalStateException("never idle after " + STEPS_MAX + " steps");
    }

    /** One cycle of the agents' side and the sweeps, while the pipeline stands still. */
    public void stepIo()
    {
        try
        {
            stages.ioStage().doWork();
        }
        catch (final Exception e)
        {
            throw new IllegalStateException(e);
        }
    }

    /** One cycle of the pipeline, while the agents' side stands still. */
    public void stepPipeline()
    {
        try
        {
            stages.pipeline().sharedStage().doWork();
        }
        catch (final Exception e)
        {
            throw new IllegalStateException(e);
        }
    }

    /** Lets time pass in steps small enough for the tracker not to take them for a pause. */
    public void pass(final long amount, final TimeUnit unit, final TestAgent... beating)
    {
        final long endNs = clock.monotonicNs() + unit.toNanos(amount);
        while (clock.monotonicNs() < endNs)
        {
            clock.advance(
                Math.min(TimeUnit.MILLISECONDS.toNanos(500), endNs - clock.monotonicNs()), TimeUnit.NANOSECONDS);
            for (final TestAgent agent : beating)
            {
                agent.heartbeat();
            }
            run();
        }
    }

    public LiveViewStore view()
    {
        return stages.view();
    }

    /** An agent that has joined and sent an empty inventory, so that it gets work. */
    public TestAgent join(final String name)
    {
        final TestAgent agent = new TestAgent(links, uplink, name);
        agent.joinToken = JOIN_TOKEN;
        attach(agent);
        return agent;
    }

    /** Connects and sends an inventory of what it holds. */
    public void attach(final TestAgent agent, final TestAgent.Assigned... running)
    {
        agent.connect();
        run();
        agent.receive();
        long highest = 0;
        for (final TestAgent.Assigned kernel : agent.assigned)
        {
            highest = Math.max(highest, kernel.assignmentNo());
        }
        agent.inventory(highest, ReportKind.RUNNING, running);
        agent.heartbeat();
        run();
        agent.receive();
    }

    public static SessionRequest session(final String name, final int kernels, final int count, final boolean array)
    {
        return new SessionRequest(
            name,
            "default",
            SessionType.BATCH,
            10,
            kernels,
            count,
            array,
            1_000,
            1L << 20,
            Map.of(),
            0,
            TimeUnit.SECONDS.toNanos(10),
            OnLoss.WAIT,
            List.of(),
            new LaunchSpec(List.of("true"), Map.of(), null, null, 0, 0),
            SessionTerms.DEFAULTS);
    }

    public CompletableFuture<List<SubmitReply>> offer(final SessionRequest... sessions)
    {
        return stages.control().submit(new SubmitRequest(0, null, new byte[0], List.of(sessions)));
    }

    /** There is nothing left that could answer it: who waited for it now would wait for ever. */
    public <T> CompletableFuture<T> answered(final CompletableFuture<T> future)
    {
        if (!future.isDone())
        {
            throw new IllegalStateException("not answered, fatalCode=" + fatalCode, fatal);
        }
        return future;
    }

    /** Submits and steps until it is answered. */
    public SubmitReply submit(final SessionRequest... sessions)
    {
        final CompletableFuture<List<SubmitReply>> future = offer(sessions);
        run();
        return answered(future).join().get(0);
    }

    private final class BreakableCore extends HostedCore
    {
        private BreakableCore(final SchedulerCore core)
        {
            super(core);
        }

        @Override
        public int onCommand(
            final DirectBuffer buffer,
            final int offset,
            final int length,
            final long sequence,
            final long timestampNs,
            final MutableDirectBuffer eventsBuffer,
            final int eventsOffset)
        {
            beforeCommand.accept(new UnsafeBuffer(buffer, offset, length));
            return super.onCommand(buffer, offset, length, sequence, timestampNs, eventsBuffer, eventsOffset);
        }
    }

    private static final class TestAuthority implements AgentAuthority
    {
        @Override
        public boolean admits(final UUID uuid, final String credential)
        {
            return credential.equals("credential-of-" + uuid);
        }

        @Override
        public String join(final UUID uuid, final String joinToken)
        {
            return JOIN_TOKEN.equals(joinToken) ? "credential-of-" + uuid : null;
        }
    }
}
