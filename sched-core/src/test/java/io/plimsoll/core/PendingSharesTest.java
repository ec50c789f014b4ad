package io.plimsoll.core;

import static io.plimsoll.core.testkit.AccountSettings.account;
import static io.plimsoll.core.testkit.AccountSettings.user;
import static io.plimsoll.core.testkit.SubmitSpec.session;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.core.sbe.AccountLevel;
import io.plimsoll.core.sbe.Backfill;
import io.plimsoll.core.sbe.CommandRejectedDecoder;
import io.plimsoll.core.sbe.MessageHeaderDecoder;
import io.plimsoll.core.sbe.SessionType;
import io.plimsoll.core.testkit.Commands;
import io.plimsoll.core.testkit.CoreHarness;
import io.plimsoll.core.testkit.SubmitSpec;
import java.util.List;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a group lets wait is for all who may use it: none of them can have all of it. */
class PendingSharesTest
{
    private static final int ALICE = 5;
    private static final int BOB = 6;
    private static final int CAROL = 7;
    private static final int NOBODY = 0;
    private static final int MOST = 100;

    private final CoreHarness core = CoreHarness.started();

    @BeforeEach
    void limit()
    {
        group("default", MOST, Backfill.GREEDY);
        configure(ALICE, "alice");
        configure(BOB, "bob");
        configure(CAROL, "carol");
    }

    private void group(final String name, final int pendingMax, final Backfill backfill)
    {
        final Commands.GroupSettings settings = new Commands.GroupSettings();
        settings.name = name;
        settings.pendingMax = pendingMax;
        settings.backfill = backfill;
        core.run(core.command.configureGroup(settings));
    }

    private void configure(final int id, final String name)
    {
        assertEquals("account-configured", core.run(core.command.configureAccount(user(id, name))).get(0));
    }

    private List<String> submit(final int owner, final SubmitSpec... sessions)
    {
        return core.run(core.command.submitAs(owner, sessions));
    }

    private boolean isTaken(final int owner, final SubmitSpec... sessions)
    {
        final List<String> events = submit(owner, sessions);
        final boolean taken = events.stream().anyMatch(event -> event.startsWith("accepted"));
        assertTrue(taken || events.get(0).startsWith("rejected TOO_MANY_PENDING"), () -> events.toString());
        return taken;
    }

    /** With what it says at length. */
    private String refused(final int owner, final SubmitSpec... sessions)
    {
        final String event = submit(owner, sessions).get(0);
        final List<byte[]> blocks = core.blocks();
        final CommandRejectedDecoder decoder = new CommandRejectedDecoder().wrapAndApplyHeader(
            new UnsafeBuffer(blocks.get(blocks.size() - 1)), RecordFlyweight.EVENT_HEADER_LENGTH,
            new MessageHeaderDecoder());
        decoder.skipField();
        return event + ": " + decoder.detail();
    }

    /** Sessions that an owner gets in, one by one, until it is refused or has that many. */
    private int flood(final int owner, final int most)
    {
        int taken = 0;
        while (taken < most && isTaken(owner, session()))
        {
            taken++;
        }
        return taken;
    }

    @Test
    void shouldLeaveHalfOfWhatIsFreeToOthers()
    {
        assertEquals(MOST / 2, flood(ALICE, MOST));
        assertEquals(
            "rejected TOO_MANY_PENDING entry 0 subject 0 requested 1 limit 50 field count: " +
                "user alice: pending sessions: used 50 + requested 1 > limit 50 (over by 1)",
            refused(ALICE, session()));
        assertEquals(MOST / 4, flood(BOB, MOST));
        assertEquals(13, flood(CAROL, MOST));
        assertEquals(0, flood(ALICE, 1));
        core.run(core.command.cancel(1, 50));
        assertTrue(flood(CAROL, MOST) > 0, "what others have given back is for everybody");
    }

    @Test
    void shouldCountArraysAndAllOfASubmission()
    {
        assertTrue(!isTaken(ALICE, session().arrayOf(51)));
        assertTrue(!isTaken(ALICE, session().arrayOf(30), session().arrayOf(20), session()));
        assertEquals(
            "rejected TOO_MANY_PENDING entry 1 subject 0 requested 30 limit 50 field count: " +
                "user alice: pending sessions: used 30 + requested 30 > limit 50 (over by 10)",
            refused(ALICE, session().arrayOf(30), session().arrayOf(30)));
        assertTrue(isTaken(ALICE, session().arrayOf(30), session().arrayOf(20)));
        assertTrue(isTaken(BOB, session().arrayOf(25)));
    }

