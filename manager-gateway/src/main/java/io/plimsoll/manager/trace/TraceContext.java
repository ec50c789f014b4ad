package io.plimsoll.manager.trace;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.HashMap;
import java.util.Map;

/** Which span something belongs to, as W3C Trace Context writes it. */
final class TraceContext
{
    private static final String PARENT = "traceparent";
    private static final String STATE = "tracestate";
    private static final TextMapGetter<Map<String, String>> GETTER = new TextMapGetter<>()
    {
        @Override
        public Iterable<String> keys(final Map<String, String> carrier)
        {
            return carrier.keySet();
        }

        @Override
        public String get(final Map<String, String> carrier, final String key)
        {
            return null == carrier ? null : carrier.get(key);
        }
    };

    private TraceContext()
    {
    }

    /** What is wrong counts as not given, as the standard has it. */
    static Context read(final String traceparent, final String tracestate)
    {
        if (null == traceparent)
        {
            return Context.root();
        }
        final Map<String, String> carrier = new HashMap<>(4);
        carrier.put(PARENT, traceparent);
        if (null != tracestate)
        {
            carrier.put(STATE, tracestate);
        }
        return W3CTraceContextPropagator.getInstance().extract(Context.root(), carrier, GETTER);
    }

    static String write(final SpanContext span)
    {
        final Map<String, String> carrier = new HashMap<>(4);
        W3CTraceContextPropagator.getInstance().inject(
            Context.root().with(Span.wrap(span)), carrier, Map::put);
        return carrier.getOrDefault(PARENT, "");
    }
}
