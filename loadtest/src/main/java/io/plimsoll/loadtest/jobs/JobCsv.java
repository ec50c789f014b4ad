package io.plimsoll.loadtest.jobs;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import io.plimsoll.core.sbe.SessionType;
import io.plimsoll.loadtest.csv.CsvRow;
import io.plimsoll.loadtest.csv.CsvTable;
import io.plimsoll.loadtest.simulate.ScenarioException;
import io.plimsoll.loadtest.simulate.SessionSpec;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Our own format, which everything reads and writes without loss: a row for each job, times in seconds. Only the
 * columns {@code job} and {@code arrival} have to be there, so a spreadsheet can write it too. docs/WORKLOADS.md says
 * what each column holds; {@link JobText} is how the cells are written.
 */
public final class JobCsv
{
    static final String[] COLUMNS =
    {
        "job", "arrival", "user", "project", "domain", "group", "type", "priority", "preemptible", "kernels", "cpu",
        "mem", "slots", "constraints", "duration", "exit", "limit", "elements", "after"
    };
    private static final long SECOND_NS = 1_000_000_000L;
    private static final int ELEMENTS_MAX = 10_000_000;
    private static final int NANOS = 9;
    private static final String ORIGIN = "origin: ";
    private static final String NAME = "name: ";
    private static final String CLOCK = "clock: ";
    private static final String NOTE = "note: ";
    private static final String SKIPPED = "skipped: ";
    private static final Map<String, SessionType> TYPES = Map.of(
        "interactive", SessionType.INTERACTIVE,
        "batch", SessionType.BATCH,
        "inference", SessionType.INFERENCE,
        "system", SessionType.SYSTEM);

    private final WorkloadBuilder builder;
    private final Map<String, JobRequest> requests = new HashMap<>();
    private final Map<String, Tenant> tenants = new HashMap<>();
    private final Mentions mentions = new Mentions();
    private final JobNames names = new JobNames();

    private JobCsv(final WorkloadBuilder builder)
    {
        this.builder = builder;
    }

    static Workload read(final Path file)
    {
        try (CsvTable table = CsvTable.openCommented(file))
        {
            final JobCsv csv = new JobCsv(new WorkloadBuilder(name(table, file)));
            csv.comments(table.comments());
            check(table, file);
            for (CsvRow row = table.next(); null != row; row = table.next())
            {
                csv.builder.add(csv.job(row));
            }
            final Workload workload = csv.builder.build();
            csv.mentions.check(workload);
            return workload;
        }
    }

    private static String name(final CsvTable table, final Path file)
    {
        for (final String comment : table.comments())
        {
            if (comment.startsWith(NAME))
            {
                return comment.substring(NAME.length());
            }
        }
        return WorkloadFiles.name(file);
    }

    private static void check(final CsvTable table, final Path file)
    {
        for (final String column : table.columns())
        {
            if (!List.of(COLUMNS).contains(column))
            {
                throw new ScenarioException(file + ": there is no column " + column + " in a workload; there are " +
                    String.join(", ", COLUMNS));
            }
        }
        for (final String column : List.of("job", "arrival"))
        {
            if (!table.columns().contains(column))
            {
                throw new ScenarioException(file + ": the column " + column + " is missing");
            }
        }
    }

    private void comments(final List<String> comments)
    {
        for (final String comment : comments)
        {
            if (comment.startsWith(ORIGIN))
            {
                builder.originEpochNs(origin(comment.substring(ORIGIN.length())));
            }
            else if (comment.startsWith(CLOCK) && comment.substring(CLOCK.length()).matches("[0-9]{1,9}"))
            {
                builder.clockNs(Long.parseLong(comment.substring(CLOCK.length())) * SECOND_NS);
            }
            else if (comment.startsWith(NOTE))
            {
                builder.note(comment.substring(NOTE.length()));
            }
            else if (comment.startsWith(SKIPPED))
            {
                skipped(comment.substring(SKIPPED.length()).split("; ", 3));
            }
        }
    }

