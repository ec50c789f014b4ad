package io.plimsoll.core;

import static io.plimsoll.core.testkit.SubmitSpec.session;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.core.sbe.FailurePolicy;
import io.plimsoll.core.sbe.Reason;
import io.plimsoll.core.sbe.ReportKind;
import io.plimsoll.core.testkit.Commands;
import io.plimsoll.core.testkit.Commands.GroupSettings;
import io.plimsoll.core.testkit.CoreHarness;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the end of one kernel means for its session, and what failed starts mean for their agent. */
class FailurePolicyTest
{
    private static final long SECOND_NS = Commands.SECOND_NS;

    private final GroupSettings settings = new GroupSettings();
    private CoreHarness core;

    private void start()
    {
        core = CoreHarness.started(CoreOptions.defaults(), settings);
        core.join(1, 4000, 10_000);
    }

    private void submit(final FailurePolicy policy, final int kernels)
    {
        start();
        core.run(core.command.submit(session().kernels(kernels).failurePolicy(policy)));
    }

    private List<String> run(final int index)
    {
        return core.report(1, index, ReportKind.RUNNING, Reason.NONE, 0);
    }

    private List<String> exit(final int index, final int code)
    {
        return core.report(1, index, ReportKind.EXITED, Reason.NONE, code);
    }

    private List<String> fail(final int index)
    {
        return core.report(1, index, ReportKind.FAILED, Reason.LAUNCH_FAILED, 0);
    }

    private static void assertHas(final List<String> events, final String start)
    {
        assertTrue(events.stream().anyMatch(event -> event.startsWith(start)), start + " in " + events);
    }

    private static void assertHasNot(final List<String> events, final String start)
    {
        assertTrue(events.stream().noneMatch(event -> event.startsWith(start)), start + " in " + events);
    }

    @Test
    void shouldNotMissASubKernelOnceAllHaveBooted()
    {
        submit(FailurePolicy.BOOT_ALL, 3);
        run(0);
        run(1);
        assertHas(run(2), "session 1 RUNNING");
        assertHasNot(exit(1, 3), "session");
        assertHasNot(core.report(1, 2, ReportKind.FAILED, Reason.SUPERVISOR_DIED, 0), "session");
        assertHas(exit(0, 0), "session 1 TERMINATED SUCCESS COMPLETED attempt 1 exit 0");
    }

    @Test
    void shouldFailTheAttemptWhenOneDoesNotBoot()
    {
        submit(FailurePolicy.BOOT_ALL, 2);
        run(0);
        final List<String> failed = fail(1);
        assertHas(failed, "session 1 TERMINATING UNDEFINED LAUNCH_FAILED");
        assertHas(failed, "kill 1.0 agent 1 SIBLING_FAILED");
        assertHas(exit(0, 0), "session 1 PENDING UNDEFINED LAUNCH_FAILED attempt 1");
    }

    @Test
    void shouldEndTheOthersWhenTheMainKernelHasDoneItsWork()
    {
        submit(FailurePolicy.BOOT_ALL, 2);
        run(0);
        run(1);
        final List<String> done = exit(0, 0);
        assertHas(done, "session 1 TERMINATING SUCCESS COMPLETED");
        assertHas(done, "kill 1.1 agent 1 COMPLETED");
        final List<String> gone = core.report(1, 1, ReportKind.EXITED, Reason.COMPLETED, 143);
        assertHas(gone, "kernel 1.1 TERMINATED COMPLETED exit 143");
        assertHas(gone, "session 1 TERMINATED SUCCESS COMPLETED attempt 1 exit 0");
    }

    @Test
    void shouldWaitForAllKernelsUnderTheStrictPolicy()
    {
        submit(FailurePolicy.STRICT, 2);
        run(0);
        run(1);
        assertHasNot(exit(0, 0), "session");
        assertHas(exit(1, 0), "session 1 TERMINATED SUCCESS");
    }

    @Test
    void shouldTolerateASubKernelThatNeverStarts()
    {
        submit(FailurePolicy.TOLERANT, 3);
        run(0);
        assertHasNot(fail(1), "session");
        assertHas(run(2), "session 1 RUNNING");
        assertHas(exit(0, 4), "session 1 TERMINATING FAILURE EXIT_CODE attempt 1 exit 4");
        assertHas(exit(2, 0), "session 1 TERMINATED FAILURE EXIT_CODE attempt 1 exit 4");
    }

    @Test
    void shouldExpectTheEndOfASubKernelThatIsTooSlowByTheLimitOfTheOthers()
    {
        start();
        core.run(core.command.submit(
            session().kernels(2).failurePolicy(FailurePolicy.TOLERANT).walltime(5 * SECOND_NS)));
        core.report(1, 0, ReportKind.PREPARING, Reason.NONE, 0);
        assertHas(core.pass(10 * SECOND_NS), "kill 1.1 agent 1 START_TIMEOUT");
        new CoreInvariants(core.core()).check();
        assertHas(run(0), "session 1 RUNNING");
        new CoreInvariants(core.core()).check();
    }

