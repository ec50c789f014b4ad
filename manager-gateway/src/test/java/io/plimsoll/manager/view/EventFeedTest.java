package io.plimsoll.manager.view;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.manager.bed.ManagerBed;
import io.plimsoll.manager.bed.TestAgent;
import io.plimsoll.manager.view.EventFeed.FeedEvent;
import io.plimsoll.transport.sbe.ReportKind;
import io.plimsoll.transport.sbe.ReportReason;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EventFeedTest
{
    private final ManagerBed bed = new ManagerBed().start();
    private final List<FeedEvent> events = new ArrayList<>();
    private final List<String> gone = new ArrayList<>();

    @BeforeEach
    void runOneSession()
    {
        final TestAgent agent = bed.join("a");
        bed.submit(ManagerBed.session("one", 1, 1, false));
        agent.receive();
        agent.report(agent.assigned.get(0), ReportKind.RUNNING, ReportReason.NONE, -1);
        agent.report(agent.assigned.get(0), ReportKind.EXITED, ReportReason.EXIT_CODE, 3);
        bed.run();
    }

    private EventFeed.Subscription subscribe(final long afterSequence)
    {
        return bed.stages.events().subscribe(afterSequence, events::add, gone::add);
    }

    @Test
    void shouldTellStoryOfSession()
    {
        subscribe(0).request(1_000);
        bed.run();
        final List<String> types = events.stream().map(FeedEvent::type).distinct().toList();
        assertTrue(
            types.containsAll(
                List.of("manager.started", "agent.attached", "agent.state", "session.queued", "kernel.state",
                    "session.state")),
            types.toString());
        final FeedEvent last = events.stream().filter(event -> "session.state".equals(event.type()))
            .reduce((first, second) -> second).orElseThrow();
        assertEquals(
            "{\"sessionId\":1,\"state\":\"TERMINATED\",\"result\":\"failure\",\"reason\":\"exit-code\"," +
                "\"attempt\":1,\"exitCode\":3,\"group\":\"default\",\"owner\":\"" +
                bed.view().session(1).owner() + "\"}",
            last.json());
        assertTrue(last.timeNs() > 0);
    }

    @Test
    void shouldResumeFromAnyPlaceWithoutGapOrRepetition()
    {
        subscribe(0).request(Long.MAX_VALUE);
        bed.run();
        final List<FeedEvent> all = List.copyOf(events);
        for (int i = 0; i < all.size(); i++)
        {
            final long after = all.get(i).sequence();
            events.clear();
            final EventFeed.Subscription subscription = subscribe(after);
            subscription.request(Long.MAX_VALUE);
            bed.run();
            assertEquals(all.stream().filter(event -> event.sequence() > after).toList(), events);
            subscription.close();
            bed.run();
        }
        assertEquals(1, bed.stages.events().size());
    }

    @Test
    void shouldDeliverNoFasterThanAsked()
    {
        final EventFeed.Subscription subscription = subscribe(0);
        bed.run();
        assertEquals(0, events.size());
        subscription.request(2);
        bed.run();
        assertEquals(2, events.size());
        subscription.request(1);
        bed.run();
        assertEquals(3, events.size());
        assertThrows(IllegalArgumentException.class, () -> subscription.request(0));
    }

    @Test
    void shouldBeginNowOnRequest()
    {
        subscribe(-1).request(100);
        bed.run();
        assertEquals(0, events.size());
        bed.submit(ManagerBed.session("two", 1, 1, false));
        bed.run();
        assertEquals("session.queued", events.get(0).type());
        assertTrue(events.get(0).json().contains("\"name\":\"two\""), events.get(0).json());
    }

    @Test
    void shouldNameOldestKeptSequence()
    {
        bed.journal.pruneBelow(5);
        final IllegalArgumentException pruned = assertThrows(IllegalArgumentException.class, () -> subscribe(2));
        assertTrue(pruned.getMessage().contains("oldest kept is 5"), pruned.getMessage());
        subscribe(4).request(1);
        bed.run();
        assertTrue(events.get(0).sequence() >= 5);
    }

    @Test
    void shouldNotGoOnFromWhatIsPrunedThoughItIsTheFirstOfAll()
    {
        bed.stages.events().check(1, false, "");
        bed.journal.pruneBelow(2);
        assertThrows(IllegalArgumentException.class, () -> bed.stages.events().check(1, false, ""));
        bed.stages.events().check(1, true, "");
    }

    /** By the sequence alone while the journal is shorter, and by the reign when it has grown beyond that again. */
    @Test
    void shouldNotGoOnFromWhatTheJournalHasLost()
    {
        final long seen = bed.view().sequence();
        final String reign = bed.stages.events().reign(seen);
        assertEquals(8, reign.length());
        bed.stages.events().check(seen, true, reign);
        bed.journal.lose(4);
        bed.start();
        final long begun = bed.view().sequence();
        assertTrue(begun < seen, "begun=" + begun);
        assertEquals(begun, assertThrows(
            UnknownSequenceException.class, () -> bed.stages.events().check(seen, true, "")).newest());
        while (bed.view().sequence() <= seen)
        {
            bed.submit(ManagerBed.session("more", 1, 1, false));
        }
        assertEquals(seen - 4, assertThrows(
            UnknownSequenceException.class, () -> bed.stages.events().check(seen, true, reign)).newest());
        bed.stages.events().check(seen - 4, true, reign);
        assertEquals(0, assertThrows(
            UnknownSequenceException.class, () -> bed.stages.events().check(seen, true, "00000000")).newest());
        final String now = bed.stages.events().reign(seen);
        assertNotEquals(reign, now);
        bed.start();
        bed.stages.events().check(seen, true, now);
        assertEquals(reign, bed.stages.events().reign(seen - 4));
    }

    /** Also after a restart, and what says that it was forgotten too. */
    @Test
    void shouldSayWhoseSessionsWereThatAreForgotten()
    {
        final String owner = "\"group\":\"default\",\"owner\":\"" + bed.view().session(1).owner() + '"';
        bed.pass(601, TimeUnit.SECONDS);
        assertNull(bed.view().session(1));
        for (int start = 0; start < 2; start++)
        {
            assertEquals(-1, bed.view().ownerOf(1));
            assertEquals(0, bed.view().ownerEver(1));
            events.clear();
            subscribe(0).request(Long.MAX_VALUE);
            bed.run();
            assertTrue(events.stream().anyMatch(event -> "session.forgotten".equals(event.type())));
            events.stream().filter(event -> event.json().contains("\"sessionId\":1"))
                .forEach(event -> assertTrue(event.json().contains(owner), event.json()));
            bed.start();
        }
    }

    @Test
    void shouldNameTheTypesOfAllEvents()
    {
        subscribe(0).request(Long.MAX_VALUE);
        bed.run();
        events.forEach(event -> assertTrue(EventFeed.TYPES.contains(event.type()), event.type()));
    }

    @Test
    void shouldTellSubscribersOfTheEnd()
    {
        subscribe(0);
        bed.stages.events().onClose();
        assertEquals(List.of("shutting-down"), gone);
        assertEquals(0, bed.stages.events().size());
        assertThrows(RuntimeException.class, () -> subscribe(0));
    }
}
