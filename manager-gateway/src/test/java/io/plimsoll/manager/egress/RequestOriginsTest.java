package io.plimsoll.manager.egress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.manager.bed.ManagerBed;
import io.plimsoll.manager.bed.TestAgent;
import io.plimsoll.manager.control.RequestOrigin;
import io.plimsoll.manager.control.SubmitRequest;
import io.plimsoll.manager.view.EventFeed;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which request a session came from, with the real core. */
class RequestOriginsTest
{
    private final ManagerBed bed = new ManagerBed().start();
    private final List<EventFeed.FeedEvent> events = new ArrayList<>();

    @Test
    void shouldNameTheRequestInEveryEventOfItsSessions()
    {
        bed.stages.events().subscribe(0, events::add, reason -> events.clear()).request(Long.MAX_VALUE);
        submit("first", null, 1);
        submit("array", null, 10);
        bed.join("a").receive();
        bed.run();
        int named = 0;
        for (final EventFeed.FeedEvent event : events)
        {
            if (event.json().contains("\"sessionId\":"))
            {
                final boolean isFirst = event.json().contains("\"sessionId\":1,");
                assertTrue(
                    event.json().contains("\"requestId\":\"" + (isFirst ? "first" : "array") + '"'), event.json());
                named++;
            }
        }
        assertTrue(named >= 6, events.toString());
    }

    @Test
    void shouldRememberTheLastOnesAndNoOthers()
    {
        submit("a", "key", 3);
        submit("b", "key", 3);
        submit("c", null, 2);
        final RequestOrigins origins = origins();
        assertEquals("a", origins.find(1).requestId());
        assertEquals("a", origins.find(3).requestId());
        assertEquals(1, origins.firstOf(3));
        assertEquals("c", origins.find(4).requestId());
        assertEquals("c", origins.find(5).requestId());
        assertNull(origins.find(6));
        assertNull(origins.find(0));
        assertEquals(0, origins.firstOf(99));
    }

    /** So that lines of their logs have it. */
    @Test
    void shouldTellAgentsTheRequest()
    {
        final TestAgent agent = bed.join("a");
        submit("first", null, 1);
        bed.submit(ManagerBed.session("of-nobody", 1, 1, false));
        submit("x".repeat(64), null, 1);
        agent.receive();
        assertEquals(List.of("first", "", "x".repeat(64)), agent.requests);
    }

    private RequestOrigins origins()
    {
        return bed.stages.origins();
    }

    private void submit(final String requestId, final String key, final int count)
    {
        final var future = bed.stages.control().submit(new SubmitRequest(
            0, key, new byte[]{1}, List.of(ManagerBed.session("s", 1, count, count > 1)),
            new RequestOrigin(requestId, "")));
        bed.run();
        bed.answered(future).join();
    }
}
