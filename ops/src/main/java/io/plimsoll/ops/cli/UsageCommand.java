package io.plimsoll.ops.cli;

import io.plimsoll.transport.NearMatch;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows what was used. */
@Command(
    name = "usage",
    description = {
        "Shows what was used a day, by project, user, domain and slot.",
        "An amount counts for the time in which a kernel ran: two cores for an hour are two core-hours. Days are",
        "of UTC, and both are meant; -o csv and json have seconds, exactly."},
    footer = {
        "  plimsoll usage",
        "  plimsoll usage --from 2026-11-01 --to 2026-11-30 --by project,user",
        "  plimsoll usage --by day,slot -o csv > usage.csv"})
final class UsageCommand extends ClientCommand
{
    private static final List<String> KEYS = List.of("day", "domain", "project", "user", "slot");
    private static final BigDecimal SECONDS_PER_HOUR = BigDecimal.valueOf(3_600);
    private static final BigDecimal GIBIBYTE = BigDecimal.valueOf(1L << 30);
    private static final int DECIMALS = 3;

    @Option(names = "--from", paramLabel = "DAY", description = "First day; 30 days if it is not given.")
    private String from;

    @Option(names = "--to", paramLabel = "DAY", description = "Last day; today if it is not given.")
    private String to;

    @Option(
        names = "--by",
        paramLabel = "WHAT",
        split = ",",
        description = "What is told apart, of day, domain, project, user, slot; project if it is not given.")
    private List<String> by = new ArrayList<>();

    UsageCommand(final Terminal terminal)
    {
        super(terminal);
    }

    @Override
    boolean isTabular()
    {
        return true;
    }

    @Override
    void check(final boolean isReplay)
    {
        checkDay("--from", from);
        checkDay("--to", to);
        if (null != from && null != to && LocalDate.parse(from).isAfter(LocalDate.parse(to)))
        {
            throw new CliException(ExitCode.USAGE, "--from: " + from + " is after --to " + to);
        }
        for (final String key : by)
        {
            if (!KEYS.contains(key))
            {
                throw new CliException(
                    ExitCode.USAGE, "--by: '" + key + "' is none of " + String.join(", ", KEYS) +
                        NearMatch.hint(NearMatch.find(key, KEYS)));
            }
        }
    }

    private static void checkDay(final String option, final String text)
    {
        try
        {
            if (null != text)
            {
                LocalDate.parse(text);
            }
        }
        catch (final DateTimeException ex)
        {
            throw new CliException(ExitCode.USAGE, option + ": '" + text + "' is no day such as 2026-11-22");
        }
    }

    @Override
    int run(final Api api)
    {
        final List<String> keys = new ArrayList<>(by.isEmpty() ? List.of("project") : by);
        final JsonValue report = api.get("/v1/usage/history?by=" + String.join(",", keys) +
            (null == from ? "" : "&from=" + from) + (null == to ? "" : "&to=" + to));
        keys.remove("slot");
        switch (output())
        {
            case json -> print(report);
            case csv -> csv(keys, report);
            default -> table(keys, report);
        }
        warn(report);
        return ExitCode.OK;
    }

    /** What the sums do not have in them. */
    private void warn(final JsonValue report)
    {
        if (report.number("behind", 0) > 0)
        {
            terminal().err().println("counted until " +
                (report.text("countedUntil").isEmpty() ? "nothing yet" : report.text("countedUntil")) + "; " +
                report.text("behind") + " records of the journal are still to come");
        }
        for (final JsonValue gap : report.field("missing").items())
        {
            terminal().err().println("incomplete: records " + gap.text("firstSequence") + " to " +
                gap.text("lastSequence") + " were pruned before they were counted");
        }
    }

    private void csv(final List<String> keys, final JsonValue report)
    {
        print(String.join(",", keys) + (keys.isEmpty() ? "" : ",") + "slot,slot_seconds");
        for (final JsonValue row : report.field("rows").items())
        {
            final StringJoiner line = new StringJoiner(",");
            keys.forEach(key -> line.add(quoted(row.text(key))));
            print(line.add(quoted(row.text("slot"))).add(row.text("slotSeconds")).toString());
        }
    }

    /** As RFC 4180 has it. */
    private static String quoted(final String text)
    {
        return text.matches("[^,\"\\r\\n]*") ? text : '"' + text.replace("\"", "\"\"") + '"';
    }

    private void table(final List<String> keys, final JsonValue report)
    {
        final List<String> headings = new ArrayList<>(keys.stream().map(key -> key.toUpperCase(Locale.ROOT)).toList());
        headings.addAll(List.of("SLOT", ">USED", "UNIT"));
        final TextTable table = new TextTable(headings.toArray(new String[0]));
        for (final JsonValue row : report.field("rows").items())
        {
            final String slot = row.text("slot");
            final List<String> cells = new ArrayList<>(keys.stream().map(row::text).toList());
            final BigDecimal seconds = new BigDecimal(row.text("slotSeconds"));
            final BigDecimal amount = "mem".equals(slot) ? seconds.divide(GIBIBYTE) : seconds;
            cells.add(slot);
            cells.add(hours(amount));
            cells.add("cpu".equals(slot) ? "core-hours" : "mem".equals(slot) ? "GiB-hours" : "hours");
            table.row(cells.toArray(new String[0]));
        }
        table.print(terminal().out());
    }

    /** Something is never shown as nothing. */
    private static String hours(final BigDecimal seconds)
    {
        final BigDecimal hours = seconds.divide(SECONDS_PER_HOUR, DECIMALS, RoundingMode.HALF_UP);
        return 0 == hours.signum() && 0 != seconds.signum() ?
            "<" + BigDecimal.ONE.movePointLeft(DECIMALS) : hours.toPlainString();
    }
}