    @Test
    void shouldCountAUserOnceWhateverKeypairsAndProjectsItHas()
    {
        core.run(core.command.configureAccount(account(20, AccountLevel.PROJECT, "p")));
        core.run(core.command.configureAccount(account(21, AccountLevel.KEYPAIR, "k1").under(ALICE)));
        core.run(core.command.configureAccount(account(22, AccountLevel.KEYPAIR, "k2").under(ALICE)));
        core.run(core.command.configureAccount(account(23, AccountLevel.MEMBER, "k2 in p").under(22).in(20)));
        assertEquals(20, flood(21, 20));
        assertEquals(20, flood(22, 20));
        assertEquals(10, flood(23, MOST));
        assertEquals(0, flood(21, 1));
        assertEquals(25, flood(BOB, MOST));
    }

    @Test
    void shouldHoldNobodyToItWhoCountsForNobody()
    {
        assertEquals(MOST, flood(NOBODY, MOST + 1));
        assertEquals(
            "rejected TOO_MANY_PENDING entry 0 subject 0 requested 1 limit 100 field count: ",
            refused(ALICE, session()));
    }

    @Test
    void shouldLetTheFirstOfEachInAsLongAsThereIsRoom()
    {
        group("default", 3, Backfill.GREEDY);
        assertEquals(2, flood(ALICE, 3));
        assertEquals(1, flood(BOB, 3));
        assertEquals(0, flood(CAROL, 3));
        group("one", 1, Backfill.GREEDY);
        assertTrue(isTaken(CAROL, session().in("one")));
    }

    @Test
    void shouldLookAtWhatWaitsElsewhereOnlyWhereMoreThanHalfIsTaken()
    {
        group("other", MOST, Backfill.GREEDY);
        assertEquals(MOST / 2, flood(ALICE, MOST));
        assertTrue(isTaken(ALICE, session().in("other").arrayOf(40)));
        assertTrue(isTaken(NOBODY, session().in("other").arrayOf(9)));
        assertTrue(isTaken(ALICE, session().in("other")));
        assertEquals(
            "rejected TOO_MANY_PENDING entry 0 subject 0 requested 1 limit 50 field count: " +
                "user alice: pending sessions: used 91 + requested 1 > limit 50 (over by 42)",
            refused(ALICE, session().in("other")));
        assertTrue(isTaken(BOB, session().in("other")));
    }

    @Test
    void shouldShareWhatPromisesCanFollow()
    {
        final int most = ShadowTable.ROWS_MAX;
        group("promised", 2 * most, Backfill.PREDICTIVE);
        assertTrue(isTaken(ALICE, session().in("promised").arrayOf(most / 2)));
        assertTrue(!isTaken(ALICE, session().in("promised")));
        assertTrue(isTaken(BOB, session().in("promised").arrayOf(most / 4)));
    }

    /** Whoever comes in whatever order: nobody has more than half, and one who has nothing gets something. */
    @Test
    void shouldNeverBeFullForNewcomers()
    {
        final Random random = new Random(7);
        for (int i = 0; i < 2_000; i++)
        {
            final int owner = ALICE + random.nextInt(3);
            final SubmitSpec spec = session().arrayOf(1 + random.nextInt(9));
            if (0 == random.nextInt(8))
            {
                spec.type(SessionType.SYSTEM);
            }
            isTaken(owner, spec);
        }
        configure(8, "newcomer");
        assertTrue(isTaken(8, session()));
    }

    @Test
    void shouldCountWhatIsOfTypeSystemAlsoAfterARestore()
    {
        for (int i = 0; i < MOST / 2; i++)
        {
            assertTrue(isTaken(ALICE, session().type(SessionType.SYSTEM)));
        }
        final SchedulerCore restored = core.restored();
        final AccountTable accounts = restored.state().accounts;
        assertEquals(MOST / 2, accounts.get(accounts.systemPending, accounts.find(ALICE)));
        assertEquals(0, flood(ALICE, 1));
        assertTrue(!isTaken(ALICE, session().type(SessionType.SYSTEM)));
        core.core().state().dropCaches();
        assertTrue(!isTaken(ALICE, session().type(SessionType.SYSTEM)));
        assertTrue(isTaken(BOB, session().type(SessionType.SYSTEM)));
    }
}
