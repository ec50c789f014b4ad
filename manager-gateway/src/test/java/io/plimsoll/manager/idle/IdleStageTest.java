package io.plimsoll.manager.idle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.plimsoll.core.SessionPart;
import io.plimsoll.core.sbe.FailurePolicy;
import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.Reason;
import io.plimsoll.core.sbe.Result;
import io.plimsoll.core.sbe.SessionType;
import io.plimsoll.manager.bed.ManagerBed;
import io.plimsoll.manager.bed.TestAgent;
import io.plimsoll.manager.control.AccountOptions;
import io.plimsoll.manager.control.SessionRequest;
import io.plimsoll.manager.control.SessionTerms;
import io.plimsoll.manager.identity.Identity;
import io.plimsoll.manager.identity.IdlePolicy;
import io.plimsoll.manager.identity.TestIdentity;
import io.plimsoll.manager.view.SessionView;
import io.plimsoll.manager.view.TerminalSource;
import io.plimsoll.transport.ContainerSpec;
import io.plimsoll.transport.LaunchSpec;
import io.plimsoll.transport.SessionNotes;
import io.plimsoll.transport.sbe.ReportKind;
import io.plimsoll.transport.sbe.ReportReason;
import io.plimsoll.transport.usage.Usage;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sessions that are not used, over links in memory and with the real core. */
class IdleStageTest implements TerminalSource.Listener
{
    private static final long MINUTE_NS = TimeUnit.MINUTES.toNanos(1);
    private static final IdlePolicy TEN_MINUTES = new IdlePolicy(10 * MINUTE_NS, 0, 0, 5, 5);
    private static final IdlePolicy LOW_USE = new IdlePolicy(0, 5 * MINUTE_NS, 2 * MINUTE_NS, 10, 20);
    private static final TerminalSource.Request REQUEST =
        new TerminalSource.Request(List.of("sh"), List.of(), "", "", true, true, 30, 100);

    private final ManagerBed bed = new ManagerBed().start();
    private TestAgent agent;
    private Identity identity = TestIdentity.of(1, IdlePolicy.NONE, IdlePolicy.NONE);

    @BeforeEach
    void join()
    {
        agent = bed.join("a");
        bed.stages.idle().identities(() -> identity);
        bed.stages.configuration().configureAccount(
            Integer.toString(TestIdentity.MEMBER),
            (current, known) -> AccountOptions.unlimited(TestIdentity.MEMBER, "ana@vision"));
        bed.run();
    }

    @AfterEach
    void shouldNotHaveFailed()
    {
        assertNull(bed.fatal);
    }

    private long run(final SessionType type, final SessionNotes notes, final ContainerSpec container)
    {
        final SessionRequest plain = ManagerBed.session("s", 1, 1, false);
        final LaunchSpec spec =
            new LaunchSpec(List.of("true"), Map.of(), null, null, 0, 0, container).withNotes(notes);
        final SessionTerms terms = new SessionTerms(
            TestIdentity.MEMBER, 0, SessionTerms.DEFAULTS.failurePolicy(), false, List.of(), List.of(), List.of());
        final long id = bed.submit(new SessionRequest(
            plain.name(), plain.group(), type, 10, 1, 1, false, 1_000, 1 << 20, plain.slots(), 0, plain.graceNs(),
            plain.onLoss(), List.of(), spec, terms)).firstId();
        agent.receive();
        agent.report(agent.assigned.get(agent.assigned.size() - 1), ReportKind.RUNNING, ReportReason.NONE, -1);
        bed.run();
        return id;
    }

    private long run(final SessionType type)
    {
        return run(type, SessionNotes.NONE, ContainerSpec.NONE);
    }

