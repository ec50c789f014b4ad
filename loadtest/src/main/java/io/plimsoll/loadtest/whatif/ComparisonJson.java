package io.plimsoll.loadtest.whatif;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.plimsoll.loadtest.simulate.Seconds;
import io.plimsoll.loadtest.whatif.Comparison.Balance;
import io.plimsoll.loadtest.whatif.Comparison.Pair;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/** A comparison as one object: waits in seconds, shares from 0 to 1, {@code null} for what there is none of. */
final class ComparisonJson
{
    private static final JsonFactory FACTORY = new JsonFactory();

    private final Comparison comparison;
    private final Map<Long, String> reasons;
    private final Map<Long, String> names;

    ComparisonJson(final Comparison comparison, final Map<Long, String> reasons, final Map<Long, String> names)
    {
        this.comparison = comparison;
        this.reasons = reasons;
        this.names = names;
    }

    /** The object, in one line. */
    String text()
    {
        final StringWriter text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(text))
        {
            json.writeStartObject();
            head(json);
            side(json, "record", comparison.recorded());
            side(json, "whatIf", comparison.ours());
            both(json, "groups", side -> side.waitsByGroup, side -> side.gpuHoursByGroup);
            both(json, "owners", side -> side.waitsByOwner, side -> side.gpuHoursByOwner);
            balance(json);
            sessions(json, "won", comparison.won());
            sessions(json, "lost", comparison.lost());
            sessions(json, "endedOtherwise", comparison.otherwise());
            json.writeEndObject();
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
        return text.toString();
    }

    private void head(final JsonGenerator json) throws IOException
    {
        final WhatIfResult result = comparison.result();
        json.writeNumberField("fromSequence", result.forkSequence());
        json.writeStringField("from", ComparisonText.time(result.forkNs()));
        json.writeNumberField("toSequence", result.endSequence());
        json.writeStringField("to", ComparisonText.time(result.endNs()));
        json.writeBooleanField("same", result.isSame());
        json.writeFieldName("differsAt");
        if (result.differsAt() > 0)
        {
            json.writeNumber(result.differsAt());
        }
        else
        {
            json.writeNull();
        }
        json.writeStringField("stateHash", String.format(Locale.ROOT, "%016x", result.stateHash()));
        json.writeNumberField("decisionVersion", result.decisionVersion());
        json.writeBooleanField("otherVersion", result.isOtherVersion());
        json.writeNumberField("commandsDecided", result.decided());
        json.writeNumberField("assumedEnds", result.run().machines().assumed());
        json.writeNumberField("sessionsAdded", comparison.added());
        json.writeNumberField("sessionsRemoved", comparison.removed());
        json.writeNumberField("refusedNow", comparison.refusedNow());
        json.writeNumberField("refusedThen", comparison.refusedThen());
    }

    private static void side(final JsonGenerator json, final String name, final SideFigures side) throws IOException
    {
        json.writeObjectFieldStart(name);
        json.writeNumberField("sessions", side.sessions());
        json.writeNumberField("started", side.started());
        json.writeNumberField("succeeded", side.succeeded());
        json.writeNumberField("failed", side.failed());
        json.writeNumberField("cancelled", side.cancelled());
        json.writeNumberField("running", side.running());
        waits(json, side.waits);
        final ClusterMeter meter = side.books().meter();
        final ResourceBook resources = side.books().resources;
        json.writeObjectFieldStart("utilisation");
        for (int i = 0; i < resources.count(); i++)
        {
            share(json, resources.name(i), meter.utilisation(i));
        }
        json.writeEndObject();
        json.writeObjectFieldStart("fragmentation");
        for (int i = 0; i < resources.count(); i++)
        {
            share(json, resources.name(i), meter.fragmentation(i));
        }
        json.writeEndObject();
        json.writeNumberField("preemptions", meter.preemptions());
        number(json, "gpuHours", side.gpuHours());
        number(json, "cpuHours", side.cpuHours());
        json.writeEndObject();
    }

    private static void waits(final JsonGenerator json, final WaitFigures waits) throws IOException
    {
        json.writeObjectFieldStart("waits");
        json.writeNumberField("sessions", waits.count());
        json.writeNumberField("stillWaiting", waits.stillWaiting());
        seconds(json, "p50", waits.percentileNs(50));
        seconds(json, "p99", waits.percentileNs(99));
        seconds(json, "max", waits.percentileNs(100));
        seconds(json, "mean", waits.meanNs());
        json.writeEndObject();
    }

