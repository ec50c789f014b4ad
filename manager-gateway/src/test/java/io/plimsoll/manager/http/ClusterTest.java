package io.plimsoll.manager.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.manager.Counters;
import io.plimsoll.manager.Health;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ClusterTest
{
    private ServedApi api;

    @BeforeEach
    void serve() throws IOException
    {
        api = new ServedApi();
    }

    @AfterEach
    void close() throws IOException
    {
        api.close();
    }

    @Test
    void shouldShowAgentsByIdAndName() throws IOException
    {
        final JsonNode list = api.call(200, "GET", "/v1/agents", null);
        assertEquals(1, list.get("agents").size());
        final JsonNode agent = api.call(200, "GET", "/v1/agents/1", null);
        assertEquals(agent, api.call(200, "GET", "/v1/agents/node-1", null));
        assertEquals(agent, api.call(200, "GET", "/v1/agents/node%2D1", null));
        assertEquals("ALIVE", agent.get("state").asText());
        assertEquals("2", agent.at("/capacity/cpu").asText());
        assertEquals("0.5", agent.at("/used/cpu").asText());
        final JsonNode problem = api.problem(404, "unknown-agent", "GET", "/v1/agents/node-2", null);
        assertTrue(problem.path("detail").asText().contains("did you mean \"node-1\"?"), problem.toString());
        api.problem(404, "unknown-agent", "GET", "/v1/agents/77", null);
    }

    @Test
    void shouldDrainAndResume() throws IOException
    {
        assertTrue(api.call(200, "POST", "/v1/agents/node-1/drain", null).get("drained").asBoolean());
        assertTrue(api.call(200, "GET", "/v1/agents/1", null).get("drained").asBoolean());
        assertFalse(api.call(200, "POST", "/v1/agents/1/resume", null).get("drained").asBoolean());
        api.problem(404, "unknown-agent", "POST", "/v1/agents/2/drain", null);
        api.problem(405, "method-not-allowed", "GET", "/v1/agents/1/drain", null);
    }

    @Test
    void shouldTellStrangersOnlyWhereToGo() throws IOException
    {
        api.manager.put(1, LifeState.RUNNING);
        final JsonNode whole = api.call(200, "GET", "/v1/cluster", null);
        assertEquals("c0ffee00-0000-4000-8000-000000000001", whole.get("clusterId").asText());
        assertEquals(1, whole.at("/sessions/RUNNING").asInt());
        assertEquals(1, whole.at("/agents/ALIVE").asInt());
        try (RawClient client = api.connect())
        {
            client.send("GET /v1/cluster HTTP/1.1\r\nHost: x\r\n\r\n");
            assertEquals(
                "{\"apiVersion\":\"v1\",\"agentPort\":7078,\"build\":\"0.1.0\"}", client.read().text());
            client.send("GET /v1/cluster HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer wrong\r\n\r\n");
            assertEquals(401, client.read().status());
        }
    }

    @Test
    void shouldLeaveLostTailOnlyByAnOperatorsWord() throws IOException
    {
        api.manager.view.lostTail = true;
        assertTrue(api.call(200, "GET", "/v1/cluster", null).get("lostTail").asBoolean());
        api.problem(400, "missing-field", "POST", "/v1/recover", "{}");
        api.problem(400, "wrong-type", "POST", "/v1/recover", "{\"acceptLoss\": false}");
        api.problem(400, "unknown-field", "POST", "/v1/recover", "{\"acceptLos\": true}");
        assertFalse(api.call(200, "POST", "/v1/recover", "{\"acceptLoss\": true}").get("lostTail").asBoolean());
    }

    @Test
    void shouldReleaseHeldFailovers() throws IOException
    {
        api.problem(409, "nothing-held", "POST", "/v1/liveness/confirm", null);
        api.manager.held.addAll(List.of("default", "gpu"));
        assertEquals("[\"default\",\"gpu\"]", sorted(api.call(200, "GET", "/v1/cluster", null).get("heldFailovers")));
        assertEquals(
            "[\"gpu\"]",
            api.call(200, "POST", "/v1/liveness/confirm", "{\"group\": \"gpu\"}").get("released").toString());
        api.problem(409, "nothing-held", "POST", "/v1/liveness/confirm", "{\"group\": \"gpu\"}");
        assertEquals(
            "[\"default\"]", api.call(200, "POST", "/v1/liveness/confirm", "{}").get("released").toString());
    }

    @Test
    void shouldTellHealthWithReasons() throws IOException
    {
        assertTrue(api.call(200, "GET", "/health/live", null).get("live").asBoolean());
        assertTrue(api.call(200, "GET", "/health/ready", null).get("ready").asBoolean());
        api.manager.health = new Health(true, List.of(new Health.Check("lost-tail", false, "agent node-1")));
        assertTrue(api.call(200, "GET", "/health/live", null).get("live").asBoolean());
        final JsonNode ready = api.call(503, "GET", "/health/ready", null);
        assertEquals("lost-tail", ready.at("/checks/0/name").asText());
        assertEquals("agent node-1", ready.at("/checks/0/detail").asText());
        api.manager.health = new Health(false, List.of());
        api.call(503, "GET", "/health/live", null);
    }

    @Test
    void shouldExposeMetrics() throws IOException
    {
        api.manager.put(1, LifeState.RUNNING);
        api.manager.counters.increment(Counters.Counter.HEARTBEATS);
        api.manager.counters.gauge("sessions{state=\"RUNNING\"}", "Sessions", () -> 1);
        api.manager.counters.gauge("ring_occupancy", "Entries in the ring", () -> 17);
        api.call(200, "GET", "/v1/sessions/1", null);
        try (RawClient client = api.connect())
        {
            final RawClient.Response response = client.call("GET", "/metrics", null);
            final String text = response.text();
            assertEquals("text/plain; version=0.0.4; charset=utf-8", response.header("content-type"));
            assertTrue(text.contains("plimsoll_heartbeats_total 1\n"), text);
            assertTrue(text.contains("plimsoll_ring_occupancy 17\n"), text);
            assertTrue(text.contains("plimsoll_sessions{state=\"RUNNING\"} 1\n"), text);
            assertTrue(text.contains("plimsoll_agents{state=\"ALIVE\"} 1\n"), text);
            final String labels = "method=\"GET\",route=\"/v1/sessions/{id}\"";
            assertTrue(text.contains("plimsoll_http_requests_total{" + labels + ",status=\"200\"} 1\n"), text);
            assertTrue(
                text.contains("plimsoll_http_request_duration_seconds_bucket{" + labels + ",le=\"+Inf\"} 1\n"), text);
            assertTrue(text.contains(",le=\"0.0001\"} "), text);
            assertTrue(text.contains(
                "plimsoll_http_connections_max " + HttpLimits.DEFAULTS.connectionsMax() + "\n"), text);
            MetricsLint.check(text);
        }
    }

    private static String sorted(final JsonNode texts)
    {
        return "[" + String.join(
            ",", java.util.stream.StreamSupport.stream(texts.spliterator(), false)
                .map(JsonNode::toString)
                .sorted()
                .toList()) + "]";
    }
}