    /** Of two kernels: the main one asks for one core, the other for three. */
    private long runPair()
    {
        final SessionRequest plain = ManagerBed.session("pair", 1, 1, false);
        final SessionTerms terms = new SessionTerms(
            TestIdentity.MEMBER, 0, FailurePolicy.TOLERANT, false, List.of(), List.of(),
            List.of(new SessionPart(1, 3_000, 1 << 20, Map.of())));
        final long id = bed.submit(new SessionRequest(
            plain.name(), plain.group(), SessionType.INTERACTIVE, 10, 1, 1, false, 1_000, 1 << 20, plain.slots(), 0,
            plain.graceNs(), plain.onLoss(), List.of(), plain.spec(), terms)).firstId();
        agent.receive();
        agent.assigned.forEach(kernel -> agent.report(kernel, ReportKind.RUNNING, ReportReason.NONE, -1));
        bed.run();
        return id;
    }

    private void use(final long id, final long cpuMillis, final int gpuPercent, final long bytes)
    {
        useKernel(id << 10, cpuMillis, gpuPercent, bytes);
    }

    private void useKernel(final long kernelId, final long cpuMillis, final int gpuPercent, final long bytes)
    {
        final Usage usage = new Usage(
            1, cpuMillis, 1, 1, 0, 0, bytes, bytes < 0 ? -1 : 0, -1, -1, -1, -1, 1, gpuPercent, -1);
        agent.usage(Usage.NONE, kernelId, 1, usage);
        bed.run();
    }

    private void pass(final long seconds)
    {
        bed.pass(seconds, TimeUnit.SECONDS, agent);
    }

    private LifeState state(final long id)
    {
        return bed.view().session(id).state();
    }

    private String left(final long id)
    {
        final SessionView session = bed.view().session(id);
        final StringBuilder text = new StringBuilder();
        for (final IdleCheck check : bed.stages.idle().checks(session))
        {
            text.append(check.kind()).append(' ').append(TimeUnit.NANOSECONDS.toSeconds(check.remainingNs())).append(
                " of ").append(TimeUnit.NANOSECONDS.toSeconds(check.limitNs())).append(' ');
        }
        return text.toString().trim();
    }

    @Test
    void shouldEndASessionThatNothingGoesInOrOutOf()
    {
        identity = TestIdentity.of(2, new IdlePolicy(60 * MINUTE_NS, 0, 0, 5, 5), TEN_MINUTES);
        final long id = run(SessionType.INTERACTIVE);
        assertEquals("TRAFFIC 600 of 600", left(id), "the shortest of all levels holds");
        pass(599);
        assertEquals("TRAFFIC 1 of 600", left(id));
        assertEquals(LifeState.RUNNING, state(id));
        pass(2);
        assertEquals(LifeState.TERMINATING, state(id));
        assertEquals(Reason.IDLE_TIMEOUT, bed.view().session(id).reason());
        assertEquals("", left(id));
        agent.receive();
        agent.report(agent.assigned.get(0), ReportKind.EXITED, ReportReason.SIGNALLED, 143);
        bed.run();
        assertEquals(LifeState.TERMINATED, state(id));
        assertEquals(Result.UNDEFINED, bed.view().session(id).result());
        assertEquals(Reason.IDLE_TIMEOUT, bed.view().session(id).reason());
    }

    @Test
    void shouldBeginAnewWithEachByteOfATerminal()
    {
        identity = TestIdentity.of(2, IdlePolicy.NONE, TEN_MINUTES);
        final long id = run(SessionType.INTERACTIVE);
        pass(500);
        final TerminalSource.Stream stream = bed.stages.terminals().open(id << 10, 1, REQUEST, 100, this);
        agent.receive();
        assertEquals("TRAFFIC 100 of 600", left(id), "a terminal alone is no traffic");
        agent.terminalOutput(1, false, "prompt");
        bed.run();
        assertEquals("TRAFFIC 600 of 600", left(id));
        pass(400);
        agent.terminalCredit(1, 10);
        bed.run();
        stream.input(new byte[]{1}, false);
        assertEquals("TRAFFIC 600 of 600", left(id));
        pass(599);
        assertEquals(LifeState.RUNNING, state(id));
        pass(2);
        assertEquals(LifeState.TERMINATING, state(id));
    }

