package io.plimsoll.loadtest.jobs;

import io.plimsoll.core.sbe.SessionType;
import io.plimsoll.loadtest.csv.CsvRow;
import io.plimsoll.loadtest.csv.CsvTable;
import io.plimsoll.loadtest.simulate.Scenario.SlotAmount;
import io.plimsoll.loadtest.simulate.SessionSpec;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Instances of recommendation services: those without a time of creation were there before, those without one of
 * deletion outlive the trace.
 */
final class DlrmWorkload
{
    /** Percent of the bandwidth of a network card. */
    static final String RDMA = "rdma";
    /** GiB. */
    static final String DISK = "disk";
    /** Thousandths of a machine; see {@link #density}. */
    static final String DENSITY = "density";
    private static final long PERCENT_MAX = 100;
    private static final int GIB_SHIFT = 30;
    private static final long COUNT_MAX = 1_000_000;
    private static final BigDecimal AMOUNT_MAX = BigDecimal.valueOf(Long.MAX_VALUE >> 2);

    private DlrmWorkload()
    {
    }

    static Workload read(final Path file)
    {
        final WorkloadBuilder builder = new WorkloadBuilder(WorkloadFiles.name(file));
        builder.note("slots are " + RDMA + " (percent of a card: a machine with one has 100), " + DISK + " (GiB) and " +
            DENSITY + " (a machine has 1000; max_instance_per_node N takes 1000/N, from all services together)");
        try (CsvTable table = CsvTable.open(file))
        {
            for (CsvRow row = table.next(); null != row; row = table.next())
            {
                builder.add(job(row));
            }
        }
        return builder.build();
    }

    private static Job job(final CsvRow row)
    {
        final List<SlotAmount> slots = new ArrayList<>(Need.gpu(row.number("gpu_request", 0, COUNT_MAX) * Need.WHOLE));
        slots.add(new SlotAmount(RDMA, row.number("rdma_request", 0, PERCENT_MAX)));
        slots.add(new SlotAmount(DISK, whole(row, "disk_request", 1)));
        slots.add(new SlotAmount(DENSITY, density(row)));
        final Need need = new Need(
            row.number("cpu_request", 0, COUNT_MAX) * Need.WHOLE,
            whole(row, "memory_request", 1L << GIB_SHIFT),
            slots);
        final long createdNs = row.textOr("creation_time", "").isEmpty() ? 0 : row.secondsNs("creation_time");
        return new Job(
            row.text("instance_sn"), createdNs, new Tenant(row.text("app_name"), "", "", row.text("role")),
            SessionType.INFERENCE, SessionSpec.PRIORITY_DEFAULT, false, JobRequest.of(1, need), Job.NO_LIMIT, 1,
            List.of(new Life(durationNs(row, createdNs), Job.SUCCESS)), List.of());
    }

    /** An amount in units of so much, rounded up. */
    private static long whole(final CsvRow row, final String column, final long unit)
    {
        final BigDecimal amount = row.decimal(column).multiply(BigDecimal.valueOf(unit)).setScale(0, RoundingMode.UP);
        if (amount.compareTo(AMOUNT_MAX) > 0)
        {
            throw row.problem(column, "'" + row.text(column) + "' is more than can be counted");
        }
        return amount.longValueExact();
    }

    private static long durationNs(final CsvRow row, final long createdNs)
    {
        if (row.textOr("deletion_time", "").isEmpty())
        {
            return Job.FOREVER;
        }
        final long deletedNs = row.secondsNs("deletion_time");
        if (deletedNs < createdNs)
        {
            throw row.problem("deletion_time", "'" + row.text("deletion_time") + "' is before the creation");
        }
        return deletedNs - createdNs;
    }

    /**
     * A machine that holds at most N of one service has a thousandth of it N times, rounded down: so N fit and N + 1 do
     * not, up to N = 31, beyond every limit of the trace.
     */
    private static long density(final CsvRow row)
    {
        final long most = row.number("max_instance_per_node", -1, COUNT_MAX);
        if (0 == most)
        {
            throw row.problem("max_instance_per_node", "'0' is no limit: use -1 for none, or 1 and more");
        }
        return most < 0 ? 0 : Math.max(1, Need.WHOLE / most);
    }
}
