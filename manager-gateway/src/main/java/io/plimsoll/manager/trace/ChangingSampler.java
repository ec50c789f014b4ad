package io.plimsoll.manager.trace;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.opentelemetry.sdk.trace.samplers.SamplingResult;
import java.util.List;

/** Follows a part of requests that can be changed. Any thread. */
final class ChangingSampler implements Sampler
{
    private volatile Sampler current;

    ChangingSampler(final double ratio)
    {
        ratio(ratio);
    }

    void ratio(final double ratio)
    {
        current = Sampler.traceIdRatioBased(ratio);
    }

    @Override
    public SamplingResult shouldSample(
        final Context parent,
        final String traceId,
        final String name,
        final SpanKind kind,
        final Attributes attributes,
        final List<LinkData> links)
    {
        return current.shouldSample(parent, traceId, name, kind, attributes, links);
    }

    @Override
    public String getDescription()
    {
        return current.getDescription();
    }
}