    @Test
    void shouldLeaveBatchSessionsAloneUnlessTheyAsk()
    {
        identity = TestIdentity.of(2, TEN_MINUTES, LOW_USE);
        final long spared = run(SessionType.BATCH);
        final long asking =
            run(SessionType.BATCH, new SessionNotes(2 * MINUTE_NS, 0, null, null, 0), ContainerSpec.NONE);
        assertEquals("", left(spared));
        assertEquals("TRAFFIC 120 of 120", left(asking));
        pass(122);
        assertEquals(LifeState.TERMINATING, state(asking));
        pass(1_200);
        assertEquals(LifeState.RUNNING, state(spared));
    }

    @Test
    void shouldCountBytesOfItsNetworkAndTakeNoiseForNothing()
    {
        identity = TestIdentity.of(2, IdlePolicy.NONE, TEN_MINUTES);
        final long id = run(SessionType.INTERACTIVE, SessionNotes.NONE, new ContainerSpec(
            null, 0, List.of(), List.of(8080)));
        pass(100);
        assertEquals("TRAFFIC 600 of 600", left(id), "nobody can tell whether its port is used");
        use(id, 0, -1, 1_000_000);
        pass(50);
        assertEquals("TRAFFIC 550 of 600", left(id));
        use(id, 0, -1, 1_004_000);
        pass(10);
        assertEquals("TRAFFIC 540 of 600", left(id), "80 bytes a second are noise");
        use(id, 0, -1, 2_000_000);
        pass(1);
        assertEquals("TRAFFIC 600 of 600", left(id));
    }

    @Test
    void shouldEndASessionThatUsesNextToNothingAfterItsGrace()
    {
        identity = TestIdentity.of(2, LOW_USE, new IdlePolicy(0, 60 * MINUTE_NS, 0, 50, 50));
        final long id = run(SessionType.INTERACTIVE);
        use(id, 50, 10, -1);
        pass(60);
        assertEquals("USE 360 of 300", left(id), "the shortest window holds, with the grace of its level");
        use(id, 50, 10, -1);
        pass(120);
        assertEquals("USE 240 of 300", left(id));
        use(id, 100, 10, -1);
        pass(1);
        assertEquals("USE 300 of 300", left(id), "it uses a tenth of what it asked for");
        use(id, 0, 30, -1);
        pass(60);
        assertEquals("USE 300 of 300", left(id), "its GPU is busy");
        use(id, 0, 19, -1);
        for (int minute = 0; minute < 4; minute++)
        {
            pass(60);
            use(id, 0, 19, -1);
        }
        assertEquals(LifeState.RUNNING, state(id));
        pass(61);
        assertEquals(Reason.LOW_USE, bed.view().session(id).reason());
        assertEquals(LifeState.TERMINATING, state(id));
    }

    @Test
    void shouldJudgeTheUseOfTheKernelsThatStillRun()
    {
        identity = TestIdentity.of(2, IdlePolicy.NONE, new IdlePolicy(0, 5 * MINUTE_NS, 0, 10, 20));
        final long id = runPair();
        use(id, 200, -1, -1);
        useKernel((id << 10) + 1, 0, -1, -1);
        pass(60);
        assertEquals("USE 240 of 300", left(id), "a twentieth of what both asked for");
        agent.report(agent.assigned.get(1), ReportKind.EXITED, ReportReason.NONE, 1);
        bed.run();
        assertEquals(LifeState.RUNNING, state(id));
        use(id, 200, -1, -1);
        pass(1);
        assertEquals("USE 300 of 300", left(id), "a fifth of what the one asked for that is left");
        for (int minute = 0; minute < 4; minute++)
        {
            use(id, 50, -1, -1);
            pass(60);
        }
        assertEquals("USE 60 of 300", left(id), "nothing more will come of the other");
        use(id, 50, -1, -1);
        pass(61);
        assertEquals(Reason.LOW_USE, bed.view().session(id).reason());
        assertEquals(LifeState.TERMINATING, state(id));
    }

