package io.plimsoll.core;

import static io.plimsoll.core.testkit.SubmitSpec.session;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.core.sbe.Backfill;
import io.plimsoll.core.sbe.Reason;
import io.plimsoll.core.sbe.ReportKind;
import io.plimsoll.core.testkit.AgentHello;
import io.plimsoll.core.testkit.Commands;
import io.plimsoll.core.testkit.Commands.GroupSettings;
import io.plimsoll.core.testkit.CoreHarness;
import io.plimsoll.core.testkit.SeededRandom;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How much work conservative backfilling is when many wait: counted, not timed. */
class ConservativeWorkTest
{
    private static final int AGENTS = 60;
    private static final int WAITING = 400;
    private static final int ENDS = 60;
    private final SeededRandom random = new SeededRandom(11);
    private final Deque<Long> running = new ArrayDeque<>();
    private CoreHarness core;
    private int waiting;
    private int moved;

    @Test
    void shouldNotLookAtEverybodyForEachReservationThatMoves()
    {
        final GroupSettings settings = new GroupSettings();
        settings.backfill = Backfill.CONSERVATIVE;
        core = CoreHarness.started(CoreOptions.defaults(), settings);
        for (int i = 1; i <= AGENTS; i++)
        {
            core.join(new AgentHello(i, 8000, 1000));
        }
        while (waiting < WAITING)
        {
            submit();
        }
        final ConservativeQueue queue = (ConservativeQueue)core.core().state().schedule.queue(0);
        final long before = queue.looks();
        moved = 0;
        for (int i = 0; i < ENDS; i++)
        {
            core.advance(Commands.SECOND_NS);
            follow(core.report(running.remove(), 0, ReportKind.EXITED, Reason.NONE, 0));
        }
        final long looks = queue.looks() - before;
        assertTrue(moved > 3 * ENDS, "reservations that moved: " + moved);
        assertTrue(looks < moved * (WAITING / 3), "looks=" + looks + " moved=" + moved);
    }

    private void submit()
    {
        waiting++;
        final long walltimeNs = random.between(600, 60_000) * Commands.SECOND_NS;
        follow(core.run(core.command.submitAs(
            1, session().cpu(random.between(1, 8) * 1000L).mem(0).walltime(walltimeNs))));
    }

    private void follow(final List<String> events)
    {
        for (final String event : events)
        {
            moved += event.startsWith("reserved ") ? 1 : 0;
            if (event.startsWith("assigned "))
            {
                waiting--;
                running.add(Long.parseLong(event.split(" ")[1].split("\\.")[0]));
                follow(core.report(running.getLast(), 0, ReportKind.RUNNING, Reason.NONE, 0));
            }
        }
    }
}
