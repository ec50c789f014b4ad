package io.plimsoll.manager.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.plimsoll.core.SessionPart;
import io.plimsoll.core.sbe.ConstraintKind;
import io.plimsoll.core.sbe.FailurePolicy;
import io.plimsoll.core.sbe.OnLoss;
import io.plimsoll.core.sbe.RejectCode;
import io.plimsoll.core.sbe.SessionType;
import io.plimsoll.manager.control.CommandRejectedException;
import io.plimsoll.manager.control.Constraint;
import io.plimsoll.manager.control.OverloadedException;
import io.plimsoll.manager.control.SessionRequest;
import io.plimsoll.manager.control.SessionTerms;
import io.plimsoll.transport.ContainerSpec;
import io.plimsoll.transport.LaunchSpec;
import io.plimsoll.transport.StdinMode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

class SubmitTest
{
    private static final String TRUE = "\"command\": [\"/bin/true\"]";

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
    void shouldSubmitOneSessionWithDefaults() throws IOException
    {
        try (RawClient client = api.connect())
        {
            final RawClient.Response response = client.call("POST", "/v1/sessions", "{" + TRUE + "}");
            assertEquals(201, response.status(), response.text());
            assertEquals("/v1/sessions/1", response.header("location"));
            final JsonNode reply = ServedApi.MAPPER.readTree(response.body());
            assertEquals(1, reply.get("id").asLong());
            assertEquals("async", reply.get("durability").asText());
            assertEquals(101, reply.get("sequence").asLong());
            assertFalse(reply.get("repeated").asBoolean());
        }
        final SessionRequest request = only();
        assertEquals(
            new SessionRequest(
                "", "default", SessionType.BATCH, 10, 1, 1, false, 1_000, 256L << 20, Map.of(), 0, 10_000_000_000L,
                OnLoss.WAIT, List.of(), new LaunchSpec(List.of("/bin/true"), Map.of(), null, null, 0, 0),
                SessionTerms.DEFAULTS),
            request);
    }

    @Test
    void shouldRefuseTwoMountsOfOneTarget() throws IOException
    {
        final JsonNode problem = api.call(400, "POST", "/v1/sessions", """
            {"command": ["x"], "image": "i",
             "mounts": [{"source": "/a", "target": "/t"}, {"source": "/b", "target": "/t"}]}""");
        assertEquals("out-of-range", problem.get("code").asText());
        assertEquals("/mounts/1", problem.get("field").asText());
    }

