package io.plimsoll.ops.cli;

import io.plimsoll.transport.Amounts;
import java.math.BigDecimal;
import java.math.RoundingMode;

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

    /** A table of kernels. */
    static TextTable table(final String... first)
    {
        final String[] columns = {
            ">CPU", ">CPU TIME", ">MEM", ">PEAK", ">READ/S", ">WRITE/S", ">RECV/S", ">SEND/S", ">GPU", ">GPU MEM"};
        final String[] all = new String[first.length + columns.length];
        System.arraycopy(first, 0, all, 0, first.length);
        System.arraycopy(columns, 0, all, first.length, columns.length);
        return new TextTable(all);
    }

    /** A row of it. */
    static void row(final TextTable table, final JsonValue usage, final String... first)
    {
        final String[] cells = {
            cpu(usage), cpuTime(usage), bytes(usage, "memoryBytes"), total(usage, "memoryPeakBytes"),
            bytes(usage, "readBytesPerSecond"), bytes(usage, "writtenBytesPerSecond"),
            bytes(usage, "receivedBytesPerSecond"), bytes(usage, "sentBytesPerSecond"),
            percent(usage), bytes(usage, "gpuMemoryBytes")};
        final String[] all = new String[first.length + cells.length];
        System.arraycopy(first, 0, all, 0, first.length);
        System.arraycopy(cells, 0, all, first.length, cells.length);
        table.row(all);
    }
}
