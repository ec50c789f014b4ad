package io.plimsoll.loadtest.virtual;

import io.plimsoll.loadtest.csv.CsvRow;
import io.plimsoll.loadtest.csv.CsvTable;
import io.plimsoll.loadtest.fleet.Fleet;
import io.plimsoll.loadtest.fleet.Machine;
import io.plimsoll.loadtest.jobs.Workload;
import io.plimsoll.loadtest.simulate.ScenarioException;
import io.plimsoll.loadtest.virtual.MachineFaults.Outage;
import io.plimsoll.loadtest.virtual.MachineFaults.Recorded;
import io.plimsoll.transport.Amounts;
import io.plimsoll.transport.NearMatch;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Failures of machines from a log: CSV with the columns {@code machine}, {@code at} and {@code down}. Times are
 * durations from the first arrival, or times of the world if the workload tells when it began; an empty {@code down} is
 * for good. Stateless.
 */
public final class OutageFile
{
    private static final String MACHINE = "machine";
    private static final String AT = "at";
    private static final String DOWN = "down";

    private OutageFile()
    {
    }

    /**
     * Reads one.
     *
     * @param file     of failures.
     * @param fleet    whose machines they are of.
     * @param originNs of the workload, epoch nanoseconds, or {@link Workload#NO_ORIGIN}.
     * @throws ScenarioException that names file, line and field of what is wrong.
     */
    public static Recorded read(final Path file, final Fleet fleet, final long originNs)
    {
        final Set<String> known = new TreeSet<>(fleet.machines().stream().map(Machine::name).toList());
        final List<Outage> outages = new ArrayList<>();
        try (CsvTable table = CsvTable.openCommented(file))
        {
            if (!table.columns().equals(Set.of(MACHINE, AT, DOWN)))
            {
                throw new ScenarioException(
                    file + ": its columns are " + String.join(",", table.columns()) + ", not machine,at,down");
            }
            for (CsvRow row = table.next(); null != row; row = table.next())
            {
                final String machine = row.text(MACHINE);
                if (!known.contains(machine))
                {
                    throw row.problem(
                        MACHINE, machine + " is none of the fleet" + NearMatch.hint(NearMatch.find(machine, known)));
                }
                final long downNs =
                    row.textOr(DOWN, "").isEmpty() ? Outage.FOR_GOOD : row.read(DOWN, Amounts::durationNs);
                outages.add(new Outage(machine, row.read(AT, text -> atNs(text, originNs)), downNs));
            }
        }
        return new Recorded(outages);
    }

    private static long atNs(final String text, final long originNs)
    {
        if (!text.contains("T"))
        {
            return Amounts.durationNs(text);
        }
        if (Workload.NO_ORIGIN == originNs)
        {
            throw new IllegalArgumentException(
                "'" + text + "' is a time, but the workload does not tell when it began: use durations from its start");
        }
        try
        {
            final Instant time = Instant.parse(text);
            final long atNs = Math.subtractExact(
                Math.addExact(Math.multiplyExact(time.getEpochSecond(), 1_000_000_000L), time.getNano()), originNs);
            if (atNs >= 0)
            {
                return atNs;
            }
        }
        catch (final DateTimeException | ArithmeticException ex)
        {
            throw new IllegalArgumentException("'" + text + "' is no time: use one such as 2026-11-23T10:00:00Z");
        }
        throw new IllegalArgumentException("'" + text + "' is before the workload begins");
    }
}
