package io.plimsoll.manager.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.Reason;
import io.plimsoll.manager.bed.ManagerBed;
import io.plimsoll.manager.bed.TestAgent;
import io.plimsoll.manager.control.RequestOrigin;
import io.plimsoll.manager.control.SubmitRequest;
import io.plimsoll.manager.egress.SessionTap;
import io.plimsoll.transport.sbe.ReportKind;
import io.plimsoll.transport.sbe.ReportReason;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Spans of the real core, stepped. */
class TracingTest
{
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String PARENT = "00-" + TRACE + "-b7ad6b7169203331-01";

    private final InMemorySpanExporter exporter = InMemorySpanExporter.create();
    private final Tracing tracing = Tracing.stepped(exporter);
    private final ManagerBed bed = new ManagerBed().start();

    @AfterEach
    void shouldNotHaveFailed()
    {
        tracing.close();
        assertNull(bed.fatal);
    }

    @Test
    void shouldFollowARequestUntilItsKernelRuns()
    {
        bed.stages.tap().sink(tracing.sink());
        final RequestSpan request = tracing.begin("req-1", PARENT, null);
        submit(new RequestOrigin("req-1", request.traceparent()), 1);
        request.end("POST", "/v1/sessions", 201);
        bed.pass(3, TimeUnit.SECONDS);
        final TestAgent agent = bed.join("node1");
        agent.receive();
        for (final ReportKind kind : new ReportKind[]
        {
            ReportKind.ACKNOWLEDGED, ReportKind.PULLING, ReportKind.PREPARING, ReportKind.RUNNING
        })
        {
            bed.pass(1, TimeUnit.SECONDS, agent);
            agent.report(agent.assigned.get(0), kind, ReportReason.NONE, -1);
            bed.run();
        }
        tracing.sessions().doWork();
        assertEquals(0, open());
        final Map<String, SpanData> spans = spans();
        assertEquals(
            "[POST /v1/sessions, begin, deliver, kernel 0, prepare, pull, queue, session]", spans.keySet().toString());
        spans.values().forEach(span -> assertEquals(TRACE, span.getTraceId(), span.getName()));
        assertEquals("b7ad6b7169203331", spans.get("POST /v1/sessions").getParentSpanId());
        assertParent(spans, "session", "POST /v1/sessions");
        assertParent(spans, "queue", "session");
        assertParent(spans, "kernel 0", "session");
        assertParent(spans, "deliver", "kernel 0");
        assertParent(spans, "pull", "kernel 0");
        assertParent(spans, "prepare", "kernel 0");
        assertEquals(3, seconds(spans.get("queue")));
        assertEquals(1, seconds(spans.get("deliver")));
        assertEquals(1, seconds(spans.get("begin")));
        assertEquals(1, seconds(spans.get("pull")));
        assertEquals(1, seconds(spans.get("prepare")));
        assertEquals(7, seconds(spans.get("session")));
        final SpanData session = spans.get("session");
        assertEquals("req-1", session.getAttributes().get(Tracing.REQUEST_ID));
        assertEquals(1, session.getAttributes().get(AttributeKey.longKey("plimsoll.session.id")));
        assertEquals("node1", spans.get("kernel 0").getAttributes().get(AttributeKey.stringKey("plimsoll.agent")));
    }

    @Test
    void shouldSayWhyAStartFailedAndGoOnWithTheNext()
    {
        bed.stages.tap().sink(tracing.sink());
        final RequestSpan request = tracing.begin("req-1", null, null);
        submit(new RequestOrigin("req-1", request.traceparent()), 1);
        final TestAgent agent = bed.join("node1");
        agent.receive();
        agent.report(agent.assigned.get(0), ReportKind.FAILED, ReportReason.LAUNCH_FAILED, -1);
        bed.run();
        bed.stages.control().cancel(List.of(new io.plimsoll.manager.view.IdRange(1, 1)));
        bed.run();
        tracing.sessions().doWork();
        assertEquals(0, open());
        final SpanData kernel = spans().get("kernel 0");
        assertEquals(StatusCode.ERROR, kernel.getStatus().getStatusCode());
        assertTrue(spans().get("session").getEndEpochNanos() >= kernel.getEndEpochNanos());
    }

    @Test
    void shouldFollowOnlyWhatIsFollowedAndTheFirstOfMany()
    {
        bed.stages.tap().sink(tracing.sink());
        submit(new RequestOrigin("req-0", ""), 1);
        submit(null, 1);
        final RequestSpan unsampled = tracing.begin("req-1", PARENT.replaceAll("01$", "00"), null);
        assertEquals("", unsampled.traceparent());
        tracing.sessions().doWork();
        assertEquals(0, open());
        submit(new RequestOrigin("req-2", tracing.begin("req-2", "nonsense", null).traceparent()), 500);
        tracing.sessions().doWork();
        assertEquals(64, open());
    }

    @Test
    void shouldDropAndCountWhatThereIsNoRoomFor()
    {
        final RequestOrigin origin = new RequestOrigin("r", PARENT);
        for (int i = 0; i < SessionSpans.STEPS_MAX + 5; i++)
        {
            tracing.sink().onStep(origin, step(i + 1));
        }
        assertEquals(5, tracing.sessions().dropped());
        while (tracing.sessions().doWork() > 0)
        {
            assertTrue(open() <= SessionSpans.SESSIONS_MAX);
        }
        assertEquals(SessionSpans.SESSIONS_MAX, open());
        final List<SpanData> cut = exporter.getFinishedSpanItems().stream()
            .filter(span -> "session".equals(span.getName())).toList();
        assertEquals(SessionSpans.STEPS_MAX - SessionSpans.SESSIONS_MAX, cut.size());
        assertEquals(true, cut.get(0).getAttributes().get(AttributeKey.booleanKey("plimsoll.cut")));
    }

    private static SessionTap.Step step(final long id)
    {
        return new SessionTap.Step(id, -1, LifeState.PENDING, Reason.NONE, 1, "default", 1_000 + id);
    }

    private void submit(final RequestOrigin origin, final int count)
    {
        final var future = bed.stages.control().submit(new SubmitRequest(
            0, null, new byte[0], List.of(ManagerBed.session("s", 1, count, count > 1)), origin));
        bed.run();
        bed.answered(future).join();
    }

    private int open()
    {
        return tracing.sessions().size();
    }

    private Map<String, SpanData> spans()
    {
        return exporter.getFinishedSpanItems().stream().collect(Collectors.toMap(
            SpanData::getName, Function.identity(), (first, second) -> first, java.util.TreeMap::new));
    }

    private static void assertParent(final Map<String, SpanData> spans, final String child, final String parent)
    {
        assertEquals(spans.get(parent).getSpanId(), spans.get(child).getParentSpanId(), child);
    }

    private static long seconds(final SpanData span)
    {
        return TimeUnit.NANOSECONDS.toSeconds(span.getEndEpochNanos() - span.getStartEpochNanos());
    }
}
