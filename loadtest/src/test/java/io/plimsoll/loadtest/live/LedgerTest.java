package io.plimsoll.loadtest.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LedgerTest
{
    private final List<Long> latencies = new ArrayList<>();
    private final Ledger ledger = new Ledger(1, (dueNs, latencyNs) -> latencies.add(latencyNs), 1_000);

    @Test
    void shouldFindNothingWrongWhereNothingIs()
    {
        ledger.onPromised(40_000, 20_000, 2_000);
        for (long id = 40_000; id < 60_000; id++)
        {
            run(ledger, id, 1);
        }

        final Ledger.Audit audit = ledger.audit(true, 0);
        assertEquals(20_000, audit.promised());
        assertEquals(20_000, audit.done());
        assertEquals(List.of(0L, 0L, 0L, 0L), wrong(audit));
        assertEquals(List.of(), audit.examples());
    }

    @Test
    void shouldFindWhatWasPromisedAndNotRun()
    {
        ledger.onPromised(7, 3, 2_000);
        run(ledger, 7, 1);
        run(ledger, 9, 1);

        assertEquals(1, ledger.audit(true, 0).lost());
        final List<String> examples = ledger.audit(true, 0).examples();
        assertTrue(examples.get(0).startsWith("session 8 "), examples.toString());
    }

    @Test
    void shouldFindWhatEndedBadlyAndWasNotRunAgain()
    {
        ledger.onPromised(7, 2, 2_000);
        ledger.onStarted(7, 0, 1);
        ledger.onEnded(7, 0, 1, 143);
        ledger.onStarted(8, 0, 1);
        ledger.onEnded(8, 0, 1, 143);
        run(ledger, 8, 2);

        assertEquals(List.of(1L, 0L, 0L, 0L), wrong(ledger.audit(true, 0)));
    }

    @Test
    void shouldFindAnAttemptThatStartedTwice()
    {
        ledger.onPromised(7, 1, 2_000);
        ledger.onStarted(7, 0, 1);
        ledger.onEnded(7, 0, 1, 143);
        run(ledger, 7, 1);

        assertEquals(List.of(0L, 1L, 0L, 0L), wrong(ledger.audit(true, 0)));
    }

    /** What a manager has left of an earlier load test it tells agents of the same names to end. */
    @Test
    void shouldNotTakeWhatIsToldToEndForWhatRan()
    {
        ledger.onKilled(5, 0, 1);
        ledger.onPromised(7, 1, 2_000);
        run(ledger, 7, 1);

        assertEquals(List.of(0L, 0L, 0L, 0L), wrong(ledger.audit(true, 0)));
        assertEquals(List.of(), ledger.audit(true, 0).examples());

        ledger.onStarted(6, 0, 1);
        ledger.onEnded(6, 0, 1, 143);
        assertEquals(1, ledger.audit(true, 0).unpromised());
    }

    @Test
    void shouldFindTwoAttemptsAtTheSameTime()
    {
        ledger.onPromised(7, 1, 2_000);
        ledger.onStarted(7, 0, 1);
        ledger.onKilled(7, 0, 1);
        ledger.onStarted(7, 0, 2);
        ledger.onEnded(7, 0, 1, 143);
        ledger.onEnded(7, 0, 2, 0);

        assertEquals(List.of(0L, 1L, 0L, 0L), wrong(ledger.audit(true, 0)));
    }

    @Test
    void shouldTellWhatTheManagerHadGivenUpFromWhatRanTwice()
    {
        ledger.onPromised(7, 2, 2_000);
        run(ledger, 7, 1);
        ledger.onKilled(7, 0, 1);
        run(ledger, 7, 2);
        run(ledger, 8, 1);
        run(ledger, 8, 2);

        assertEquals(List.of(0L, 1L, 1L, 0L), wrong(ledger.audit(true, 0)));
        final List<String> examples = ledger.audit(true, 0).examples();
        assertTrue(examples.get(0).startsWith("session 8 "), examples.toString());
    }

    @Test
    void shouldFindWhatRanThoughNobodyWasToldThatItWasAccepted()
    {
        ledger.onPromised(7, 1, 2_000);
        run(ledger, 7, 1);
        run(ledger, 8, 1);

        assertEquals(List.of(0L, 0L, 0L, 1L), wrong(ledger.audit(true, 0)));
    }

    @Test
    void shouldCountSessionsOfWhichOneKernelIsMissing()
    {
        final Ledger gangs = new Ledger(2, (dueNs, latencyNs) -> latencies.add(latencyNs), 1_000);
        gangs.onPromised(7, 2, 2_000);
        run(gangs, 7, 1);
        gangs.onStarted(7, 1, 1);
        gangs.onEnded(7, 1, 1, 0);
        run(gangs, 8, 1);

        assertEquals(List.of(1L, 0L, 0L, 0L), wrong(gangs.audit(true, 0)));
        assertEquals(3, gangs.done());
    }

    @Test
    void shouldMeasureFromTheDueTimeWhicheverIsKnownFirst()
    {
        ledger.onPromised(7, 1, 2_000);
        ledger.onAssigned(7, 0, 2_500);
        ledger.onAssigned(7, 0, 9_000);
        ledger.onAssigned(8, 0, 2_700);
        ledger.onPromised(8, 1, 2_100);
        ledger.onPromised(8, 1, 2_100);

        assertEquals(List.of(500L, 600L), latencies);
        assertEquals(2, ledger.promised());
        assertEquals(2, ledger.assigned());
    }

    private static void run(final Ledger ledger, final long id, final int attempt)
    {
        ledger.onStarted(id, 0, attempt);
        ledger.onEnded(id, 0, attempt, 0);
    }

    private static List<Long> wrong(final Ledger.Audit audit)
    {
        return List.of(audit.lost(), audit.doubled(), audit.repeated(), audit.unpromised());
    }
}