    /** The policy comes when one has ended already. */
    @Test
    void shouldKnowWhichKernelsHadEndedBefore()
    {
        final long id = runPair();
        agent.report(agent.assigned.get(1), ReportKind.EXITED, ReportReason.NONE, 1);
        bed.run();
        identity = TestIdentity.of(3, IdlePolicy.NONE, new IdlePolicy(0, 5 * MINUTE_NS, 0, 10, 20));
        bed.run();
        use(id, 50, -1, -1);
        pass(100);
        assertEquals("USE 200 of 300", left(id));
        use(id, 100, -1, -1);
        pass(1);
        assertEquals("USE 300 of 300", left(id), "a tenth of what the one asked for");
    }

    @Test
    void shouldNotHoldASessionToWhatNobodyCouldSee()
    {
        identity = TestIdentity.of(2, TEN_MINUTES, new IdlePolicy(0, 5 * MINUTE_NS, 0, 10, 20));
        final long id = run(SessionType.INTERACTIVE);
        use(id, 0, 0, -1);
        pass(140);
        assertEquals("TRAFFIC 460 of 600 USE 160 of 300", left(id));
        pass(20);
        assertEquals("TRAFFIC 440 of 600 USE 300 of 300", left(id), "its agent has said nothing of it for long");
        bed.links.drop(agent.linkId);
        bed.run();
        pass(50);
        assertEquals("TRAFFIC 600 of 600 USE 300 of 300", left(id), "its agent is not connected");
    }

    @Test
    void shouldNotCountTimeInWhichTheManagerStoodStill()
    {
        identity = TestIdentity.of(2, IdlePolicy.NONE, TEN_MINUTES);
        final long id = run(SessionType.INTERACTIVE);
        pass(300);
        bed.clock.advance(2, TimeUnit.HOURS);
        bed.stages.idle().doWork();
        assertEquals("TRAFFIC 300 of 600", left(id));
    }

    @Test
    void shouldBeginAnewWhenTheManagerStarts()
    {
        identity = TestIdentity.of(2, IdlePolicy.NONE, TEN_MINUTES);
        final long id = run(SessionType.INTERACTIVE);
        pass(599);
        bed.clock.advance(1, TimeUnit.HOURS);
        bed.start();
        bed.stages.idle().identities(() -> identity);
        bed.run();
        assertEquals("TRAFFIC 600 of 600", left(id));
        assertEquals(LifeState.RUNNING, state(id));
    }

    @Test
    void shouldFollowPoliciesThatChangeAndKeepWhatIsCounted()
    {
        final long id = run(SessionType.INTERACTIVE);
        assertEquals("", left(id));
        identity = TestIdentity.of(3, IdlePolicy.NONE, TEN_MINUTES);
        bed.run();
        pass(100);
        assertEquals("TRAFFIC 500 of 600", left(id));
        identity = TestIdentity.of(4, IdlePolicy.NONE, new IdlePolicy(3 * MINUTE_NS, 0, 0, 5, 5));
        bed.run();
        assertEquals("TRAFFIC 80 of 180", left(id));
        identity = TestIdentity.of(5, IdlePolicy.NONE, IdlePolicy.NONE);
        bed.run();
        assertEquals("", left(id));
        pass(1_000);
        assertEquals(LifeState.RUNNING, state(id));
    }

    @Override
    public void onData(final boolean stderr, final byte[] content)
    {
        // It is enough that it came.
    }

    @Override
    public void onInputCredit(final int bytes)
    {
        // Input is given as it is wanted.
    }

    @Override
    public void onEnd(final TerminalSource.End how)
    {
        // Nobody waits for it.
    }
}
