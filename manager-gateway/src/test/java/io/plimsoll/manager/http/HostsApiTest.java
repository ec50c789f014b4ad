package io.plimsoll.manager.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.plimsoll.manager.ClusterInfo;
import io.plimsoll.manager.bed.ManagerBed;
import io.plimsoll.manager.identity.Caller;
import io.plimsoll.manager.bed.TestAgent;
import io.plimsoll.transport.HostDocument;
import io.plimsoll.transport.usage.Usage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What agents say of their hosts, asked for over HTTP. */
class HostsApiTest
{
    private final ManagerBed bed = new ManagerBed().start();
    private final TestAgent agent = bed.join("node-1");
    private HttpGateway gateway;
    private RawClient client;

    @BeforeEach
    void serve() throws IOException
    {
        final ClusterInfo info =
            new ClusterInfo("c0ffee00-0000-4000-8000-000000000001", 1, 7078, "aeron:udp", "sync", "test");
        gateway = HttpGateway.launch(
            new HttpContext(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), null, null, 1, HttpLimits.DEFAULTS),
            bed.stages.services()
                .tokens(token -> FakeManager.TOKEN.equals(token) ? Caller.ADMINISTRATOR : null)
                .info(() -> info)
                .build());
        client = new RawClient(gateway.port());
    }

    @AfterEach
    void close() throws IOException
    {
        client.close();
        gateway.close();
        assertNull(bed.fatal);
    }

    private JsonNode get(final int status, final String target) throws IOException
    {
        final RawClient.Response response = client.call("GET", target, null);
        assertEquals(status, response.status(), response.text());
        final JsonNode json = ServedApi.MAPPER.readTree(response.body());
        OpenApiDescription.LOADED.check("GET", target, status, response.headers(), json);
        return json;
    }

    private void describe(final byte[] deflated)
    {
        agent.hostPart(0, true, deflated);
        bed.run();
    }

    @Test
    void shouldAnswerWithWhatTheAgentSent() throws IOException
    {
        assertEquals("no-topology", get(404, "/v1/agents/1/topology").get("code").asText());
        final String document = "{\n  \"numa\": [\n    {\"id\":0}\n  ],\n  \"notes\": []\n}\n";
        describe(HostDocument.deflate(document));
        assertEquals(document, client.call("GET", "/v1/agents/1/topology", null).text());
        assertEquals(0, get(200, "/v1/agents/1/topology").at("/numa/0/id").asInt());
        assertEquals("unknown-agent", get(404, "/v1/agents/2/topology").get("code").asText());
    }

    @Test
    void shouldRefuseWhatIsNoDocument() throws IOException
    {
        for (final String text : new String[]{
            "", "[]", "null", "{}", "{\"numa\": 1}", "{\"numa\": []", "{\"numa\": []} x", "{\"numa\": [}]}"})
        {
            describe(HostDocument.deflate(text));
            assertEquals("bad-topology", get(502, "/v1/agents/1/topology").get("code").asText(), text);
        }
        describe("noise".getBytes(StandardCharsets.UTF_8));
        assertEquals("bad-topology", get(502, "/v1/agents/1/topology").get("code").asText());
        assertTrue(bed.links.isOpen(agent.linkId));
        describe(HostDocument.deflate("{\"numa\": []}"));
        get(200, "/v1/agents/1/topology");
    }

    @Test
    void shouldShowWhatIsUsed() throws IOException
    {
        bed.submit(ManagerBed.session("s", 1, 1, false));
        assertTrue(get(200, "/v1/sessions/1").at("/kernels/0/usage").isNull());
        assertTrue(get(200, "/v1/agents/1").get("usage").isNull());
        agent.usage(
            new Usage(9_000_000_000L, 1_500, 700, -1, 1, 2, 3, 4, 5, 6, 7, 8, -1, 40, 50), 1L << 10, 1,
            new Usage(2_500_000_000L, 250, 600, 800, 1, 2, -1, -1, 5, 6, -1, -1, 3, -1, -1));
        agent.deviceUsage("cuda0", 40);
        bed.run();
        final JsonNode kernel = get(200, "/v1/sessions/1").at("/kernels/0/usage");
        assertEquals("2.5", kernel.get("cpuSeconds").asText());
        assertEquals("0.25", kernel.at("/cpu/max").asText());
        assertEquals(800, kernel.get("memoryPeakBytes").asInt());
        assertTrue(kernel.get("receivedBytes").isNull());
        assertTrue(kernel.get("gpuPercent").isNull());
        final JsonNode host = get(200, "/v1/agents/1").get("usage");
        assertEquals("1.5", host.at("/cpu/last").asText());
        assertEquals("61.5", host.at("/devices/0/watts").asText());
        assertEquals(40, get(200, "/v1/agents").at("/agents/0/usage/devices/0/percent").asInt());
        final JsonNode busiest = get(200, "/v1/usage?order=memory&limit=5").get("kernels");
        assertEquals(1, busiest.size());
        assertEquals("s", busiest.get(0).get("name").asText());
        assertEquals("bad-parameter", get(400, "/v1/usage?order=smell").get("code").asText());
        final String metrics = client.call("GET", "/metrics", null).text();
        assertTrue(metrics.contains("plimsoll_agent_cpu_cores{agent=\"node-1\"} 1.500\n"), metrics);
        assertTrue(metrics.contains(
            "plimsoll_kernel_memory_peak_bytes{session=\"1\",kernel=\"0\",agent=\"node-1\"} 800\n"), metrics);
        assertTrue(metrics.contains("device=\"cuda0\"} 61.500\n"), metrics);
        assertFalse(metrics.contains("plimsoll_kernel_network_received_bytes_total"), metrics);
        assertTrue(metrics.contains("plimsoll_group_cpu_cores{group=\"default\"} 1.500\n"), metrics);
        assertTrue(metrics.contains("plimsoll_group_device_watts{group=\"default\"} 61.500\n"), metrics);
        assertTrue(metrics.contains("plimsoll_group_hosts{group=\"default\"} 1\n"), metrics);
        final StringBuilder bounded = new StringBuilder();
        new UsageMetrics(bounded, 0).append(bed.stages.services().build());
        assertTrue(bounded.indexOf("plimsoll_group_cpu_cores{group=\"default\"} 1.500\n") >= 0, bounded::toString);
        assertFalse(bounded.indexOf("plimsoll_agent_") >= 0, bounded::toString);
        assertFalse(bounded.indexOf("plimsoll_device_") >= 0, bounded::toString);
    }
}
