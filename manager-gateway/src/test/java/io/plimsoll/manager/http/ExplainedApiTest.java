package io.plimsoll.manager.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.plimsoll.manager.ClusterInfo;
import io.plimsoll.manager.ManagerServices;
import io.plimsoll.manager.bed.ManagerBed;
import io.plimsoll.manager.identity.Caller;
import io.plimsoll.manager.bed.TestAgent;
import io.plimsoll.transport.ContainerSpec;
import io.plimsoll.transport.LaunchSpec;
import io.plimsoll.transport.sbe.ReportKind;
import io.plimsoll.transport.sbe.ReportReason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Every reason for which a session waits, asked for over HTTP, of the real core with agents that are none. */
class ExplainedApiTest
{
    private static final String GROUP = "/v1/groups/default";

    private final ManagerBed bed = new ManagerBed().start();
    private HttpGateway gateway;
    private RawClient client;

    @BeforeEach
    void serve() throws IOException
    {
        final ClusterInfo info =
            new ClusterInfo("c0ffee00-0000-4000-8000-000000000001", 1, 7078, "aeron:udp", "sync", "test");
        final ManagerServices services = bed.stages.services()
            .tokens(token -> FakeManager.TOKEN.equals(token) ? Caller.ADMINISTRATOR : null)
            .info(() -> info)
            .build();
        gateway = HttpGateway.launch(
            new HttpContext(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), null, null, 1, HttpLimits.DEFAULTS),
            services);
        client = new RawClient(gateway.port());
    }

    @AfterEach
    void close() throws IOException
    {
        client.close();
        gateway.close();
        assertNull(bed.fatal);
    }

    /** Steps the manager until the answer is there. */
    private JsonNode call(final int status, final String method, final String target, final String body)
        throws IOException
    {
        final CompletableFuture<RawClient.Response> call = CompletableFuture.supplyAsync(() ->
        {
            try
            {
                return client.call(method, target, body);
            }
            catch (final IOException ex)
            {
                throw new UncheckedIOException(ex);
            }
        });
        final long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!call.isDone())
        {
            bed.run();
            Thread.onSpinWait();
            assertTrue(System.nanoTime() - deadlineNs < 0, "no answer: " + target);
        }
        final RawClient.Response response = call.join();
        assertEquals(status, response.status(), response.text());
        final JsonNode json = ServedApi.MAPPER.readTree(response.body());
        OpenApiDescription.LOADED.check(method, target, status, response.headers(), json);
        return json;
    }

    private long submit(final String fields) throws IOException
    {
        return call(201, "POST", "/v1/sessions", "{\"command\": [\"x\"], " + fields + "}").get("id").asLong();
    }

    private JsonNode explain(final long id) throws IOException
    {
        return call(200, "GET", "/v1/sessions/" + id + "/explain", null);
    }

    private TestAgent join(final String name, final long devices, final String labels)
    {
        final TestAgent agent = new TestAgent(bed.links, bed.uplink, name);
        agent.joinToken = ManagerBed.JOIN_TOKEN;
        agent.devices = devices;
        agent.labels = labels;
        bed.attach(agent);
        return agent;
    }

    private static void assertSays(final JsonNode explanation, final String part)
    {
        assertTrue(explanation.get("summary").asText().contains(part), explanation.toString());
    }

    private static String causes(final JsonNode explanation)
    {
        return explanation.get("waitsFor").toString();
    }

    @Test
    void shouldExplainAGroupWithoutAgents() throws IOException
    {
        final JsonNode explanation = explain(submit("\"cpu\": 1"));
        assertEquals("[\"agents\"]", causes(explanation));
        assertSays(explanation, "group default has no agents");
        assertEquals(1, explanation.get("position").asInt());
        call(404, "GET", "/v1/sessions/99/explain", null);
    }

    @Test
    void shouldExplainWhatEachAgentLacks() throws IOException
    {
        join("a", 2, "");
        join("b", 2, "");
        join("c", 0, "");
        submit("\"gpu\": 2");
        submit("\"gpu\": 1");
        final JsonNode explanation = explain(submit("\"gpu\": 2, \"cpu\": 0.5"));
        assertEquals("PENDING", explanation.get("state").asText());
        assertEquals("[\"resources\"]", causes(explanation));
        assertEquals(3, explanation.at("/agents/total").asInt());
        assertEquals(0, explanation.at("/agents/fitting").asInt());
        assertEquals(3, explanation.at("/agents/lacking/cuda.device").asInt());
        assertEquals(1, explanation.at("/shortfall/agents").asInt());
        assertEquals(1, explanation.at("/shortfall/missing/cuda.device").asInt());
        assertSays(explanation, "needs cuda.device 1 more on an agent");
    }

    @Test
    void shouldExplainWhoMayNotTakeIt() throws IOException
    {
        final TestAgent drained = join("a", 0, "zone=z1\n");
        join("b", 0, "zone=z2\n");
        final TestAgent silent = join("c", 0, "zone=z1\n");
        call(200, "POST", "/v1/agents/a/drain", null);
        bed.links.drop(silent.linkId);
        bed.run();
        final long id = submit("\"labels\": [\"zone=z1\"], \"cpu\": 1");
        final JsonNode explanation = explain(id);
        assertEquals(1, explanation.at("/agents/rejected/drained").asInt());
        assertEquals(1, explanation.at("/agents/rejected/disconnected").asInt());
        assertEquals(1, explanation.path("agents").path("rejected").path("label zone=z1").asInt());
        assertSays(explanation, "none of the 3 agents may take it: ");
        assertTrue(explanation.get("shortfall").isNull());
        call(200, "POST", "/v1/agents/a/resume", null);
        assertSays(explain(id), "is being started on a");
        drained.receive();
        drained.report(drained.assigned.get(0), ReportKind.RUNNING, ReportReason.NONE, -1);
        bed.run();
        assertSays(explain(id), "runs on a since ");
        drained.report(drained.assigned.get(0), ReportKind.EXITED, ReportReason.EXIT_CODE, 3);
        bed.run();
        assertSays(explain(id), "ended TERMINATED (exit-code: 3)");
        assertTrue(explain(id).get("agents").isNull());
    }

    @Test
    void shouldPlaceContainersOnlyWhereThereIsAnEngine() throws IOException
    {
        join("a", 0, "zone=z1\n");
        final String container = "\"image\": \"busybox:1\", \"labels\": [\"zone=z1\"]";
        final JsonNode problem = call(422, "POST", "/v1/sessions", "{\"command\": [\"x\"], " + container + "}");
        assertTrue(problem.get("detail").asText().contains("container engine"), problem.toString());
        join("b", 0, "zone=z1\n" + ContainerSpec.ENGINE_LABEL + "=docker\n");
        call(200, "POST", "/v1/agents/b/drain", null);
        final long id = submit(container);
        final JsonNode explanation = explain(id);
        assertEquals(1, explanation.path("agents").path("rejected").path("no container engine").asInt());
        assertSays(explanation, "none of the 2 agents may take it: ");
        assertEquals(1, explanation.at("/agents/rejected/drained").asInt());
        assertEquals("[\"zone=z1\"]", call(200, "GET", "/v1/sessions/" + id, null).get("labels").toString());
        call(200, "POST", "/v1/agents/b/resume", null);
        assertSays(explain(id), "is being started on b");
    }

    @Test
    void shouldWaitForAnEngineThatIsDownForTheMoment() throws IOException
    {
        join("a", 0, "");
        final TestAgent agent = join("b", 0, ContainerSpec.ENGINE_LABEL + "=docker\n" +
            ContainerSpec.DEGRADED_LABEL + "=" + ContainerSpec.ENGINE_LABEL + "\n");
        final long id = submit("\"image\": \"busybox:1\"");
        final JsonNode explanation = explain(id);
        assertEquals("PENDING", explanation.get("state").asText());
        assertEquals(1, explanation.path("agents").path("rejected").path("no container engine").asInt());
        assertEquals(1, explanation.path("agents").path("rejected").path("container engine down").asInt());
        assertSays(explanation, "container engine down");
        assertEquals("[]", call(200, "GET", "/v1/sessions/" + id, null).get("labels").toString());
        call(422, "POST", "/v1/sessions", "{\"command\": [\"x\"], \"image\": \"busybox:1\", \"cpu\": 4000}");
        agent.labels = ContainerSpec.ENGINE_LABEL + "=docker\n";
        bed.links.drop(agent.linkId);
        bed.run();
        bed.attach(agent);
        assertSays(explain(id), "is being started on b");
    }

    @Test
    void shouldPlaceByARuntimeOnlyWhereItIs() throws IOException
    {
        join("a", 0, "zone=z1\n" + ContainerSpec.ENGINE_LABEL + "=docker\n");
        final String own = "\"runtime\": \"own\", \"image\": \"i\", \"labels\": [\"zone=z1\"]";
        final JsonNode problem = call(422, "POST", "/v1/sessions", "{\"command\": [\"x\"], " + own + "}");
        assertTrue(problem.get("detail").asText().contains("the runtime that was named"), problem.toString());
        join("b", 0, "zone=z1\n" + LaunchSpec.RUNTIME_LABEL + "own=plugin\n");
        call(200, "POST", "/v1/agents/b/drain", null);
        final long id = submit(own);
        assertEquals(1, explain(id).path("agents").path("rejected").path("no runtime own").asInt());
        final JsonNode session = call(200, "GET", "/v1/sessions/" + id, null);
        assertEquals("[\"zone=z1\"]", session.get("labels").toString());
        assertEquals("own", session.get("runtime").asText());
        call(200, "POST", "/v1/agents/b/resume", null);
        assertSays(explain(id), "is being started on b");
        final long plain = submit("\"runtime\": \"process\"");
        assertTrue(call(200, "GET", "/v1/sessions/" + plain, null).get("runtime").isNull());
    }

    @Test
    void shouldRefuseSharesThatNoAgentGives() throws IOException
    {
        join("a", 2, "cuda.quantum=0.25\n");
        for (final String[] refused : new String[][]{
            {"0.37", "370 thousandths are no multiple of 250, the least share of a device; ask for 250 or 500"},
            {"0.24", "the least share of a device; ask for 250"},
            {"1.6", "1600 thousandths are no multiple of 500, the least share of 2 devices; ask for 1500 or 2000"}})
        {
            final JsonNode problem = call(
                422, "POST", "/v1/sessions", "{\"command\": [\"x\"], \"gpu\": " + refused[0] + "}");
            assertEquals("not-multiple-of-quantum", problem.get("code").asText());
            assertEquals("/slots/cuda.shares", problem.get("field").asText());
            assertTrue(problem.get("detail").asText().contains(refused[1]), problem.toString());
        }
        final JsonNode second = call(422, "POST", "/v1/sessions", """
            {"sessions": [{"command": ["x"]}, {"command": ["x"], "kernels": [{"cpu": 1}, {"gpu": 0.37}]}]}""");
        assertEquals("/sessions/1/slots/cuda.shares", second.get("field").asText());
        submit("\"gpu\": 0.5");
        submit("\"gpu\": 1.5");
        join("b", 4, "cuda.quantum=0.01\n");
        assertSays(explain(submit("\"gpu\": 0.37")), "is being started on b");
        join("c", 2, "");
        assertSays(explain(submit("\"gpu\": 0.373")), "is being started on c");
    }

    @Test
    void shouldTellImageAndPortsOfWhatRuns() throws IOException
    {
        final TestAgent agent = join("a", 0, ContainerSpec.ENGINE_LABEL + "=docker\n");
        final long id = submit("\"image\": \"busybox:1\", \"ports\": [80, 81]");
        agent.receive();
        agent.detail = ContainerSpec.PORTS_DETAIL + "80=30000,81=30001,x=1,7";
        agent.report(agent.assigned.get(0), ReportKind.RUNNING, ReportReason.NONE, -1);
        bed.run();
        final JsonNode session = call(200, "GET", "/v1/sessions/" + id, null);
        assertEquals("busybox:1", session.get("image").asText());
        assertEquals(
            "{\"80\":\"a:30000\",\"81\":\"a:30001\"}", session.at("/kernels/0/ports").toString());
        assertTrue(session.at("/kernels/0/detail").isNull());
        agent.detail = "";
        agent.report(agent.assigned.get(0), ReportKind.EXITED, ReportReason.EXIT_CODE, 3);
        bed.run();
        assertEquals("{}", call(200, "GET", "/v1/sessions/" + id, null).at("/kernels/0/ports").toString());
        assertFalse(explain(id).get("summary").asText().contains("30000"));
    }

    @Test
    void shouldExplainDesignatedAndSpreadAndFullAgents() throws IOException
    {
        final TestAgent limited = new TestAgent(bed.links, bed.uplink, "a");
        limited.joinToken = ManagerBed.JOIN_TOKEN;
        limited.kernelsMax = 1;
        bed.attach(limited);
        join("b", 0, "");
        submit("\"on\": \"a\", \"spread\": \"web:strict\"");
        final JsonNode full = explain(submit("\"on\": \"a\""));
        assertEquals(1, full.path("agents").path("rejected").path("on=a").asInt());
        assertEquals(1, full.at("/agents/rejected/kernels-max").asInt());
        submit("\"spread\": \"web:strict\"");
        final JsonNode apart = explain(submit("\"spread\": \"web:strict\""));
        assertEquals(2, apart.path("agents").path("rejected").path("spread=web:strict").asInt());
    }

    @Test
    void shouldExplainDependenciesAndTimes() throws IOException
    {
        join("a", 0, "");
        final long first = submit("\"cpu\": 4");
        final long second = submit("\"cpu\": 4");
        final JsonNode waits = explain(submit("\"after\": [" + first + "], \"afterAny\": [" + second + "]"));
        assertTrue(causes(waits).startsWith("[\"dependencies\""), causes(waits));
        assertEquals(2, waits.get("dependencyCount").asInt());
        assertTrue(waits.get("position").isNull());
        assertSays(waits, "waits for the success of session 1 and the end of session 2;");
        assertTrue(waits.get("expectedStart").isNull(), "nobody knows when they end");
        final JsonNode later = explain(submit("\"startAt\": \"2099-01-01T00:00:00Z\""));
        assertTrue(causes(later).startsWith("[\"start-time\""), causes(later));
        assertEquals("2099-01-01T00:00:00.000000Z", later.get("startAt").asText());
    }

    @Test
    void shouldSayThatNoAgentIsWhatIsAskedFor() throws IOException
    {
        join("a", 0, "zone=z1\n");
        final JsonNode problem = call(
            422, "POST", "/v1/sessions", "{\"command\": [\"x\"], \"labels\": [\"zone=z2\"]}");
        assertEquals("unsatisfiable", problem.get("code").asText());
        assertTrue(problem.get("detail").asText().startsWith("constraints: no agent of the group"), problem.toString());
    }

    @Test
    void shouldExplainLimitsAtEveryLevel() throws IOException
    {
        join("a", 0, "");
        call(200, "PUT", "/v1/accounts/research", "{\"level\": \"project\", \"limits\": {\"cpu\": 3}}");
        call(200, "PUT", "/v1/accounts/alice", "{\"parent\": \"research\", \"limits\": {\"cpu\": 2.5}}");
        submit("\"account\": \"alice\", \"cpu\": 2");
        final JsonNode explanation = explain(submit("\"account\": \"alice\", \"cpu\": 2"));
        assertEquals("[\"quota\"]", causes(explanation));
        assertEquals(
            "[\"user alice: cpu: used 2 + requested 2 > limit 2.5 (over by 1.5)\"," +
                "\"project research: cpu: used 2 + requested 2 > limit 3 (over by 1)\"]",
            explanation.get("limits").toString());
        assertEquals(2.0, call(200, "GET", "/v1/accounts/research", null).at("/used/cpu").asDouble());
    }

    @Test
    void shouldExplainTheQueueAndAReservation() throws IOException
    {
        call(200, "PATCH", GROUP, "{\"backfill\": \"easy\"}");
        final TestAgent agent = join("a", 0, "");
        submit("\"cpu\": 3, \"timeout\": \"100s\"");
        agent.receive();
        agent.report(agent.assigned.get(0), ReportKind.RUNNING, ReportReason.NONE, -1);
        bed.run();
        final JsonNode head = explain(submit("\"cpu\": 4"));
        assertTrue(head.get("reserved").asBoolean(), head.toString());
        assertFalse(head.get("expectedStart").isNull());
        assertSays(head, "room is reserved for it at ");
        final JsonNode held = explain(submit("\"cpu\": 1"));
        assertEquals(2, held.get("position").asInt());
        assertEquals(2, held.get("waiting").asInt());
        assertEquals("[\"turn\"]", causes(held));
        assertSays(held, "others go first");
    }

    @Test
    void shouldExplainAGangThatFitsInPart() throws IOException
    {
        join("a", 0, "");
        join("b", 0, "");
        submit("\"cpu\": 4");
        final JsonNode gang = explain(submit("\"cpu\": 1, \"kernels\": 6"));
        assertEquals(4, gang.at("/agents/places").asInt());
        assertSays(gang, "there is room for 4 of its 6 kernels, and the next needs cpu 1 more on any of 2 agents");
        assertEquals(2, gang.at("/shortfall/agents").asInt());
    }

    @Test
    void shouldSayThatNoAgentMayHaveAnotherKernelOfAGang() throws IOException
    {
        join("a", 0, "");
        join("b", 0, "");
        submit("\"cpu\": 1, \"spread\": \"web:strict\"");
        final JsonNode gang = explain(submit("\"cpu\": 1, \"kernels\": 2, \"spread\": \"web:strict\""));
        assertSays(gang, "there is room for 1 of its 2 kernels, and no agent may have another");
        assertEquals(1, gang.path("agents").path("rejected").path("spread=web:strict").asInt());
    }

    @Test
    void shouldExpectAStartWhenItsTimeHasCome() throws IOException
    {
        join("a", 0, "");
        final JsonNode later = explain(submit("\"startAt\": \"2099-01-01T00:00:00Z\""));
        assertEquals(later.get("startAt"), later.get("expectedStart"));
        assertTrue(later.get("summary").asText().endsWith("there would be room for it"), later.toString());
    }

    @Test
    void shouldExplainAPauseAndAQuarantine() throws IOException
    {
        call(200, "PATCH", GROUP, "{\"quarantine\": {\"after\": 1, \"duration\": \"10m\"}, \"retryBackoff\": \"30s\"}");
        final TestAgent agent = join("a", 0, "");
        final long id = submit("\"cpu\": 1");
        agent.receive();
        agent.report(agent.assigned.get(0), ReportKind.FAILED, ReportReason.LAUNCH_FAILED, -1);
        bed.run();
        final JsonNode explanation = explain(id);
        assertEquals("[\"back-off\",\"resources\"]", causes(explanation));
        assertSays(explanation, "pauses until ");
        assertSays(explanation, " after attempt 1 failed (launch-failed)");
        assertSays(explanation, "the only agent of the group may not take it: 1 quarantined");
        assertFalse(explanation.get("notBefore").isNull());
    }
}
