package io.plimsoll.manager.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.manager.bed.ManagerBed;
import io.plimsoll.manager.control.SubmitReply;
import io.plimsoll.manager.view.EventFeed;
import io.plimsoll.manager.view.IdRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * A reader of events that is killed and resumed again and again, while sessions come and go and the manager crashes.
 * By hand with more of them: {@code -Dplimsoll.sessions=100000}.
 */
class EventResumeTest
{
    private static final int SESSIONS = Integer.getInteger("plimsoll.sessions", 5_000);
    private static final int KILLS = 100;
    private static final int CRASHES = 5;
    private static final int ARRAY_MAX = 60;

    private final Random random = new Random(Long.getLong("plimsoll.seed", 7));
    private final ManagerBed bed = new ManagerBed().start();
    private final List<String> seen = new ArrayList<>();
    private EventFeed.Subscription subscription;
    private int dropped;

    private static String id(final EventFeed.FeedEvent event)
    {
        return event.sequence() + "." + event.index();
    }

    /** As the stream does with the Last-Event-ID of its client. */
    private void resume()
    {
        final EventPosition position = seen.isEmpty() ?
            EventPosition.parse("0") : EventPosition.parse(seen.get(seen.size() - 1));
        subscription = bed.stages.events().subscribe(
            position.afterSequence(),
            event ->
            {
                if (!position.covers(event))
                {
                    seen.add(id(event));
                }
            },
            reason -> dropped++);
    }

    private void live()
    {
        final int elements = 1 + random.nextInt(ARRAY_MAX);
        final SubmitReply reply = bed.submit(ManagerBed.session("s", 1, elements, true));
        // Many ends in one record: a reader that is killed may have some of them.
        bed.stages.control().cancel(List.of(new IdRange(reply.firstId(), reply.firstId() + elements - 1)));
        subscription.request(1 + random.nextInt(2 * ARRAY_MAX));
        for (int steps = random.nextInt(20); steps > 0; steps--)
        {
            bed.stages.step();
        }
    }

    @Test
    void shouldSeeEachEventOnceAndInOrder()
    {
        final int rounds = SESSIONS * 2 / ARRAY_MAX;
        resume();
        for (int round = 0; round < rounds; round++)
        {
            live();
            if (round % Math.max(1, rounds / KILLS) == 0)
            {
                subscription.close();
                resume();
            }
            if (round % Math.max(1, rounds / CRASHES) == rounds / CRASHES - 1)
            {
                // It dies in the middle of whatever it does: what was shown is in the journal.
                bed.start();
                resume();
            }
        }
        subscription.request(Long.MAX_VALUE);
        bed.run();
        subscription.close();
        final List<String> all = new ArrayList<>();
        bed.stages.events().subscribe(0, event -> all.add(id(event)), reason -> dropped++).request(Long.MAX_VALUE);
        bed.run();
        assertTrue(all.size() > SESSIONS, "events: " + all.size());
        assertEquals(all, seen);
        assertEquals(0, dropped);
    }
}
