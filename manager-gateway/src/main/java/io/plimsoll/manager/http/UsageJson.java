package io.plimsoll.manager.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.plimsoll.manager.usage.AgentUse;
import io.plimsoll.manager.usage.DeviceLoad;
import io.plimsoll.manager.usage.KernelUse;
import io.plimsoll.manager.usage.Level;
import io.plimsoll.manager.usage.Range;
import io.plimsoll.manager.usage.UsageStatistics;
import io.plimsoll.transport.usage.Usage;
import java.io.IOException;

/** What is used, as all routes show it; null for what is not known. */
final class UsageJson
{
    private static final int MILLI = 3;
    private static final int NANO = 9;

    private UsageJson()
    {
    }

    /** Of a kernel. */
    static void kernel(final JsonGenerator json, final KernelUse use) throws IOException
    {
        if (null == use)
        {
            json.writeNullField("usage");
            return;
        }
        json.writeObjectFieldStart("usage");
        fields(json, use.statistics());
        json.writeEndObject();
    }

    /** Of a host. */
    static void agent(final JsonGenerator json, final AgentUse use) throws IOException
    {
        if (null == use)
        {
            json.writeNullField("usage");
            return;
        }
        json.writeObjectFieldStart("usage");
        fields(json, use.statistics());
        JsonFields.longOrNull(json, "processors", use.processors(), 0);
        JsonFields.longOrNull(json, "memoryTotalBytes", use.memoryTotalBytes(), 0);
        json.writeArrayFieldStart("devices");
        for (final DeviceLoad device : use.devices())
        {
            json.writeStartObject();
            json.writeStringField("id", device.id());
            JsonFields.time(json, "at", device.atNs());
            JsonFields.longOrNull(json, "percent", device.utilisationPercent(), Usage.UNKNOWN);
            JsonFields.longOrNull(json, "memoryBytes", device.memoryUsedBytes(), Usage.UNKNOWN);
            JsonFields.longOrNull(json, "celsius", device.temperatureCelsius(), Usage.UNKNOWN);
            decimalOrNull(json, "watts", device.powerMilliwatt(), MILLI);
            JsonFields.longOrNull(json, "uncorrectableErrors", device.uncorrectableErrors(), Usage.UNKNOWN);
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void fields(final JsonGenerator json, final UsageStatistics statistics) throws IOException
    {
        final Usage last = statistics.last();
        JsonFields.time(json, "at", statistics.atNs());
        json.writeNumberField("samples", statistics.samples());
        decimalOrNull(json, "cpuSeconds", last.cpuNs(), NANO);
        range(json, "cpu", statistics.range(Level.CPU_MILLIS), MILLI);
        range(json, "memoryBytes", statistics.range(Level.MEMORY_BYTES), 0);
        JsonFields.longOrNull(json, "memoryPeakBytes", last.memoryPeakBytes(), Usage.UNKNOWN);
        JsonFields.longOrNull(json, "readBytes", last.readBytes(), Usage.UNKNOWN);
        JsonFields.longOrNull(json, "writtenBytes", last.writtenBytes(), Usage.UNKNOWN);
        JsonFields.longOrNull(json, "receivedBytes", last.receivedBytes(), Usage.UNKNOWN);
        JsonFields.longOrNull(json, "sentBytes", last.sentBytes(), Usage.UNKNOWN);
        range(json, "readBytesPerSecond", statistics.range(Level.READ_RATE), 0);
        range(json, "writtenBytesPerSecond", statistics.range(Level.WRITTEN_RATE), 0);
        range(json, "receivedBytesPerSecond", statistics.range(Level.RECEIVED_RATE), 0);
        range(json, "sentBytesPerSecond", statistics.range(Level.SENT_RATE), 0);
        range(json, "gpuPercent", statistics.range(Level.GPU_PERCENT), 0);
        range(json, "gpuMemoryBytes", statistics.range(Level.GPU_MEMORY_BYTES), 0);
        JsonFields.longOrNull(json, "processes", last.processes(), Usage.UNKNOWN);
    }

    private static void range(final JsonGenerator json, final String name, final Range range, final int scale)
        throws IOException
    {
        if (0 == range.count())
        {
            json.writeNullField(name);
            return;
        }
        json.writeObjectFieldStart(name);
        decimalOrNull(json, "last", range.last(), scale);
        JsonFields.decimal(json, "min", range.min(), scale);
        JsonFields.decimal(json, "average", range.average(), scale);
        JsonFields.decimal(json, "max", range.max(), scale);
        json.writeEndObject();
    }

    private static void decimalOrNull(final JsonGenerator json, final String name, final long value, final int scale)
        throws IOException
    {
        if (value < 0)
        {
            json.writeNullField(name);
        }
        else
        {
            JsonFields.decimal(json, name, value, scale);
        }
    }
}
