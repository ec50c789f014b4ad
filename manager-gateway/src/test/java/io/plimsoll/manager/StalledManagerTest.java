package io.plimsoll.manager;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.plimsoll.core.pipeline.PipelineCounter;
import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.manager.bed.ManagerBed;
import io.plimsoll.manager.bed.TestAgent;
import io.plimsoll.transport.sbe.ReportKind;
import io.plimsoll.transport.sbe.ReportReason;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A manager that stands still for longer than anything may take to start, while agents go on and report. */
class StalledManagerTest
{
    private static final long STALL_SECONDS = 60;

    private final ManagerBed bed = new ManagerBed();
    private TestAgent agent;

    @BeforeEach
    void start()
    {
        bed.start();
        agent = bed.join("a");
        bed.submit(ManagerBed.session("s", 1, 1, false));
        agent.receive();
        assertEquals(1, agent.assigned.size());
    }

    private void stall()
    {
        bed.clock.advance(STALL_SECONDS, TimeUnit.SECONDS);
    }

    private void report(final ReportKind kind)
    {
        agent.report(agent.assigned.get(0), kind, ReportReason.NONE, -1);
    }

    private void assertState(final LifeState state)
    {
        assertEquals(state, bed.view().session(1).state());
        assertEquals(1, bed.view().session(1).attempt());
    }

    private long heldNs()
    {
        return bed.stages.pipeline().counters().get(PipelineCounter.HELD_NS);
    }

    @Test
    void shouldHandleWhatWasReportedBeforeItGivesUpWaitingForIt()
    {
        report(ReportKind.ACKNOWLEDGED);
        report(ReportKind.RUNNING);
        stall();
        bed.run();
        assertState(LifeState.RUNNING);
        assertEquals(TimeUnit.SECONDS.toNanos(STALL_SECONDS + 1), heldNs(), "and a second ahead");
    }

    @Test
    void shouldNotBlameAnAgentForWhatTheCoreCouldNotTake()
    {
        bed.pass(8, TimeUnit.SECONDS, agent);
        stall();
        bed.run();
        bed.pass(1, TimeUnit.SECONDS, agent);
        assertState(LifeState.SCHEDULED);
        report(ReportKind.RUNNING);
        bed.run();
        assertState(LifeState.RUNNING);
    }

    @Test
    void shouldGiveUpWhoDoesNotStartInTheTimeThatWasHeard()
    {
        bed.pass(8, TimeUnit.SECONDS, agent);
        stall();
        bed.run();
        bed.pass(4, TimeUnit.SECONDS, agent);
        assertEquals(LifeState.TERMINATING, bed.view().session(1).state());
    }

    @Test
    void shouldWaitWhileTheCoreTakesNothingFromTheUplink()
    {
        report(ReportKind.RUNNING);
        for (int i = 0; i < STALL_SECONDS; i++)
        {
            bed.clock.advance(1, TimeUnit.SECONDS);
            bed.stepPipeline();
        }
        assertState(LifeState.SCHEDULED);
        bed.run();
        assertState(LifeState.RUNNING);
    }

    @Test
    void shouldBecomeTheSameByWhatIsJournalled()
    {
        bed.pass(8, TimeUnit.SECONDS, agent);
        stall();
        bed.run();
        bed.start();
        assertState(LifeState.SCHEDULED);
        final TestAgent back = bed.join("a");
        bed.run();
        bed.pass(1, TimeUnit.SECONDS, back);
        assertEquals(1, bed.view().session(1).attempt());
    }
}