    private void both(
        final JsonGenerator json,
        final String name,
        final Function<SideFigures, Map<String, WaitFigures>> waitsBy,
        final Function<SideFigures, Map<String, Double>> hoursBy) throws IOException
    {
        final Set<String> keys = new TreeSet<>();
        for (final SideFigures side : List.of(comparison.recorded(), comparison.ours()))
        {
            keys.addAll(waitsBy.apply(side).keySet());
            keys.addAll(hoursBy.apply(side).keySet());
        }
        json.writeArrayFieldStart(name);
        for (final String key : keys)
        {
            json.writeStartObject();
            json.writeStringField("name", key);
            part(json, "record", key, comparison.recorded(), waitsBy, hoursBy);
            part(json, "whatIf", key, comparison.ours(), waitsBy, hoursBy);
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void part(
        final JsonGenerator json,
        final String name,
        final String key,
        final SideFigures side,
        final Function<SideFigures, Map<String, WaitFigures>> waitsBy,
        final Function<SideFigures, Map<String, Double>> hoursBy) throws IOException
    {
        json.writeObjectFieldStart(name);
        waits(json, waitsBy.apply(side).getOrDefault(key, new WaitFigures()));
        number(json, "gpuHours", hoursBy.apply(side).getOrDefault(key, 0.0));
        json.writeEndObject();
    }

    private void balance(final JsonGenerator json) throws IOException
    {
        json.writeNumberField("wonCount", comparison.wonCount());
        json.writeNumberField("lostCount", comparison.lostCount());
        json.writeNumberField("asBeforeCount", comparison.asBefore());
        json.writeArrayFieldStart("balance");
        for (final Map.Entry<String, Balance> owner : comparison.byOwner().entrySet())
        {
            json.writeStartObject();
            json.writeStringField("owner", owner.getKey());
            json.writeNumberField("sessions", owner.getValue().sessions);
            json.writeNumberField("won", owner.getValue().won);
            json.writeNumberField("lost", owner.getValue().lost);
            json.writeFieldName("meanChangeSeconds");
            json.writeNumber(BigDecimal.valueOf(owner.getValue().changeNs / owner.getValue().sessions, 9)
                .setScale(3, RoundingMode.HALF_EVEN));
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void sessions(final JsonGenerator json, final String name, final List<Pair> pairs) throws IOException
    {
        json.writeArrayFieldStart(name);
        for (final Pair pair : Comparison.shown(pairs))
        {
            final long id = pair.recorded().id;
            json.writeStartObject();
            json.writeNumberField("id", id);
            json.writeNumberField("whatIfId", pair.ours().id);
            json.writeStringField("name", names.getOrDefault(id, ""));
            json.writeStringField("owner", comparison.recorded().ownerName(pair.recorded().request.ownerId()));
            json.writeStringField("group", comparison.recorded().groupName(pair.recorded().request.groupId()));
            json.writeStringField("record", comparison.recorded().fate(pair.recorded()));
            json.writeStringField("whatIf", comparison.ours().fate(pair.ours()));
            seconds(json, "recordWait", pair.recordedNs());
            seconds(json, "whatIfWait", pair.oursNs());
            json.writeFieldName("changeSeconds");
            json.writeNumber(BigDecimal.valueOf(pair.changeNs(), 9).setScale(3, RoundingMode.HALF_EVEN));
            json.writeStringField("why", reasons.getOrDefault(id, ""));
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void seconds(final JsonGenerator json, final String name, final long ns) throws IOException
    {
        json.writeFieldName(name);
        if (ns < 0)
        {
            json.writeNull();
        }
        else
        {
            json.writeNumber(Seconds.of(ns));
        }
    }

    private static void share(final JsonGenerator json, final String name, final double share) throws IOException
    {
        if (share < 0)
        {
            json.writeNullField(name);
        }
        else
        {
            number(json, name, share);
        }
    }

    private static void number(final JsonGenerator json, final String name, final double value) throws IOException
    {
        json.writeFieldName(name);
        json.writeNumber(BigDecimal.valueOf(value).setScale(4, RoundingMode.HALF_EVEN));
    }
}
