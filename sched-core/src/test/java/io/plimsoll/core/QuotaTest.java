package io.plimsoll.core;

import static io.plimsoll.core.testkit.AccountSettings.account;
import static io.plimsoll.core.testkit.AccountSettings.user;
import static io.plimsoll.core.testkit.SubmitSpec.session;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.core.sbe.AccountLevel;
import io.plimsoll.core.sbe.CommandRejectedDecoder;
import io.plimsoll.core.sbe.MessageHeaderDecoder;
import io.plimsoll.core.sbe.Reason;
import io.plimsoll.core.sbe.ReportKind;
import io.plimsoll.core.sbe.SessionType;
import io.plimsoll.core.testkit.AccountSettings;
import io.plimsoll.core.testkit.AgentHello;
import io.plimsoll.core.testkit.Commands;
import io.plimsoll.core.testkit.CoreHarness;
import io.plimsoll.core.testkit.SubmitSpec;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class QuotaTest
{
    private static final int ALICE = 5;
    private static final int BOB = 6;
    private static final int PROJECT = 2;
    private static final int DOMAIN = 1;

    private final CoreHarness core = CoreHarness.started();

    @BeforeEach
    void join()
    {
        core.join(1, 100_000, 100_000);
    }

    private void configure(final AccountSettings settings)
    {
        assertEquals("account-configured", core.run(core.command.configureAccount(settings)).get(0));
    }

    private List<String> submit(final int owner, final SubmitSpec... sessions)
    {
        return core.run(core.command.submitAs(owner, sessions));
    }

    private static boolean has(final List<String> events, final String start)
    {
        return events.stream().anyMatch(event -> event.startsWith(start));
    }

    private String report(final long sessionId)
    {
        final CoreState state = core.core().state();
        final LimitReport report = new LimitReport(state);
        new Quotas(state).report(state.sessions.shape.get(state.sessions.find(sessionId)), report);
        return report.text().getStringWithoutLengthAscii(0, report.render());
    }

    private String rejectedDetail()
    {
        final byte[] block = core.blocks().get(core.blocks().size() - 1);
        final UnsafeBuffer buffer = new UnsafeBuffer(block);
        final CommandRejectedDecoder event = new CommandRejectedDecoder().wrapAndApplyHeader(
            buffer, RecordFlyweight.EVENT_HEADER_LENGTH, new MessageHeaderDecoder());
        event.skipField();
        return event.detail();
    }

    @Test
    void shouldHoldBackWhoIsOverAndSayByHowMuch()
    {
        configure(user(ALICE, "alice").limit("cpu", 10_000));
        submit(ALICE, session().cpu(4000), session().cpu(3000).mem(200));
        final List<String> events = submit(ALICE, session().cpu(4000).mem(200));
        assertFalse(has(events, "assigned"));
        assertEquals("user alice: cpu: used 7 + requested 4 > limit 10 (over by 1)", report(3));
        assertTrue(has(submit(BOB, session().cpu(4000)), "assigned 4.0"), "others are not held up");
        assertTrue(has(submit(ALICE, session().cpu(2500)), "assigned 5.0"), "nor is what still fits");
        core.report(1, ReportKind.RUNNING);
        assertTrue(has(core.report(1, ReportKind.EXITED), "assigned 3.0"));
    }

    @Test
    void shouldNameEveryLimitOfEveryLevel()
    {
        configure(account(DOMAIN, AccountLevel.DOMAIN, "d").limit("cpu", 3500));
        configure(account(PROJECT, AccountLevel.PROJECT, "p").under(DOMAIN).limit("cpu", 3000).limit("mem", 150));
        configure(user(ALICE, "alice").under(PROJECT).limit("cpu", 1000).sessions(1));
        configure(user(BOB, "bob").under(PROJECT));
        submit(BOB, session().cpu(2000));
        submit(ALICE, session().cpu(1000).mem(1));
        submit(ALICE, session().cpu(1500).mem(50));
        assertEquals(
            "user alice: sessions: used 1 + requested 1 > limit 1 (over by 1); " +
                "user alice: cpu: used 1 + requested 1.5 > limit 1 (over by 1.5); " +
                "project p: cpu: used 3 + requested 1.5 > limit 3 (over by 1.5); " +
                "project p: mem: used 101 + requested 50 > limit 150 (over by 1); " +
                "domain d: cpu: used 3 + requested 1.5 > limit 3.5 (over by 1)",
            report(3));
    }

    /** A user works in two projects, with a keypair in each of them and another one in the first. */
    @Test
    void shouldCountWhoWorksInSeveralProjectsForEachAndOnceForThemselves()
    {
        final int memberOfP = PROJECT + 10;
        final int memberOfQ = PROJECT + 11;
        final int keypair = PROJECT + 12;
        configure(account(DOMAIN, AccountLevel.DOMAIN, "d").limit("cpu", 9000));
        configure(account(PROJECT, AccountLevel.PROJECT, "p").under(DOMAIN).limit("cpu", 2000));
        configure(account(PROJECT + 1, AccountLevel.PROJECT, "q").under(DOMAIN).limit("cpu", 5000));
        configure(user(ALICE, "alice").under(DOMAIN).limit("cpu", 6000));
        configure(account(keypair, AccountLevel.KEYPAIR, "key").under(ALICE).sessions(3));
        configure(account(memberOfP, AccountLevel.MEMBER, "key in p").under(keypair).in(PROJECT));
        configure(account(memberOfQ, AccountLevel.MEMBER, "key in q").under(keypair).in(PROJECT + 1));
        assertTrue(has(submit(memberOfP, session().cpu(2000)), "assigned 1.0"));
        assertTrue(has(submit(memberOfQ, session().cpu(3000)), "assigned 2.0"));
        assertFalse(has(submit(memberOfP, session().cpu(2000)), "assigned"));
        assertEquals(
            "user alice: cpu: used 5 + requested 2 > limit 6 (over by 1); " +
                "project p: cpu: used 2 + requested 2 > limit 2 (over by 2)",
            report(3));
        assertTrue(has(submit(memberOfQ, session().cpu(1000)), "assigned 4.0"));
        assertFalse(has(submit(memberOfQ, session().cpu(4000)), "assigned"));
        assertEquals(
            "keypair key: sessions: used 3 + requested 1 > limit 3 (over by 1); " +
                "user alice: cpu: used 6 + requested 4 > limit 6 (over by 4); " +
                "project q: cpu: used 4 + requested 4 > limit 5 (over by 3); " +
                "domain d: cpu: used 6 + requested 4 > limit 9 (over by 1)",
            report(5));
        configure(account(memberOfQ, AccountLevel.MEMBER, "key in q").under(keypair).in(PROJECT));
        assertEquals(
            "keypair key: sessions: used 3 + requested 1 > limit 3 (over by 1); " +
                "user alice: cpu: used 6 + requested 4 > limit 6 (over by 4); " +
                "project p: cpu: used 6 + requested 4 > limit 2 (over by 8); " +
                "domain d: cpu: used 6 + requested 4 > limit 9 (over by 1)",
            report(5));
        assertEquals(core.core().stateHash(), core.restored().stateHash());
    }

    @Test
    void shouldRefuseAProjectThatIsNoneAndOneOfWhoIsNoMember()
    {
        configure(user(ALICE, "alice"));
        assertEquals(
            List.of("rejected UNKNOWN_ACCOUNT entry 0 subject 77 requested 77 limit 0 field projectId"),
            core.run(core.command.configureAccount(account(BOB, AccountLevel.MEMBER, "m").under(ALICE).in(77))));
        assertEquals(
            List.of("rejected OUT_OF_RANGE entry 0 subject 5 requested 2 limit 1 field projectId"),
            core.run(core.command.configureAccount(account(BOB, AccountLevel.MEMBER, "m").under(ALICE).in(ALICE))));
        assertEquals(
            List.of("rejected OUT_OF_RANGE entry 0 subject 5 requested 5 limit 0 field projectId"),
            core.run(core.command.configureAccount(account(BOB, AccountLevel.KEYPAIR, "m").under(ALICE).in(ALICE))));
    }

    @Test
    void shouldBlockAllAtZeroAndNobodyWithoutALimit()
    {
        configure(user(ALICE, "alice").sessions(0));
        configure(user(BOB, "bob"));
        assertFalse(has(submit(ALICE, session()), "assigned"));
        assertTrue(has(submit(BOB, session().arrayOf(20)), "assigned 21.0"));
        configure(user(ALICE, "alice").sessions(1));
        assertTrue(core.core().state().sessions.liveIn(core.core().state().sessions.find(1), 1) > 0);
    }

    @Test
    void shouldCountSystemSessionsApart()
    {
        configure(user(ALICE, "alice").sessions(0).systemSessions(1).limit("cpu", 0).pending(0));
        final SubmitSpec system = session().type(SessionType.SYSTEM);
        assertTrue(has(submit(ALICE, system), "assigned 1.0"));
        assertFalse(has(submit(ALICE, system), "assigned"));
        assertEquals("user alice: system sessions: used 1 + requested 1 > limit 1 (over by 1)", report(2));
        core.report(1, ReportKind.RUNNING);
        assertTrue(has(core.report(1, ReportKind.EXITED), "assigned 2.0"));
    }

    @Test
    void shouldTellApartSystemSessionsThatAskForTheSame()
    {
        configure(user(ALICE, "alice").sessions(0));
        final List<String> events = submit(ALICE, session(), session().type(SessionType.SYSTEM));
        assertFalse(has(events, "assigned 1.0"));
        assertTrue(has(events, "assigned 2.0"));
    }

    @Test
    void shouldCountAllKernelsOfAGang()
    {
        configure(user(ALICE, "alice").limit("cpu", 3000));
        assertFalse(has(submit(ALICE, session().kernels(4)), "assigned"));
        assertEquals("user alice: cpu: used 0 + requested 4 > limit 3 (over by 1)", report(1));
        assertTrue(has(submit(ALICE, session().kernels(3)), "assigned 2.2"));
    }

    @Test
    void shouldRefuseWhatMayNotEvenWait()
    {
        configure(user(ALICE, "alice").kernels(2).pending(2).pendingLimit("cpu", 3000).priority(10).sessions(0));
        assertTrue(has(submit(ALICE, session().kernels(3).cpu(1)), "rejected QUOTA_EXCEEDED entry 0"));
        assertEquals("user alice: kernels: requested 3 > limit 2 (over by 1)", rejectedDetail());
        submit(ALICE, session().priority(50));
        assertEquals("user alice: priority: requested 50 > limit 10 (over by 40)", rejectedDetail());
        assertTrue(has(submit(ALICE, session().cpu(2000)), "queued 1"));
        assertTrue(has(submit(ALICE, session().cpu(1001)), "rejected QUOTA_EXCEEDED"));
        assertEquals("user alice: pending cpu: used 2 + requested 1.001 > limit 3 (over by 0.001)", rejectedDetail());
        assertTrue(has(submit(ALICE, session().cpu(1000).mem(90_000)), "queued 2"), "no limit on mem");
        submit(ALICE, session().cpu(500).mem(0));
        assertEquals(
            "user alice: pending sessions: used 2 + requested 1 > limit 2 (over by 1); " +
                "user alice: pending cpu: used 3 + requested 0.5 > limit 3 (over by 0.5)",
            rejectedDetail());
        core.run(core.command.cancel(1, 1));
        assertTrue(has(submit(ALICE, session().cpu(1)), "queued 3"));
    }

    @Test
    void shouldLookAtASubmissionAsAWhole()
    {
        configure(user(ALICE, "alice").pending(2));
        assertTrue(has(submit(ALICE, session(), session(), session()), "rejected QUOTA_EXCEEDED entry 2"));
        assertTrue(has(submit(ALICE, session().arrayOf(3)), "rejected QUOTA_EXCEEDED entry 0"));
        assertTrue(has(submit(ALICE, session(), session()), "accepted"));
    }

    @Test
    void shouldRefuseTypesThatAreNotAllowed()
    {
        final Commands.GroupSettings group = new Commands.GroupSettings();
        group.name = "inference";
        group.allowedTypes = 1 << 2;
        group.kernelsMax = 2;
        core.run(core.command.configureGroup(group));
        configure(user(ALICE, "alice").types(0b1110));
        assertTrue(has(submit(ALICE, session().in("inference").kernels(3)), "rejected TYPE_NOT_ALLOWED entry 0"));
        assertEquals(
            "group inference: type: batch is not allowed; " +
                "group inference: kernels: requested 3 > limit 2 (over by 1); " +
                "user alice: type: batch is not allowed",
            rejectedDetail());
        assertTrue(has(submit(ALICE, session().in("inference").type(SessionType.INFERENCE)), "queued"));
        assertTrue(has(submit(BOB, session()), "queued"));
    }

    @Test
    void shouldTakeLimitsOfSlotsThatNobodyHasYet()
    {
        final List<String> events =
            core.run(core.command.configureAccount(user(ALICE, "alice").limit("cuda.device", 1).limit("mem", 500)));
        assertEquals(List.of("slot-defined", "slot-defined", "account-configured"), events);
        core.join(new AgentHello(2, 8000, 8000).slot("cuda.device", 4));
        assertTrue(has(submit(ALICE, session().slot("cuda.device", 1)), "assigned 1.0"));
        assertFalse(has(submit(ALICE, session().slot("cuda.device", 1)), "assigned"));
        assertEquals("user alice: cuda.device: used 1 + requested 1 > limit 1 (over by 1)", report(2));
        final AccountSettings misspelt = user(ALICE, "alice").limit("No such", 1);
        assertTrue(has(core.run(core.command.configureAccount(misspelt)), "rejected UNKNOWN_SLOT"));
    }

    @Test
    void shouldCountWhatIsHeldUntilItIsProvenGone()
    {
        configure(user(ALICE, "alice").limit("cpu", 1000));
        submit(ALICE, session(), session());
        core.report(1, ReportKind.RUNNING);
        core.run(core.command.cancel(1, 1));
        final List<String> events = core.pass(3600 * Commands.SECOND_NS);
        assertTrue(has(events, "session 1 TERMINATED"), events.toString());
        assertFalse(has(events, "assigned 2.0"), events.toString());
        assertTrue(has(
            core.report(1, 0, ReportKind.EXITED, Reason.SIGNALLED, 143), "assigned 2.0"), core.last().toString());
    }

    @Test
    void shouldCountFromTheStartWhatAnAccountAlreadyUses()
    {
        submit(ALICE, session(), session());
        configure(account(PROJECT, AccountLevel.PROJECT, "p").limit("cpu", 3000));
        configure(user(ALICE, "alice").under(PROJECT));
        assertTrue(has(submit(ALICE, session()), "assigned 3.0"));
        assertFalse(has(submit(ALICE, session()), "assigned"));
        configure(account(PROJECT + 1, AccountLevel.PROJECT, "q").limit("cpu", 4000));
        final List<String> events = core.run(core.command.configureAccount(user(ALICE, "alice").under(PROJECT + 1)));
        assertTrue(has(events, "assigned 4.0"), "moved to where there is room");
        assertEquals(0, core.core().state().accounts.used(core.core().state().accounts.find(PROJECT), SlotTable.CPU));
        new CoreInvariants(core.core()).check();
    }
}
