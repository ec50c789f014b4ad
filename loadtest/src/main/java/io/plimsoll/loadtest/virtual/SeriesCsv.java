package io.plimsoll.loadtest.virtual;

import io.plimsoll.loadtest.csv.CsvFolder;
import io.plimsoll.loadtest.virtual.RunSeries.Bin;
import io.plimsoll.loadtest.virtual.RunSeries.Slot;
import java.util.ArrayList;
import java.util.List;

/** What a run looked like over time, as tables: the columns are in docs/SIMULATE.md. Stateless. */
public final class SeriesCsv
{
    private SeriesCsv()
    {
    }

    /** Writes {@code series}, {@code queue}, {@code waits} and {@code machines}. */
    public static void write(final RunSeries series, final CsvFolder folder)
    {
        final List<String> columns = new ArrayList<>(List.of(
            "from_s", "arrived", "wait_p50_s", "wait_p95_s", "wait_p99_s", "wait_max_s", "waiting", "running",
            "machines"));
        series.slots().forEach(slot ->
        {
            columns.add(slot.slot() + "_used_percent");
            columns.add(slot.slot() + "_fragmentation_percent");
        });
        folder.table("series", columns, rows ->
        {
            for (int bucket = 0; bucket < series.waiting().length; bucket++)
            {
                rows.add(bucket(series, bucket));
            }
        });
        folder.table("queue", List.of("from_s", "cause", "sessions"), rows ->
            series.waitingByCause().forEach((cause, sessions) ->
            {
                for (int bucket = 0; bucket < sessions.length; bucket++)
                {
                    rows.add(bucket * series.bucketSeconds(), cause, sessions[bucket]);
                }
            }));
        folder.table("waits", List.of("to_s", "sessions"), rows ->
        {
            for (final Bin bin : series.waitHistogram())
            {
                rows.add(bin.toSeconds(), bin.sessions());
            }
        });
        folder.table("machines", List.of("from_s", "machines", "slot", "used_percent"), rows ->
            series.slots().forEach(slot -> machines(series, slot, rows)));
    }

    private static Object[] bucket(final RunSeries series, final int bucket)
    {
        final List<Object> cells = new ArrayList<>();
        cells.add(bucket * series.bucketSeconds());
        cells.add(series.waits().arrived()[bucket]);
        cells.add(series.waits().p50Seconds()[bucket]);
        cells.add(series.waits().p95Seconds()[bucket]);
        cells.add(series.waits().p99Seconds()[bucket]);
        cells.add(series.waits().maxSeconds()[bucket]);
        cells.add(series.waiting()[bucket]);
        cells.add(series.running()[bucket]);
        cells.add(series.machines()[bucket]);
        for (final Slot slot : series.slots())
        {
            cells.add(slot.usedPercent()[bucket]);
            cells.add(slot.fragmentationPercent()[bucket]);
        }
        return cells.toArray();
    }

    private static void machines(final RunSeries series, final Slot slot, final CsvFolder.Rows rows)
    {
        for (int row = 0; row < slot.machinesPercent().length; row++)
        {
            final int[] parts = slot.machinesPercent()[row];
            for (int bucket = 0; null != parts && bucket < parts.length; bucket++)
            {
                rows.add(bucket * series.bucketSeconds(), series.machineRows().get(row), slot.slot(), parts[bucket]);
            }
        }
    }
}
