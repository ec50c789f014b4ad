package io.plimsoll.loadtest.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.OnLoss;
import io.plimsoll.core.sbe.SessionType;
import io.plimsoll.journal.CommitMode;
import io.plimsoll.journal.JournalCursor;
import io.plimsoll.journal.JournalReader;
import io.plimsoll.journal.Retention;
import io.plimsoll.manager.GatewayLauncher;
import io.plimsoll.manager.Manager;
import io.plimsoll.manager.ManagerContext;
import io.plimsoll.manager.control.SessionRequest;
import io.plimsoll.manager.control.SessionTerms;
import io.plimsoll.manager.control.SubmitRequest;
import io.plimsoll.manager.replay.ReplayMoment;
import io.plimsoll.manager.snapshot.SnapshotOptions;
import io.plimsoll.transport.LaunchSpec;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A report of the directory of a manager that runs, of which the first records are gone for a snapshot. */
class LiveReportTest
{
    private static final long DEADLINE_NS = TimeUnit.SECONDS.toNanos(120);
    private static final int ELEMENTS = 10;

    @TempDir
    private Path directory;

    private ManagerContext context()
    {
        return new ManagerContext()
            .dataDirectory(directory)
            .apiAddress(new InetSocketAddress("127.0.0.1", 0))
            .commitMode(CommitMode.ASYNC)
            .segmentLength(1 << 17)
            .gatewayLauncher(GatewayLauncher.NONE)
            .fatalHandler(
                (exitCode, cause) ->
                {
                    throw new IllegalStateException("exitCode=" + exitCode, cause);
                });
    }

    private static void submit(final Manager manager, final int submissions) throws Exception
    {
        for (int i = 0; i < submissions; i++)
        {
            final SessionRequest request = new SessionRequest(
                "n" + i, "default", SessionType.BATCH, 10, 1, ELEMENTS, true, 1_000, 1L << 20, Map.of(), 0,
                TimeUnit.SECONDS.toNanos(10), OnLoss.WAIT, List.of(),
                new LaunchSpec(List.of("true"), Map.of(), null, null, 0, 0), SessionTerms.DEFAULTS);
            manager.services().control()
                .submit(new SubmitRequest(0, null, new byte[0], List.of(request)))
                .get(120, TimeUnit.SECONDS);
        }
    }

    private long oldestSequence()
    {
        try (JournalReader reader = JournalReader.open(directory.resolve("journal"));
            JournalCursor cursor = reader.cursor())
        {
            return cursor.oldestSequence();
        }
    }

    @Test
    void shouldBeginAtASnapshotBesideAManagerThatRuns() throws Exception
    {
        final SnapshotOptions often = new SnapshotOptions(1, 1, new Retention(1, 0, 0));
        try (Manager manager = Manager.launch(context().snapshots(often)))
        {
            final long deadlineNs = System.nanoTime() + DEADLINE_NS;
            while (oldestSequence() == 1)
            {
                submit(manager, 20);
                assertTrue(System.nanoTime() - deadlineNs < 0, "nothing was pruned");
            }
        }
        // This one prunes nothing while it is looked at.
        try (Manager manager = Manager.launch(context()))
        {
            submit(manager, 2);
            final Report report = new IncidentReport(directory)
                .of(ReplayMoment.parse("start", ZoneOffset.UTC), ReplayMoment.parse("end", ZoneOffset.UTC), 0);

            assertTrue(report.journal().snapshotSequence() > 0);
            assertEquals("", report.journal().fault());
            // Nobody has been placed: all that was ever asked for waits, also what only the snapshot knows of.
            final long pending = manager.services().view().counts().get(LifeState.PENDING);
            assertEquals(pending, report.totals().sessionsPendingAtEnd());
            assertTrue(report.totals().sessionsSubmitted() >= 2 * ELEMENTS);
            assertTrue(report.totals().sessionsSubmitted() < pending);
            final Report.LongWait first = report.waits().longest().get(0);
            assertEquals(1, first.sessionId());
            assertEquals("waiting", first.end());
            assertEquals("agents", first.causes().get(0).cause());
            submit(manager, 1);
            assertEquals(pending + ELEMENTS, manager.services().view().counts().get(LifeState.PENDING));
        }
    }
}
