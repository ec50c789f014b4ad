package io.plimsoll.manager.trace;

import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;
import java.util.concurrent.atomic.LongAdder;

/** Stands before what sends spans away, and counts. Any thread. */
final class SpanCounts implements SpanExporter
{
    private final SpanExporter exporter;
    private final LongAdder made = new LongAdder();
    private final LongAdder sent = new LongAdder();
    private final LongAdder failed = new LongAdder();

    SpanCounts(final SpanExporter exporter)
    {
        this.exporter = exporter;
    }

    long made()
    {
        return made.sum();
    }

    long sent()
    {
        return sent.sum();
    }

    long failed()
    {
        return failed.sum();
    }

    /** Counts spans before there may be no room for them. */
    SpanProcessor ended()
    {
        return new SpanProcessor()
        {
            @Override
            public void onStart(final Context parent, final ReadWriteSpan span)
            {
                // It counts when it is whole.
            }

            @Override
            public boolean isStartRequired()
            {
                return false;
            }

            @Override
            public void onEnd(final ReadableSpan span)
            {
                made.increment();
            }

            @Override
            public boolean isEndRequired()
            {
                return true;
            }
        };
    }

    @Override
    public CompletableResultCode export(final Collection<SpanData> spans)
    {
        final int count = spans.size();
        final CompletableResultCode result = exporter.export(spans);
        result.whenComplete(() -> (result.isSuccess() ? sent : failed).add(count));
        return result;
    }

    @Override
    public CompletableResultCode flush()
    {
        return exporter.flush();
    }

    @Override
    public CompletableResultCode shutdown()
    {
        return exporter.shutdown();
    }
}
