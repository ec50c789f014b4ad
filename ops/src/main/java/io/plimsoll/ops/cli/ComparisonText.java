package io.plimsoll.ops.cli;

import io.plimsoll.loadtest.compare.Comparison;
import io.plimsoll.loadtest.compare.Difference;
import java.util.Locale;

/** A comparison for people. */
final class ComparisonText
{
    private static final double PERCENT = 100;

    private ComparisonText()
    {
    }

    /**
     * Prints it.
     *
     * @param isAll whether figures that do not differ are told one by one.
     */
    static void print(final Comparison comparison, final boolean isAll, final Terminal terminal)
    {
        terminal.out().println(comparison.method() + "; * is significant at " +
            FleetSimulation.figure(PERCENT * Difference.LEVEL) + " %, corrected for the number of figures (Holm)");
        comparison.notes().forEach(note -> terminal.out().println("note: " + note));
        final TextTable table = new TextTable(
            "FIGURE", ">" + name(comparison.first()), ">" + name(comparison.second()), ">CHANGE", ">+-", ">%", "");
        int equal = 0;
        int rows = 0;
        for (final Difference one : comparison.differences())
        {
            equal += one.isAny() ? 0 : 1;
            if (one.isAny() || isAll)
            {
                rows++;
                table.row(
                    one.figure(),
                    figure(one.first()),
                    figure(one.second()),
                    one.isAny() ? signed(one.change()) : "",
                    Double.isFinite(one.plusMinus()) && one.isAny() ? figure(one.plusMinus()) : "",
                    Double.isFinite(one.relative()) && one.isAny() ?
                        String.format(Locale.ROOT, "%+.1f", PERCENT * one.relative()) : "",
                    one.isSignificant() ? "* " + one.verdict().name().toLowerCase(Locale.ROOT) : "");
            }
        }
        if (rows > 0)
        {
            table.print(terminal.out());
        }
        if (equal > 0 && !isAll)
        {
            terminal.out().println(
                equal + (1 == equal ? " figure is" : " figures are") + " the same on both sides");
        }
    }

    private static String name(final String side)
    {
        return side.toUpperCase(Locale.ROOT);
    }

    private static String figure(final double value)
    {
        return FleetSimulation.figure(value);
    }

    private static String signed(final double value)
    {
        return (value > 0 ? "+" : "") + figure(value);
    }
}
