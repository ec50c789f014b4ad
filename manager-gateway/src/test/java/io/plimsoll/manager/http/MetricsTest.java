package io.plimsoll.manager.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.manager.database.DatabaseOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.hawkular.agent.prometheus.types.Gauge;
import org.hawkular.agent.prometheus.types.Metric;
import org.hawkular.agent.prometheus.types.MetricFamily;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a whole manager without agents shows to Prometheus. */
class MetricsTest
{
    @TempDir
    Path directory;

    @Test
    void shouldShowWhatPrometheusUnderstands() throws IOException
    {
        try (SharedManager api = new SharedManager(directory, DatabaseOptions.NONE))
        {
            final String admin = api.administrator;
            api.call(200, admin, "PUT", "/v1/accounts/alice",
                "{\"level\": \"user\", \"sessionsMax\": 3, \"limits\": {\"cpu\": \"2\", \"mem\": \"1g\"}}");
            final long first = api.submit(admin, SharedManager.TRUE);
            api.submit(admin, "{\"command\": [\"/bin/true\"], \"after\": [" + first + "]}");
            final Map<String, MetricFamily> families = MetricsLint.check(scrape(api));
            final Map<String, Double> waiting = gauges(families.get("plimsoll_queue_sessions"));
            assertEquals(1, waiting.get("{group=default, reason=room}"));
            assertEquals(1, waiting.get("{group=default, reason=dependency}"));
            assertEquals(0, waiting.get("{group=default, reason=limit}"));
            final Map<String, Double> limits = gauges(families.get("plimsoll_owner_slots_limit"));
            assertEquals(2, limits.get("{level=user, owner=alice, slot=cpu}"));
            assertEquals(1L << 30, limits.get("{level=user, owner=alice, slot=mem}"));
            for (final String name : new String[]
            {
                "plimsoll_core_batch_seconds", "plimsoll_journal_append_seconds", "plimsoll_journal_commit_seconds",
                "plimsoll_journal_bytes", "plimsoll_journal_free_bytes", "plimsoll_journal_follower_lag_records",
                "plimsoll_http_request_duration_seconds", "plimsoll_ring_occupancy", "plimsoll_agents",
                "plimsoll_owner_sessions", "jvm_memory_used_bytes", "process_cpu_seconds_total"
            })
            {
                assertTrue(families.containsKey(name), name);
            }
            assertFalse(0 == gauges(families.get("plimsoll_journal_bytes")).get("{}"));
        }
    }

    private static String scrape(final SharedManager api) throws IOException
    {
        final var response = api.send(api.administrator, "GET", "/metrics", null);
        assertEquals(200, response.statusCode());
        return response.body();
    }

    private static Map<String, Double> gauges(final MetricFamily family)
    {
        final Map<String, Double> values = new TreeMap<>();
        for (final Metric metric : family.getMetrics())
        {
            values.put(new TreeMap<>(metric.getLabels()).toString(), ((Gauge)metric).getValue());
        }
        return values;
    }
}
