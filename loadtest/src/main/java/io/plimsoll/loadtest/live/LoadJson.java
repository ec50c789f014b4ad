package io.plimsoll.loadtest.live;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.plimsoll.loadtest.virtual.FiguresJson;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Map;

/** A load test as one JSON object; docs/LOADTEST.md says what is in it. */
public final class LoadJson
{
    /** What the object is, for those who read files of several kinds. */
    public static final String KIND = "loadtest";

    private final JsonGenerator json;
    private final FiguresJson figures;

    private LoadJson(final JsonGenerator json)
    {
        this.json = json;
        figures = new FiguresJson(json);
    }

    /** The text of it, on one line. */
    public static String write(final LoadPlan plan, final LoadResult result)
    {
        final StringWriter text = new StringWriter();
        try (JsonGenerator generator = new JsonFactory().createGenerator(text))
        {
            new LoadJson(generator).object(plan, result);
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
        return text.toString();
    }

    private void object(final LoadPlan plan, final LoadResult result) throws IOException
    {
        json.writeStartObject();
        json.writeStringField("kind", KIND);
        json.writeNumberField("sessions", result.sessions());
        figures.number("seconds", result.seconds());
        figures.number("sessionsPerSecond", result.seconds() > 0 ? result.sessions() / result.seconds() : 0);
        orNull("lost", result.lostOrUnknown());
        json.writeNumberField("doubled", result.doubled());
        percentiles("submitToAssignedMicros", result.assigned());
        json.writeNumberField("agents", plan.agents());
        final LoadResult.Usage usage = result.usage();
        orNull("managerCpuSeconds", usage.managerCpuSeconds());
        orNull("managerPeakMemoryBytes", usage.managerPeakMemoryBytes());
        json.writeNumberField("submitted", result.audit().promised());
        json.writeNumberField("repeated", result.audit().repeated());
        json.writeArrayFieldStart("wrong");
        for (final String example : result.audit().examples())
        {
            json.writeString(example);
        }
        json.writeEndArray();
        json.writeNumberField("unfinished", result.unfinished());
        json.writeNumberField("doubtful", result.doubtful());
        json.writeBooleanField("interrupted", result.isInterrupted());
        json.writeStringField("failed", null == result.failure() ? null : result.failure().getMessage());
        percentiles("submitToReplyMicros", result.replied());
        reads(result.reads());
        json.writeNumberField("requests", result.traffic().submissions());
        json.writeNumberField("refusals", result.traffic().refusals());
        json.writeNumberField("outages", result.traffic().outages());
        json.writeNumberField("links", result.traffic().links());
        losses(result.traffic().losses());
        figures.number("agentsReadySeconds", result.readySeconds());
        orNull("managerStartCpuSeconds", usage.managerStartCpuSeconds());
        json.writeObjectFieldStart("managerThreadSeconds");
        for (final Map.Entry<String, Double> thread : result.threadSeconds().entrySet())
        {
            figures.number(thread.getKey(), thread.getValue());
        }
        json.writeEndObject();
        figures.number("loaderCpuSeconds", usage.loaderCpuSeconds());
        json.writeNumberField("loaderPeakMemoryBytes", usage.loaderPeakMemoryBytes());
        json.writeNumberField("cores", Runtime.getRuntime().availableProcessors());
        steps(result);
        chaos(result.chaos());
        plan(plan);
        histogram("submitToAssignedHistogram", result.assigned());
        histogram("submitToReplyHistogram", result.replied());
        series(result);
        json.writeEndObject();
    }

    private void percentiles(final String name, final Percentiles of) throws IOException
    {
        json.writeObjectFieldStart(name);
        if (of.count() > 0)
        {
            figures.number("p50", of.p50Micros());
            figures.number("p90", of.p90Micros());
            figures.number("p99", of.p99Micros());
            figures.number("p999", of.p999Micros());
            figures.number("max", of.maxMicros());
        }
        else
        {
            for (final String none : new String[]{"p50", "p90", "p99", "p999", "max"})
            {
                json.writeNullField(none);
            }
        }
        json.writeNumberField("count", of.count());
        json.writeEndObject();
    }

    private void histogram(final String name, final Percentiles of) throws IOException
    {
        json.writeArrayFieldStart(name);
        for (final Percentiles.Bin bin : of.bins())
        {
            json.writeStartObject();
            figures.number("toMicros", bin.toMicros());
            json.writeNumberField("count", bin.count());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void orNull(final String name, final Number value) throws IOException
    {
        if (null == value)
        {
            json.writeNullField(name);
        }
        else if (value instanceof Long whole)
        {
            json.writeNumberField(name, whole);
        }
        else
        {
            figures.number(name, value.doubleValue());
        }
    }

    private void reads(final LoadResult.Reading reads) throws IOException
    {
        json.writeObjectFieldStart("reads");
        percentiles("listMicros", reads.lists());
        percentiles("explainMicros", reads.explains());
        percentiles("firstEventMicros", reads.events());
        json.writeNumberField("errors", reads.errors());
        json.writeEndObject();
    }

    private void losses(final Map<String, Long> losses) throws IOException
    {
        json.writeNumberField("linksLost", losses.values().stream().mapToLong(Long::longValue).sum());
        json.writeObjectFieldStart("linkLossReasons");
        for (final Map.Entry<String, Long> loss : losses.entrySet())
        {
            json.writeNumberField(loss.getKey(), loss.getValue());
        }
        json.writeEndObject();
    }

    private void steps(final LoadResult result) throws IOException
    {
        json.writeArrayFieldStart("steps");
        for (final StepResult step : result.steps())
        {
            json.writeStartObject();
            figures.number("rate", step.rate());
            json.writeNumberField("due", step.due());
            json.writeNumberField("submitted", step.submitted());
            json.writeNumberField("assigned", step.assigned());
            percentiles("submitToAssignedMicros", step.latencies());
            json.writeStringField("broken", step.broken());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void chaos(final LoadResult.Disorder chaos) throws IOException
    {
        json.writeObjectFieldStart("chaos");
        json.writeNumberField("flaps", chaos.flaps());
        json.writeNumberField("storms", chaos.storms());
        json.writeNumberField("slowAgents", chaos.slowAgents());
        json.writeNumberField("kills", chaos.killSeconds().size());
        json.writeArrayFieldStart("killSeconds");
        for (final double seconds : chaos.killSeconds())
        {
            json.writeNumber(seconds);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private void plan(final LoadPlan plan) throws IOException
    {
        json.writeObjectFieldStart("plan");
        json.writeArrayFieldStart("rates");
        for (final double rate : plan.rates())
        {
            json.writeNumber(rate);
        }
        json.writeEndArray();
        json.writeStringField("api", plan.api().code());
        orNull("batch", batch(plan));
        json.writeNumberField("kernels", plan.kernels());
        json.writeNumberField("lanes", plan.lanes());
        json.writeNumberField("agentThreads", plan.agentThreads());
        figures.number("runSeconds", plan.runNs() / 1e9);
        figures.number("readShare", plan.readShare());
        json.writeEndObject();
    }

    /** Of all requests; null if it differs from step to step. */
    private static Long batch(final LoadPlan plan)
    {
        final long[] batches = plan.rates().stream().mapToLong(rate -> Arrivals.batch(plan, rate)).distinct().toArray();
        return 0 == batches.length ? Long.valueOf(plan.batch()) : 1 == batches.length ? Long.valueOf(batches[0]) : null;
    }

    private void series(final LoadResult result) throws IOException
    {
        json.writeArrayFieldStart("series");
        for (final Sample sample : result.series())
        {
            json.writeStartObject();
            figures.number("seconds", sample.seconds());
            figures.number("submitted", sample.submitted());
            figures.number("assigned", sample.assigned());
            figures.number("ended", sample.ended());
            known("p50Micros", sample.p50Micros());
            known("p99Micros", sample.p99Micros());
            json.writeNumberField("agents", sample.agents());
            known("managerCores", sample.managerCores());
            known("managerMemoryBytes", sample.managerBytes());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void known(final String name, final double value) throws IOException
    {
        orNull(name, value < 0 ? null : value);
    }
}