    private static long origin(final String text)
    {
        try
        {
            final Instant origin = Instant.parse(text);
            return Math.addExact(Math.multiplyExact(origin.getEpochSecond(), SECOND_NS), origin.getNano());
        }
        catch (final DateTimeException | ArithmeticException ex)
        {
            throw new ScenarioException("origin: '" + text + "' is not a time such as 2026-11-22T10:00:00Z");
        }
    }

    private void skipped(final String[] parts)
    {
        if (3 == parts.length && parts[0].matches("[0-9]{1,18}"))
        {
            builder.skip(new Skipped(parts[2], Long.parseLong(parts[0]), parts[1]));
        }
    }

    private Job job(final CsvRow row)
    {
        final Tenant tenant = new Tenant(
            row.textOr("user", ""), row.textOr("project", ""), row.textOr("domain", ""), row.textOr("group", ""));
        final String request = String.join("\n", row.textOr("kernels", ""), row.textOr("cpu", ""),
            row.textOr("mem", ""), row.textOr("slots", ""), row.textOr("constraints", ""));
        final int elements = is(row, "elements") ? (int)row.number("elements", 1, ELEMENTS_MAX) : 1;
        final List<Life> lives = lives(row);
        if (lives.size() > elements)
        {
            throw row.problem("duration", "there are " + lives.size() + " of them, but " + elements + " elements");
        }
        return new Job(
            names.of(row),
            row.secondsNs("arrival"),
            tenants.computeIfAbsent(tenant.toString(), key -> tenant),
            type(row),
            is(row, "priority") ? (int)row.number("priority", 0, 100) : SessionSpec.PRIORITY_DEFAULT,
            !is(row, "preemptible") || 1 == row.number("preemptible", 0, 1),
            requests.computeIfAbsent(request, key -> request(row)),
            is(row, "limit") ? row.secondsNs("limit") : Job.NO_LIMIT,
            elements,
            lives,
            is(row, "after") ? mentions.of(row, row.read("after", JobText::after)) : List.of());
    }

    private static boolean is(final CsvRow row, final String column)
    {
        return !row.textOr(column, "").isEmpty();
    }

    private static SessionType type(final CsvRow row)
    {
        if (!is(row, "type"))
        {
            return SessionType.BATCH;
        }
        final SessionType type = TYPES.get(row.text("type").toLowerCase(Locale.ROOT));
        if (null == type)
        {
            throw row.problem("type",
                "'" + row.text("type") + "' is none of " + String.join(", ", new TreeSet<>(TYPES.keySet())));
        }
        return type;
    }

    private static JobRequest request(final CsvRow row)
    {
        final String[] counts = cells(row, "kernels", 1);
        final String[] cpus = cells(row, "cpu", counts.length);
        final String[] memories = cells(row, "mem", counts.length);
        final String[] slots = cells(row, "slots", counts.length);
        final List<KernelSet> kernels = new ArrayList<>();
        for (int i = 0; i < counts.length; i++)
        {
            try
            {
                kernels.add(JobText.kernels(counts[i], cpus[i], memories[i], slots[i]));
            }
            catch (final IllegalArgumentException ex)
            {
                throw row.problem("kernels, cpu, mem or slots", ex.getMessage());
            }
        }
        return new JobRequest(
            kernels, is(row, "constraints") ? row.read("constraints", JobText::constraints) : List.of());
    }

    /** The cells of sets of kernels are joined by a plus; an empty one is so for all sets. */
    private static String[] cells(final CsvRow row, final String column, final int count)
    {
        final String text = row.textOr(column, "");
        final String[] cells = text.isEmpty() ? new String[]{""} : text.split("\\+", -1);
        if (count > 1 && 1 == cells.length && text.isEmpty())
        {
            final String[] empty = new String[count];
            Arrays.fill(empty, "");
            return empty;
        }
        if (!"kernels".equals(column) && cells.length != count)
        {
            throw row.problem(column, "'" + text + "' is of " + cells.length + " sets of kernels, but kernels names " +
                count);
        }
        return cells;
    }

