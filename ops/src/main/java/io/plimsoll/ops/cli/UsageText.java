package io.plimsoll.ops.cli;

import io.plimsoll.transport.Amounts;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.stream.Stream;

/** What is used, from the JSON of the API, in as few letters as a table has room for; empty for what is not known. */
final class UsageText
{
    private static final long MILLIS = 1000;

    private UsageText()
    {
    }

    /** Processors in use, such as {@code 1.25}. */
    static String cpu(final JsonValue usage)
    {
        final String last = usage.field("cpu").text("last");
        return last.isEmpty() ? "" : new BigDecimal(last).setScale(2, RoundingMode.HALF_UP).toPlainString();
    }

    static String cpuTime(final JsonValue usage)
    {
        final String seconds = usage.text("cpuSeconds");
        return seconds.isEmpty() ? "" :
            Sessions.duration(new BigDecimal(seconds).multiply(BigDecimal.valueOf(MILLIS)).longValue());
    }

    /** As of the latest sample. */
    static String bytes(final JsonValue usage, final String level)
    {
        return total(usage.field(level), "last");
    }

    static String total(final JsonValue usage, final String field)
    {
        return usage.text(field).isEmpty() ? "" : Amounts.humanBytes(usage.number(field, 0));
    }

    static String percent(final JsonValue usage)
    {
        final String last = usage.field("gpuPercent").text("last");
        return last.isEmpty() ? "" : last + "%";
    }

    /** A table of agents; what nothing is known of, as in a replay, has no columns. */
    static TextTable agents(final List<JsonValue> agents, final String... first)
    {
        return agents.stream().allMatch(agent -> agent.field("usage").isMissing()) ? new TextTable(first) :
            new TextTable(joined(first, ">CPU USED", ">MEM USED", ">GPU"));
    }

    private static String[] joined(final String[] first, final String... then)
    {
        return Stream.of(first, then).flatMap(Stream::of).toArray(String[]::new);
    }

    /** A table of kernels. */
    static TextTable table(final String... first)
    {
        return new TextTable(joined(
            first, ">CPU", ">CPU TIME", ">MEM", ">PEAK", ">READ/S", ">WRITE/S", ">RECV/S", ">SEND/S", ">GPU",
            ">GPU MEM"));
    }

    /** A row of it. */
    static void row(final TextTable table, final JsonValue usage, final String... first)
    {
        table.row(joined(
            first, cpu(usage), cpuTime(usage), bytes(usage, "memoryBytes"), total(usage, "memoryPeakBytes"),
            bytes(usage, "readBytesPerSecond"), bytes(usage, "writtenBytesPerSecond"),
            bytes(usage, "receivedBytesPerSecond"), bytes(usage, "sentBytesPerSecond"),
            percent(usage), bytes(usage, "gpuMemoryBytes")));
    }
}
