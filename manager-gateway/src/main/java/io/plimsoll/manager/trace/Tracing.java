package io.plimsoll.manager.trace;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporterBuilder;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.plimsoll.manager.Counters;
import io.plimsoll.manager.egress.SessionTap;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.SleepingMillisIdleStrategy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes spans and sends them away. Nothing waits for that: spans for which there is no room, because nobody takes them,
 * are dropped and counted. Any thread.
 */
public final class Tracing implements AutoCloseable
{
    /** Follows nothing. */
    public static final Tracing OFF = new Tracing();

    static final AttributeKey<String> REQUEST_ID = AttributeKey.stringKey("plimsoll.request.id");

    private static final Logger LOGGER = LoggerFactory.getLogger(Tracing.class);
    private static final AttributeKey<String> METHOD = AttributeKey.stringKey("http.request.method");
    private static final AttributeKey<String> ROUTE = AttributeKey.stringKey("http.route");
    private static final AttributeKey<Long> STATUS = AttributeKey.longKey("http.response.status_code");
    private static final int SPANS_MAX = 8_192;
    private static final int BATCH_MAX = 512;
    private static final Duration EXPORT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration SCHEDULE_DELAY = Duration.ofSeconds(1);
    private static final long CLOSE_TIMEOUT_MS = 3_000;
    private static final int IDLE_MS = 20;
    private static final int SERVER_ERROR = 500;

    private final SdkTracerProvider provider;
    private final Tracer tracer;
    private final SessionSpans sessions;
    private final SpanCounts counts;
    private final ChangingSampler sampler;
    private AgentRunner runner;

    private Tracing()
    {
        provider = null;
        tracer = null;
        sessions = null;
        counts = null;
        sampler = null;
    }

    private Tracing(final SpanCounts counts, final SpanProcessor processor, final double ratio, final String build)
    {
        this.counts = counts;
        sampler = new ChangingSampler(ratio);
        provider = SdkTracerProvider.builder()
            .setResource(Resource.getDefault().merge(Resource.create(Attributes.builder()
                .put("service.name", "plimsoll-manager")
                .put("service.version", build)
                .build())))
            .setSampler(Sampler.parentBased(sampler))
            .addSpanProcessor(processor)
            .build();
        tracer = provider.get("io.plimsoll");
        sessions = new SessionSpans(tracer);
    }

    /**
     * Starts.
     *
     * @param options where to.
     * @param build   of this manager.
     */
    public static Tracing open(final TracingOptions options, final String build)
    {
        if (options.endpoint().isEmpty())
        {
            return OFF;
        }
        final OtlpHttpSpanExporterBuilder builder = OtlpHttpSpanExporter.builder()
            .setEndpoint(traces(options.endpoint()))
            .setTimeout(EXPORT_TIMEOUT)
            .setConnectTimeout(EXPORT_TIMEOUT);
        options.headers().forEach(builder::addHeader);
        final SpanCounts counts = new SpanCounts(builder.build());
        final Tracing tracing = new Tracing(
            counts,
            SpanProcessor.composite(counts.ended(), BatchSpanProcessor.builder(counts)
                .setMaxQueueSize(SPANS_MAX)
                .setMaxExportBatchSize(BATCH_MAX)
                .setExporterTimeout(EXPORT_TIMEOUT)
                .setScheduleDelay(SCHEDULE_DELAY)
                .build()),
            options.ratio(),
            build);
        tracing.runner = run(tracing.sessions);
        LOGGER.info("traces go to {}", options.endpoint());
        return tracing;
    }

    /** One that is stepped by the test, with what takes the spans at once. */
    static Tracing stepped(final SpanExporter exporter)
    {
        final SpanCounts counts = new SpanCounts(exporter);
        return new Tracing(
            counts,
            SpanProcessor.composite(
                counts.ended(), io.opentelemetry.sdk.trace.export.SimpleSpanProcessor.create(counts)),
            1,
            "test");
    }

    private static String traces(final String endpoint)
    {
        final String base = endpoint.endsWith("/") ? endpoint.substring(0, endpoint.length() - 1) : endpoint;
        return base.endsWith("/v1/traces") ? base : base + "/v1/traces";
    }

    private static AgentRunner run(final Agent agent)
    {
        final AgentRunner runner = new AgentRunner(
            new SleepingMillisIdleStrategy(IDLE_MS), error -> LOGGER.error("traces", error), null, agent);
        AgentRunner.startOnThread(runner, task ->
        {
            final Thread thread = new Thread(task, "plimsoll-traces");
            thread.setDaemon(true);
            return thread;
        });
        return runner;
    }

    /** Has its figures shown. */
    public void register(final Counters counters)
    {
        if (null != provider)
        {
            counters.counter("trace_spans_total", "Spans that were made", counts::made);
            counters.counter("trace_spans_sent_total", "Spans that the receiver took", counts::sent);
            counters.counter(
                "trace_spans_failed_total", "Spans that the receiver did not take", counts::failed);
            counters.counter(
                "trace_steps_dropped_total", "Steps of sessions for which there was no room", sessions::dropped);
            counters.gauge("trace_sessions", "Sessions that are followed and do not run yet", sessions::size);
        }
    }

    /**
     * Follows another part of requests from now on.
     *
     * @param ratio of them, 0 to 1.
     */
    public void ratio(final double ratio)
    {
        if (null != sampler)
        {
            sampler.ratio(ratio);
        }
    }

    /** Who is to be shown what becomes of sessions; null: nobody. */
    public SessionTap.Sink sink()
    {
        return sessions;
    }

    /** To be stepped where there is no thread. */
    SessionSpans sessions()
    {
        return sessions;
    }

    /**
     * A request has come.
     *
     * @param requestId   of it.
     * @param traceparent that its sender gave; null: none.
     * @param tracestate  that its sender gave; null: none.
     */
    public RequestSpan begin(final String requestId, final String traceparent, final String tracestate)
    {
        if (null == provider)
        {
            return RequestSpan.NONE;
        }
        final Context parent = TraceContext.read(traceparent, tracestate);
        final Span span = tracer.spanBuilder("HTTP")
            .setParent(parent)
            .setSpanKind(SpanKind.SERVER)
            .setAttribute(REQUEST_ID, requestId)
            .startSpan();
        return span.getSpanContext().isSampled() ? new Following(span) : RequestSpan.NONE;
    }

    @Override
    public void close()
    {
        if (null == provider)
        {
            return;
        }
        if (null != runner)
        {
            runner.close();
        }
        provider.shutdown().join(CLOSE_TIMEOUT_MS, TimeUnit.MILLISECONDS);
    }

    private static final class Following implements RequestSpan
    {
        private final Span span;
        private boolean hasEnded;

        Following(final Span span)
        {
            this.span = span;
        }

        @Override
        public String traceparent()
        {
            return TraceContext.write(span.getSpanContext());
        }

        @Override
        public void end(final String method, final String route, final int status)
        {
            if (!hasEnded)
            {
                span.setAttribute(METHOD, method);
                if (!route.isEmpty())
                {
                    span.setAttribute(ROUTE, route);
                }
                end(route.isEmpty() ? method : method + ' ' + route, status);
            }
        }

        @Override
        public void end(final String name, final int status)
        {
            if (hasEnded)
            {
                return;
            }
            hasEnded = true;
            span.updateName(name);
            if (0 != status)
            {
                span.setAttribute(STATUS, (long)status);
            }
            if (status >= SERVER_ERROR || 0 == status)
            {
                span.setStatus(StatusCode.ERROR);
            }
            span.end();
        }
    }
}