    @Test
    void shouldReadPortsOfProcesses() throws IOException
    {
        api.call(201, "POST", "/v1/sessions", "{\"command\": [\"x\"], \"ports\": [8080, 9090]}");
        assertEquals(ContainerSpec.NONE.withPorts(List.of(8080, 9090)), only().spec().container());
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
        "true; OPEN; true", "false; NONE; false", "null; NONE; false", "\"once\"; ONCE; \"once\""})
    void shouldReadWhetherItTakesInputAndTellItBack(final String given, final StdinMode mode, final String told)
        throws IOException
    {
        api.call(201, "POST", "/v1/sessions", "{\"command\": [\"x\"], \"stdin\": " + given + "}");
        assertEquals(mode, only().spec().stdin());
        assertEquals(told, api.call(200, "GET", "/v1/sessions/1", null).get("stdin").toString());
    }

    @Test
    void shouldGiveInputToWhatHasATerminal() throws IOException
    {
        api.call(201, "POST", "/v1/sessions", "{\"command\": [\"x\"], \"tty\": true}");
        assertEquals(StdinMode.OPEN, only().spec().stdin());
        assertTrue(only().spec().tty());
        assertTrue(api.call(200, "GET", "/v1/sessions/1", null).get("tty").asBoolean());
        final JsonNode problem = api.call(
            400, "POST", "/v1/sessions", "{\"command\": [\"x\"], \"tty\": true, \"runtime\": \"own\"}");
        assertEquals("/tty", problem.get("field").asText());
        api.call(201, "POST", "/v1/sessions", "{\"command\": [\"x\"], \"tty\": true, \"image\": \"i\"}");
        assertTrue(api.call(200, "GET", "/v1/sessions/2", null).get("tty").asBoolean());
    }

    @Test
    void shouldReadWhatContainersHave() throws IOException
    {
        api.call(201, "POST", "/v1/sessions", """
            {"command": ["x"], "image": "reg:5000/a/b@sha512:%s", "user": "1:2", "shm": "1g", "ports": [80],
             "mounts": [{"source": "/a", "target": "/b"}, {"source": "/c", "target": "/d", "readOnly": true}]}"""
            .formatted("0".repeat(128)));
        final LaunchSpec spec = only().spec();
        assertEquals("reg:5000/a/b@sha512:" + "0".repeat(128), spec.image());
        assertEquals(
            new ContainerSpec(
                "1:2",
                1L << 30,
                List.of(new ContainerSpec.Mount("/a", "/b", false), new ContainerSpec.Mount("/c", "/d", true)),
                List.of(80)),
            spec.container());
    }

    @Test
    void shouldLeaveNamesOfImagesToRuntimesOfPlugins() throws IOException
    {
        api.call(201, "POST", "/v1/sessions", """
            {"command": ["x"], "image": "/images/Lab.sif", "runtime": "own"}""");
        assertEquals("/images/Lab.sif", only().spec().image());
    }

    @Test
    void shouldReadEveryField() throws IOException
    {
        api.call(201, "POST", "/v1/sessions", """
            {"name": "train", "type": "interactive", "group": "gpu", "priority": 77, "kernels": 2, "count": 3,
             "slots": {"cpu": "500m", "mem": "1.5g", "fpga.device": 2}, "gpu": 1,
             "command": ["sh", "-c", "echo é"], "env": {"A": "1", "B": ""}, "cwd": "/tmp", "timeout": "1h30m",
             "grace": 2.5, "onLoss": "restart", "after": [7, "9-11"], "image": null, "simulatedSeconds": 0.25,
             "logBytesMax": "1m"}""");
        assertEquals(
            new SessionRequest(
                "train", "gpu", SessionType.INTERACTIVE, 77, 2, 3, true, 500, 3L << 29,
                Map.of("cuda.device", 1L, "fpga.device", 2L), 5_400_000_000_000L, 2_500_000_000L, OnLoss.RESTART,
                List.of(7L, 9L, 10L, 11L),
                new LaunchSpec(
                    List.of("sh", "-c", "echo é"), Map.of("A", "1", "B", ""), "/tmp", null, 1 << 20, 250_000_000),
                SessionTerms.DEFAULTS),
            only());
    }

    @Test
    void shouldNotAskForSlotsOfWhichNothingIsWanted() throws IOException
    {
        api.call(201, "POST", "/v1/sessions", "{" + TRUE + ", \"gpu\": 0, \"slots\": {\"licences\": 0}}");
        assertEquals(Map.of(), only().slots());
    }

    @Test
    void shouldReadKernelsThatNeedDifferentThingsAndTellThemBack() throws IOException
    {
        final JsonNode reply = api.call(201, "POST", "/v1/sessions", """
            {"command": ["x"], "kernels": [{"cpu": 2, "slots": {"mem": "2g"}},
             {"count": 3, "cpu": 8, "mem": "32g", "gpu": 0.5, "slots": {"licences": 1}}, {}]}""");
        final SessionRequest request = only();
        assertEquals(1, request.kernels());
        assertEquals(2_000, request.cpuMillis());
        assertEquals(2L << 30, request.memoryBytes());
        assertEquals(Map.of(), request.slots());
        assertEquals(
            List.of(
                new SessionPart(3, 8_000, 32L << 30, Map.of("cuda.shares", 500L, "licences", 1L)),
                new SessionPart(1, 1_000, 256L << 20, Map.of())),
            request.terms().parts());
        final JsonNode session = api.call(200, "GET", "/v1/sessions/" + reply.get("id").asLong(), null);
        assertEquals(5, session.get("kernels").size());
        assertEquals(
            "{\"count\":3,\"slots\":{\"cpu\":8,\"mem\":34359738368,\"cuda.shares\":500,\"licences\":1}}",
            session.get("parts").get(1).toString());
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
        "[]; out-of-range",
        "[1]; wrong-type",
        "[{\"cores\": 1}]; unknown-field",
        "[{\"count\": 0}]; out-of-range",
        "[{\"count\": 1000}, {\"count\": 25}]; out-of-range",
        "[{}], \"cpu\": 1; conflicting-fields",
    })
    void shouldRefuseOddLists(final String kernels, final String code) throws IOException
    {
        final JsonNode problem =
            api.call(400, "POST", "/v1/sessions", "{" + TRUE + ", \"kernels\": " + kernels + "}");
        assertEquals(code, problem.get("code").asText());
    }

    @Test
    void shouldReadWhereAndWhenItMayRunAndTellItBack() throws IOException
    {
        final JsonNode reply = api.call(201, "POST", "/v1/sessions", """
            {"command": ["x"], "after": [7], "afterAny": ["8-9"], "startAt": "2026-11-22T18:00:00+01:00",
             "failurePolicy": "boot-all", "preemptible": true, "arch": ["x86_64", "aarch64"],
             "labels": ["zone=z1|z2", "disk!=hdd", "ssd", "!spot"], "deviceModel": ["A100", "H100"],
             "on": "node-1", "prefer": ["node-2", "node-3"], "spread": "web", "pack": "shards:strict",
             "gpu": 1.5}""");
        final SessionRequest request = only();
        assertEquals(List.of(7L), request.dependencies());
        assertEquals(Map.of("cuda.shares", 1_500L), request.slots());
        assertEquals(
            new SessionTerms(
                0,
                Instant.parse("2026-11-22T17:00:00Z").toEpochMilli() * 1_000_000,
                FailurePolicy.BOOT_ALL,
                true,
                List.of(8L, 9L),
                List.of(
                    new Constraint(ConstraintKind.ARCH_IN, "", "x86_64|aarch64"),
                    new Constraint(ConstraintKind.LABEL_IN, "zone", "z1|z2"),
                    new Constraint(ConstraintKind.LABEL_NOT_IN, "disk", "hdd"),
                    new Constraint(ConstraintKind.LABEL_EXISTS, "ssd", ""),
                    new Constraint(ConstraintKind.LABEL_ABSENT, "spot", ""),
                    new Constraint(ConstraintKind.LABEL_IN, "cuda.model", "A100|H100"),
                    new Constraint(ConstraintKind.AGENT_STRICT, "", "node-1"),
                    new Constraint(ConstraintKind.AGENT_PREFERRED, "", "node-2|node-3"),
                    new Constraint(ConstraintKind.SPREAD_PREFERRED, "web", ""),
                    new Constraint(ConstraintKind.PACK_STRICT, "shards", "")),
                List.of()),
            request.terms());
        final JsonNode session = api.call(200, "GET", "/v1/sessions/" + reply.get("id").asLong(), null);
        assertEquals("[8,9]", session.get("afterAny").toString());
        assertEquals("2026-11-22T17:00:00.000000Z", session.get("startAt").asText());
        assertEquals("boot-all", session.get("failurePolicy").asText());
        assertEquals(
            "[\"zone=z1|z2\",\"disk!=hdd\",\"ssd\",\"!spot\",\"cuda.model=A100|H100\"]",
            session.get("labels").toString());
        assertEquals("web", session.get("spread").asText());
        assertEquals("shards:strict", session.get("pack").asText());
    }

    @Test
    void shouldStartAfterADurationFromNowOn() throws IOException
    {
        final long beforeNs = Instant.now().toEpochMilli() * 1_000_000;
        api.call(201, "POST", "/v1/sessions", "{\"startAt\": \"1h\", " + TRUE + "}");
        final long afterNs = Instant.now().plusMillis(1).toEpochMilli() * 1_000_000;
        final long delayNs = Duration.ofHours(1).toNanos();
        final long startsAtNs = only().terms().startsAtNs();
        assertTrue(startsAtNs >= beforeNs + delayNs && startsAtNs <= afterNs + delayNs);
    }

    @Test
    void shouldAnswerAnArrayWithItsRange() throws IOException
    {
        api.call(201, "POST", "/v1/sessions", "{" + TRUE + "}");
        final JsonNode reply = api.call(201, "POST", "/v1/sessions", "{\"count\": 200, " + TRUE + "}");
        assertEquals("2-201", reply.get("ids").asText());
        assertEquals(2, reply.get("arrayId").asLong());
        assertEquals(200, reply.get("count").asLong());
        assertFalse(reply.has("id"));
    }

    @Test
    void shouldAnswerManyInOrder() throws IOException
    {
        final JsonNode reply = api.call(
            201, "POST", "/v1/sessions",
            "{\"sessions\": [{" + TRUE + "}, {\"count\": 5, " + TRUE + "}, {" + TRUE + "}]}");
        assertEquals(1, reply.at("/sessions/0/id").asLong());
        assertEquals("2-6", reply.at("/sessions/1/ids").asText());
        assertEquals(7, reply.at("/sessions/2/id").asLong());
    }

    @Test
    void shouldHonourIdempotencyKey() throws IOException
    {
        try (RawClient client = api.connect())
        {
            final String request = RawClient.request(
                "POST", "/v1/sessions", "{" + TRUE + "}", "Idempotency-Key: build-7\r\n");
            client.send(request);
            final JsonNode first = ServedApi.MAPPER.readTree(client.read().body());
            client.send(request);
            final JsonNode second = ServedApi.MAPPER.readTree(client.read().body());
            assertEquals(first.get("id"), second.get("id"));
            assertTrue(second.get("repeated").asBoolean());
        }
        assertEquals("build-7", api.manager.submissions.get(0).idempotencyKey());
        assertTrue(api.manager.submissions.get(0).body().length > 0);
    }

    @Test
    void shouldRefuseAnEmptyIdempotencyKey() throws IOException
    {
        try (RawClient client = api.connect())
        {
            client.send(RawClient.request("POST", "/v1/sessions", "{" + TRUE + "}", "Idempotency-Key: \r\n"));
            assertEquals(400, client.read().status());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        `{"comand": ["x"]}`|unknown-field|/comand|did you mean "command"?
        `{"command": "ls -l"}`|wrong-type|/command|given "ls -l" (text); right is an array
        `{"command": ["\\ud800"]}`|out-of-range|/command/0|surrogate
        `{"command": []}`|out-of-range|/command|an array of program and arguments
        `{"command": ["x", 1]}`|wrong-type|/command/1|given 1; right is text
        `{"command": ["a\\u0000b"]}`|out-of-range|/command/0|NUL
        `{"name": "x"}`|missing-field|/command|missing
        `{"command": ["x"], "priority": 101}`|out-of-range|/priority|0 to 100
        `{"command": ["x"], "priority": "high"}`|wrong-type|/priority|given "high" (text)
        `{"command": ["x"], "priority": 1.5}`|wrong-type|/priority|given 1.5
        `{"command": ["x"], "kernels": 1025}`|out-of-range|/kernels|1 to 1024
        `{"command": ["x"], "count": 0}`|out-of-range|/count|from 1
        `{"command": ["x"], "count": 99999999999999999999}`|out-of-range|/count|from 1
        `{"command": ["x"], "cpu": -1}`|out-of-range|/cpu|cannot be negative
        `{"command": ["x"], "cpu": 0}`|out-of-range|/cpu|right is more than 0
        `{"command": ["x"], "cpu": 0.0001}`|out-of-range|/cpu|finer than a thousandth
        `{"command": ["x"], "cpu": 1e999999999}`|out-of-range|/cpu|number of cores
        `{"command": ["x"], "mem": "1x"}`|out-of-range|/mem|1x is not a size
        `{"command": ["x"], "mem": "1.5"}`|out-of-range|/mem|not a whole number of bytes
        `{"command": ["x"], "mem": "1g", "slots": {"mem": "1g"}}`|duplicate-field|/slots/mem|given twice
        `{"command": ["x"], "command": ["y"]}`|duplicate-field|/command|given twice
        `{"command": ["x"], "env": {"A": "1", "A": "2"}}`|duplicate-field|/env/A|given twice
        `{"command": ["x"], "env": {"A=B": "1"}}`|out-of-range|/env/A=B|variable name
        `{"command": ["x"], "env": ["A=1"]}`|wrong-type|/env|an object of texts
        `{"command": ["x"], "cwd": "tmp"}`|out-of-range|/cwd|an absolute path
        `{"command": ["x"], "timeout": "soon"}`|out-of-range|/timeout|a duration
        `{"command": ["x"], "onLoss": "panic"}`|out-of-range|/onLoss|"wait" or "restart"
        `{"command": ["x"], "startAt": "2199-01-01T00:00:00Z"}`|out-of-range|/startAt|before the year 2116
        `{"command": ["x"], "startAt": "noon"}`|out-of-range|/startAt|a time such as
        `{"command": ["x"], "labels": ["a=|b"]}`|out-of-range|/labels/0|an array of conditions
        `{"command": ["x"], "labels": {"a": "b"}}`|wrong-type|/labels|an array of conditions
        `{"command": ["x"], "on": ""}`|out-of-range|/on|the name of an agent
        `{"command": ["x"], "spread": ":strict"}`|out-of-range|/spread|the name of a group of sessions
        `{"command": ["x"], "preemptible": 1}`|wrong-type|/preemptible|true or false
        `{"command": ["x"], "failurePolicy": "none"}`|out-of-range|/failurePolicy|"strict", "boot-all" or
        `{"command": ["x"], "gpu": 0.0001}`|out-of-range|/gpu|at most three decimals
        `{"command": ["x"], "gpu": -1}`|out-of-range|/gpu|at most three decimals
        `{"command": ["x"], "type": "serial"}`|out-of-range|/type|"batch", "interactive"
        `{"command": ["x"], "after": ["9-7"]}`|out-of-range|/after/0|session ids or ranges
        `{"command": ["x"], "after": ["1-9999"]}`|out-of-range|/after/0|1024
        `{"command": ["x"], "image": "a b"}`|out-of-range|/image|the name of an image
        `{"command": ["x"], "image": "UPPER/case"}`|out-of-range|/image|right is upper/case
        `{"command": ["x"], "image": "a@sha256:00"}`|out-of-range|/image|the digest is "sha256:00"
        `{"sessions": [{"command": ["x"], "image": "a:"}]}`|out-of-range|/sessions/0/image|the tag is missing
        `{"command": ["x"], "user": "1000"}`|missing-field|/image|are for containers
        `{"command": ["x"], "image": "i", "mounts": [{"source": "/a"}]}`|missing-field|/mounts/0|source and target
        `{"command": ["x"], "image": "i", "mounts": [{"source": "a"}]}`|out-of-range|/mounts/0/source|absolute
        `{"command": ["x"], "runtime": "A b"}`|out-of-range|/runtime|lower case with digits and hyphens
        `{"command": ["x"], "runtime": "docker"}`|conflicting-fields|/runtime|docker needs an image
        `{"command": ["x"], "runtime": "process", "image": "i"}`|conflicting-fields|/runtime|process has none
        `{"command": ["x"], "runtime": "own", "image": "i", "user": "1"}`|conflicting-fields|/runtime|leave them out
        `{"command": ["x"], "runtime": "own", "user": "1"}`|conflicting-fields|/runtime|leave them out
        `{"command": ["x"], "image": "i", "ports": [0]}`|out-of-range|/ports/0|a port from 1
        `{"command": ["x"], "ports": [80, 8080, 80]}`|out-of-range|/ports/2|each port once
        `{"sessions": []}`|out-of-range|/sessions|at least one session
        `{"sessions": [{"command": ["x"]}, {"command": 5}]}`|wrong-type|/sessions/1/command|given 5
        `{"sessions": [{"command": ["x"]}, {}]}`|missing-field|/sessions/1/command|missing
        `{"name": "x", "sessions": []}`|conflicting-fields|/sessions|either one session
        `[1]`|wrong-type||an object
        """)
    void shouldNameTheFieldThatIsWrong(
        final String body, final String code, final String field, final String right) throws IOException
    {
        final JsonNode problem = api.problem(400, code, "POST", "/v1/sessions", body);
        assertEquals(null == field ? "" : field, problem.path("field").asText());
        assertTrue(problem.path("detail").asText().contains(right), problem.toString());
        assertTrue(api.manager.submissions.isEmpty());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        `{`
        `{"command": ["x"]} {}`
        `{"command": ["x"],}`
        `{'command': ["x"]}`
        `nul`
        `"`
        ``
        """)
    void shouldRefuseWhatIsNotJson(final String body) throws IOException
    {
        api.problem(400, "bad-json", "POST", "/v1/sessions", null == body ? "" : body);
    }

    @Test
    void shouldRefuseDeepJsonAndBadEncoding() throws IOException
    {
        api.problem(400, "wrong-type", "POST", "/v1/sessions", "{\"env\":" + "[".repeat(100_000));
        api.problem(400, "wrong-type", "POST", "/v1/sessions", "[".repeat(100_000));
        try (RawClient client = api.connect())
        {
            client.send("POST /v1/sessions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + FakeManager.TOKEN +
                "\r\nContent-Length: 4\r\n\r\n");
            client.send(new byte[]{'{', '"', (byte)0xC3, '}'});
            final RawClient.Response response = client.read();
            assertEquals(400, response.status());
            assertTrue(response.text().contains("bad-encoding"), response.text());
        }
    }

    @Test
    void shouldRefuseASpecThatDoesNotFit() throws IOException
    {
        final String large = "x".repeat(LaunchSpec.LENGTH_MAX / 2);
        final String body = "{\"command\": [\"" + large + "\", \"" + large + "\"]}";
        final JsonNode problem = api.problem(400, "out-of-range", "POST", "/v1/sessions", body);
        assertTrue(problem.path("detail").asText().contains("put large content into a file"), problem.toString());
    }

    @Test
    void shouldSayWhatTheLargestAgentHas() throws IOException
    {
        api.manager.failure.set(
            new CommandRejectedException(RejectCode.UNSATISFIABLE, "cpu", 0, 0, 64_000, 2_000));
        final JsonNode problem = api.problem(422, "unsatisfiable", "POST", "/v1/sessions", "{" + TRUE + "}");
        assertEquals("cpu: requested 64 > largest agent has 2; ask for at most 2", problem.path("detail").asText());
        assertEquals("cpu", problem.path("field").asText());
        assertEquals(64_000, problem.path("requested").asLong());
        api.manager.failure.set(
            new CommandRejectedException(RejectCode.UNSATISFIABLE, "mem", 0, 0, (64L << 30) + 1, (8L << 30) + 1));
        assertEquals(
            "mem: requested 65537m > largest agent has 8192m; ask for at most 8192m",
            api.problem(422, "unsatisfiable", "POST", "/v1/sessions", "{" + TRUE + "}").path("detail").asText());
    }

    @Test
    void shouldHaveASentenceForEveryRejection() throws IOException
    {
        for (final RejectCode code : RejectCode.values())
        {
            final CommandRejectedException rejected = new CommandRejectedException(code, "kernels", 1, 7, 5, 2);
            final Problem problem = Rejections.problemOf(rejected);
            assertTrue(problem.status() >= 400 && problem.status() < 504 && 500 != problem.status(), code.name());
            assertTrue(problem.detail().length() > 10, code.name());
        }
    }

    @Test
    void shouldSayWhenToTryAgain() throws IOException
    {
        api.manager.failure.set(new OverloadedException("no-space", 7));
        try (RawClient client = api.connect())
        {
            final RawClient.Response response = client.call("POST", "/v1/sessions", "{" + TRUE + "}");
            assertEquals(503, response.status());
            assertEquals("7", response.header("retry-after"));
            assertTrue(response.text().contains("\"code\":\"no-space\""), response.text());
        }
        api.manager.failure.set(new OverloadedException(OverloadedException.OWNER_BUSY, 1));
        try (RawClient client = api.connect())
        {
            final RawClient.Response response = client.call("POST", "/v1/sessions", "{" + TRUE + "}");
            assertEquals(429, response.status());
            assertEquals("1", response.header("retry-after"));
            assertTrue(response.text().contains("\"code\":\"owner-busy\""), response.text());
        }
        api.manager.failure.set(
            new CommandRejectedException(
                RejectCode.TOO_MANY_PENDING, "count", 0, 0, 5, 2, "user user/ana: pending sessions: used 2"));
        api.problem(429, "too-many-pending", "POST", "/v1/sessions", "{" + TRUE + "}");
    }

    @Test
    void shouldAnswerWhenTheManagerDoesNot() throws IOException
    {
        final Problem problem = Rejections.problemOf(new TimeoutException());
        assertEquals(504, problem.status());
        assertEquals("no-answer", problem.code());
    }

    @Test
    void shouldForgetClientsThatLeave() throws IOException
    {
        api.manager.silent = true;
        try (RawClient client = api.connect())
        {
            client.send(RawClient.request("POST", "/v1/sessions", "{" + TRUE + "}", ""));
            Await.until("request", () -> 1 == api.gateway.meters().exchanges().get());
        }
        Await.until("end", () -> 0 == api.gateway.meters().exchanges().get());
        Await.until("body given back", () -> 0 == api.gateway.meters().bodyBytes().get());
        assertNull(api.manager.failure.get());
    }

    private SessionRequest only()
    {
        assertEquals(1, api.manager.submissions.size());
        assertEquals(1, api.manager.submissions.get(0).sessions().size());
        return api.manager.submissions.get(0).sessions().get(0);
    }
}
