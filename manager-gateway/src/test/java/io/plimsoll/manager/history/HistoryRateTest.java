package io.plimsoll.manager.history;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.plimsoll.manager.bed.ManagerBed;
import io.plimsoll.manager.bed.TestAgent;
import io.plimsoll.manager.control.SessionRequest;
import io.plimsoll.manager.database.TestPostgres;
import io.plimsoll.transport.sbe.ReportKind;
import io.plimsoll.transport.sbe.ReportReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * How fast history is made, of as many sessions as {@code plimsoll.history.sessions} says, which all run to their end;
 * the figures are in {@code target/history-rate.txt}.
 */
class HistoryRateTest
{
    private static final int SESSIONS = Integer.getInteger("plimsoll.history.sessions", 400);
    private static final int CHUNK = 200;

    @Test
    void shouldMakeARowOfEverySession() throws IOException
    {
        final ManagerBed bed = new ManagerBed().start();
        final TestAgent agent = new TestAgent(bed.links, bed.uplink, "large");
        agent.joinToken = ManagerBed.JOIN_TOKEN;
        agent.cpuMillis = 1_000L * CHUNK;
        agent.memoryBytes = 1L << 40;
        bed.attach(agent);
        for (int done = 0; done < SESSIONS; done += CHUNK)
        {
            final SessionRequest[] chunk = new SessionRequest[CHUNK];
            Arrays.fill(chunk, ManagerBed.session("session", 1, 1, false));
            bed.submit(chunk);
            run(bed, agent);
        }
        try (LifeHistory history =
            new LifeHistory(bed, TestPostgres.emptyDatabase(), new HistoryOptions(true, 0, 0)))
        {
            // Once for the classes, and once more.
            time(history);
            final CompletableFuture<Void> begun = history.service().rebuild(false);
            history.step();
            begun.join();
            final double seconds = time(history);
            assertEquals(
                List.of(Integer.toString(SESSIONS)),
                history.query("select count(*)::text from history_kernels where state = 'TERMINATED'"));
            Files.writeString(Path.of("target", "history-rate.txt"), String.format(
                Locale.ROOT, "%d sessions, %d records in %.2f s: %.0f sessions/s, %.0f records/s%n",
                SESSIONS, history.tailer.sequence(), seconds, SESSIONS / seconds, history.tailer.sequence() / seconds));
        }
    }

    private static double time(final LifeHistory history)
    {
        final long startNs = System.nanoTime();
        history.catchUp();
        return (System.nanoTime() - startNs) / 1e9;
    }

    private static void run(final ManagerBed bed, final TestAgent agent)
    {
        agent.assigned.clear();
        agent.receive();
        for (final TestAgent.Assigned kernel : agent.assigned)
        {
            agent.report(kernel, ReportKind.RUNNING, ReportReason.NONE, -1);
            agent.report(kernel, ReportKind.EXITED, ReportReason.COMPLETED, 0);
        }
        bed.clock.advance(10, TimeUnit.MILLISECONDS);
        agent.heartbeat();
        bed.run();
    }
}