    @Test
    void shouldGoOnWithoutASubKernelThatIsTooSlow()
    {
        submit(FailurePolicy.TOLERANT, 2);
        run(0);
        final List<String> late = core.pass(10 * SECOND_NS);
        assertHas(late, "kill 1.1 agent 1 START_TIMEOUT");
        assertHas(late, "session 1 RUNNING");
        assertHas(core.pass(40 * SECOND_NS), "kernel 1.1 TERMINATED TERMINATION_TIMEOUT exit -1 held");
        core.restart();
        assertHas(exit(0, 0), "session 1 TERMINATED SUCCESS COMPLETED");
        assertEquals(3000, core.core().state().agents.free(1, SlotTable.CPU));
    }

    @Test
    void shouldNeedTheMainKernelAlways()
    {
        submit(FailurePolicy.TOLERANT, 2);
        run(1);
        assertHas(fail(0), "session 1 TERMINATING UNDEFINED LAUNCH_FAILED");
        assertHas(exit(1, 0), "session 1 PENDING UNDEFINED LAUNCH_FAILED attempt 1");
    }

    @Test
    void shouldOutliveTheWalltimeOfASubKernel()
    {
        start();
        core.run(core.command.submit(
            session().kernels(2).failurePolicy(FailurePolicy.TOLERANT).walltime(100 * SECOND_NS)));
        run(1);
        core.advance(5 * SECOND_NS);
        run(0);
        assertHasNot(core.report(1, 1, ReportKind.EXITED, Reason.WALLTIME, 143), "session");
        assertHas(exit(0, 0), "session 1 TERMINATED SUCCESS");
    }

    /* Quarantine. */

    private void quarantining(final int after, final long lengthNs)
    {
        settings.quarantineAfter = after;
        settings.quarantineNs = lengthNs;
        settings.attemptsMax = 10;
        start();
        core.run(core.command.submit(session(), session(), session()));
    }

    private List<String> fail(final long sessionId, final Reason reason)
    {
        return core.report(sessionId, 0, ReportKind.FAILED, reason, 0);
    }

    @Test
    void shouldQuarantineAnAgentThatSwallowsWhateverItGets()
    {
        quarantining(3, 60 * SECOND_NS);
        assertHasNot(fail(1, Reason.LAUNCH_FAILED), "agent");
        assertHasNot(fail(2, Reason.PULL_FAILED), "agent");
        assertHas(fail(3, Reason.LAUNCH_FAILED), "agent 1 connected reconciled ALIVE quarantined");
        assertHasNot(core.pass(59 * SECOND_NS), "assigned");
        core.restart();
        final List<String> over = core.pass(SECOND_NS);
        assertEquals("agent 1 connected reconciled ALIVE", over.get(0));
        assertHas(over, "assigned 1.0 agent 1");
    }

    @Test
    void shouldNotQuarantineForOneBadSession()
    {
        settings.quarantineAfter = 3;
        settings.attemptsMax = 10;
        start();
        core.run(core.command.submit(session().kernels(4)));
        for (int i = 0; i < 4; i++)
        {
            assertHasNot(fail(i), "agent");
        }
        core.pass(SECOND_NS);
        assertHasNot(fail(0), "agent");
    }

    @Test
    void shouldCountOnlyFailuresInARow()
    {
        quarantining(3, 0);
        fail(1, Reason.LAUNCH_FAILED);
        fail(2, Reason.LAUNCH_FAILED);
        core.report(3, ReportKind.RUNNING);
        core.pass(SECOND_NS);
        assertHasNot(fail(1, Reason.LAUNCH_FAILED), "agent");
        assertHasNot(fail(2, Reason.LAUNCH_FAILED), "agent");
    }

    @Test
    void shouldCountTimeoutsOnceAndReturnWhenAnOperatorSaysSo()
    {
        quarantining(3, 0);
        assertHas(core.pass(10 * SECOND_NS), "agent 1 connected reconciled ALIVE quarantined");
        assertEquals(0, core.core().state().agents.failedStarts.get(1), "a new row begins");
        for (long id = 1; id <= 3; id++)
        {
            fail(id, Reason.NEVER_STARTED);
        }
        assertHasNot(core.pass(3600 * SECOND_NS), "assigned");
        final List<String> resumed = core.run(core.command.drain(1, false));
        assertHas(resumed, "agent 1 connected reconciled ALIVE");
        assertHas(resumed, "assigned 1.0 agent 1");
    }

    @Test
    void shouldKeepQuarantineOverAReconnection()
    {
        quarantining(1, 0);
        assertHas(fail(1, Reason.LAUNCH_FAILED), "agent 1 connected reconciled ALIVE quarantined");
        core.run(core.command.agentDisconnected(1, 1));
        core.join(1, 4000, 10_000);
        assertHasNot(core.run(core.command.submit(session())), "assigned");
    }
}
