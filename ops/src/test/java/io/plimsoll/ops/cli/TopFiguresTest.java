package io.plimsoll.ops.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TopFiguresTest
{
    private static final String EARLIER = page(10, 0, 0);
    private static final String NOW = page(30, 8, 10);

    private static String page(final int submitted, final int quick, final int all)
    {
        return """
            # HELP plimsoll_ring_size Entries
            # TYPE plimsoll_ring_size gauge
            plimsoll_ring_size 8192
            plimsoll_ring_occupancy 3
            plimsoll_sessions_submitted_total %d
            plimsoll_queue_sessions{group="a \\"b\\"",reason="room"} 7
            plimsoll_queue_sessions{group="a \\"b\\"",reason="limit"} 2
            plimsoll_queue_oldest_wait_seconds{group="a \\"b\\""} 61.5
            plimsoll_submit_to_assigned_seconds_bucket{group="a \\"b\\"",le="0.5"} %d
            plimsoll_submit_to_assigned_seconds_bucket{group="a \\"b\\"",le="1"} %d
            plimsoll_submit_to_assigned_seconds_bucket{group="a \\"b\\"",le="+Inf"} %d
            plimsoll_submit_to_assigned_seconds_count{group="a \\"b\\""} %d
            nonsense
            """.formatted(submitted, quick, all, all, all);
    }

    @Test
    void shouldTellQueuesAndRatesSinceTheLookBefore()
    {
        final TopFigures figures = new TopFigures(new MetricsReader(NOW), new MetricsReader(EARLIER), 4);
        final JsonValue queue = JsonValue.of(Map.of("q", figures.queues())).field("q").items().get(0);
        assertEquals("a \"b\"", queue.text("group"));
        assertEquals("7", queue.text("room"));
        assertEquals("2", queue.text("limit"));
        assertEquals("0", queue.text("time"));
        assertEquals("61.5", queue.text("oldestWaitSeconds"));
        assertEquals(0.3125, Double.parseDouble(queue.text("assignSecondsP50")), 1e-9);
        assertEquals(0.975, Double.parseDouble(queue.text("assignSecondsP99")), 1e-9);
        assertEquals("", queue.text("startSecondsP50"));
        final JsonValue manager = JsonValue.of(figures.manager());
        assertEquals(5, Double.parseDouble(manager.text("submittedPerSecond")));
        assertTrue(TopFigures.line(manager).startsWith("submitted 5.0/s, placed 0.0/s"), TopFigures.line(manager));
        assertTrue(TopFigures.line(manager).endsWith("ring 3/8192"), TopFigures.line(manager));
    }

    @Test
    void shouldCountAnewWhatWasStartedAnewAndTellNothingOfNothing()
    {
        final TopFigures restarted = new TopFigures(new MetricsReader(EARLIER), new MetricsReader(NOW), 2);
        assertEquals(5.0, restarted.manager().get("submittedPerSecond"));
        final TopFigures nothing = new TopFigures(new MetricsReader(""), null, 0);
        assertEquals(List.of(), nothing.queues());
        assertEquals(Map.of(), nothing.manager());
        assertEquals("-", TopFigures.seconds(""));
        assertEquals("250us", TopFigures.seconds("0.00025"));
        assertEquals("2.5ms", TopFigures.seconds("0.0025"));
    }
}
