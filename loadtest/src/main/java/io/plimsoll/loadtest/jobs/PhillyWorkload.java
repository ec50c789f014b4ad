package io.plimsoll.loadtest.jobs;

import io.plimsoll.loadtest.csv.CsvRow;
import io.plimsoll.loadtest.csv.CsvTable;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Jobs of Philly: when, how long, how many GPUs, and the virtual cluster, which is a queue of its own. */
final class PhillyWorkload
{
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT);
    private static final long SECOND_NS = 1_000_000_000L;
    private static final int DEVICES_MAX = 100_000;
    private static final int DEVICES_OF_A_MACHINE = 8;

    private PhillyWorkload()
    {
    }

    static Workload read(final Path file)
    {
        final List<Job> jobs = new ArrayList<>();
        LocalDateTime first = null;
        try (CsvTable table = CsvTable.open(file))
        {
            final LocalDateTime zero = LocalDateTime.ofEpochSecond(0, 0, ZoneOffset.UTC);
            for (CsvRow row = table.next(); null != row; row = table.next())
            {
                final LocalDateTime at = time(row);
                first = null == first || at.isBefore(first) ? at : first;
                jobs.add(job(row, Duration.between(zero, at).getSeconds() * SECOND_NS, jobs.size() + 1));
            }
        }
        final WorkloadBuilder builder = new WorkloadBuilder(WorkloadFiles.name(file));
        builder.note("the file does not tell processors and memory: each GPU comes with one core");
        builder.note("more than " + DEVICES_OF_A_MACHINE + " GPUs are kernels of " + DEVICES_OF_A_MACHINE +
            " each; times are taken as UTC");
        final long originNs = null == first ? 0 : first.toEpochSecond(ZoneOffset.UTC) * SECOND_NS;
        builder.originEpochNs(originNs);
        jobs.forEach(job -> builder.add(Transform.at(job, job.arrivalNs() - originNs)));
        return builder.build();
    }

    private static LocalDateTime time(final CsvRow row)
    {
        try
        {
            return LocalDateTime.parse(row.text("timestamp"), TIME);
        }
        catch (final DateTimeParseException ex)
        {
            throw row.problem("timestamp",
                "'" + row.text("timestamp") + "' is not a time such as 2017-10-09 07:01:55");
        }
    }

    private static Job job(final CsvRow row, final long atNs, final int number)
    {
        final int gpus = (int)row.number("num_gpus", 0, DEVICES_MAX);
        final List<KernelSet> kernels = new ArrayList<>();
        if (gpus >= DEVICES_OF_A_MACHINE)
        {
            kernels.add(new KernelSet(gpus / DEVICES_OF_A_MACHINE, need(DEVICES_OF_A_MACHINE)));
        }
        if (gpus % DEVICES_OF_A_MACHINE > 0 || 0 == gpus)
        {
            kernels.add(new KernelSet(1, need(gpus % DEVICES_OF_A_MACHINE)));
        }
        final String group = row.text(row.has("VC") ? "VC" : "cluster");
        return Job.batch(
            Integer.toString(number), atNs, new Tenant("", "", "", group), new JobRequest(kernels, List.of()),
            row.secondsNs("duration"), Job.NO_LIMIT);
    }

    private static Need need(final int gpus)
    {
        return new Need(Math.max(1, gpus) * Need.WHOLE, 0, Need.gpu(gpus * Need.WHOLE));
    }
}