    private static List<Life> lives(final CsvRow row)
    {
        return row.has("duration") && is(row, "duration") ?
            row.read("duration", text -> JobText.lives(text, row.textOr("exit", ""))) :
            List.of(new Life(Job.UNKNOWN, Job.SUCCESS));
    }

    /**
     * Writes a workload.
     *
     * @param workload to write.
     * @param target   takes it; closed by the caller.
     * @throws IOException if it cannot take it.
     */
    public static void write(final Workload workload, final OutputStream target) throws IOException
    {
        final StringBuilder head = new StringBuilder("# plimsoll workload 1\n");
        head.append("# ").append(NAME).append(line(workload.name())).append('\n');
        if (workload.hasOrigin())
        {
            head.append("# ").append(ORIGIN).append(Instant.ofEpochSecond(
                Math.floorDiv(workload.originEpochNs(), SECOND_NS),
                Math.floorMod(workload.originEpochNs(), SECOND_NS))).append('\n');
        }
        if (workload.clockNs() >= SECOND_NS)
        {
            head.append("# ").append(CLOCK).append(workload.clockNs() / SECOND_NS).append('\n');
        }
        workload.notes().forEach(note -> head.append("# ").append(NOTE).append(line(note)).append('\n'));
        workload.skipped().forEach(some -> head.append("# ").append(SKIPPED).append(some.count()).append("; ")
            .append(line(some.first())).append("; ").append(line(some.why())).append('\n'));
        final Set<String> come = new HashSet<>();
        final long gone = workload.hasDependencies() ? Mentions.gone(workload) : 0;
        if (gone > 0)
        {
            head.append("# ").append(NOTE).append("jobs that others waited for and that are not among these: ")
                .append(gone).append('\n');
        }
        target.write(head.toString().getBytes(StandardCharsets.UTF_8));
        final CsvWriter writer =
            CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(target, StandardCharsets.UTF_8);
        writer.writeRecord(COLUMNS);
        for (final Job job : workload.jobs())
        {
            writer.writeRecord(cells(0 == gone ? job : Mentions.without(job, come)));
        }
        writer.flush();
    }

    private static String line(final String text)
    {
        return text.replaceAll("\\R", " ");
    }

    private static String[] cells(final Job job)
    {
        final Tenant tenant = job.tenant();
        final boolean usual = SessionSpec.PRIORITY_DEFAULT == job.priority();
        return new String[]
        {
            job.name(), seconds(job.arrivalNs()), tenant.user(), tenant.project(), tenant.domain(), tenant.group(),
            SessionType.BATCH == job.type() ? "" : job.type().name().toLowerCase(Locale.ROOT),
            usual ? "" : Integer.toString(job.priority()), job.preemptible() ? "" : "0",
            JobText.joined(job.request(), set -> Integer.toString(set.count())),
            JobText.joined(job.request(), set -> JobText.cpu(set.need())),
            JobText.joined(job.request(), set -> JobText.memory(set.need())),
            JobText.joined(job.request(), set -> JobText.slots(set.need())),
            JobText.constraints(job.request().constraints()),
            JobText.durations(job.lives()), JobText.exits(job.lives()),
            Job.NO_LIMIT == job.limitNs() ? "" : seconds(job.limitNs()),
            1 == job.elements() ? "" : Integer.toString(job.elements()),
            JobText.after(job.after())
        };
    }

    static String seconds(final long ns)
    {
        return 0 == ns % SECOND_NS ? Long.toString(ns / SECOND_NS) :
            BigDecimal.valueOf(ns, NANOS).stripTrailingZeros().toPlainString();
    }
}
