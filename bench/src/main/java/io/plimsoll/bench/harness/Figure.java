package io.plimsoll.bench.harness;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One measured figure; immutable. Everything that explains it stands in the details.
 *
 * @param row       row of the table of targets, such as {@code 1}; empty if it has none.
 * @param name      what was measured.
 * @param value     median of the runs.
 * @param unit      of the value.
 * @param limit     what the machine allows, measured in the same run; null if there is none.
 * @param limitName what the limit is.
 * @param ratio     value by limit.
 * @param target    for people; null if there is none.
 * @param met       whether the target is met; null if there is none.
 * @param details   further numbers by name.
 */
public record Figure(
    String row,
    String name,
    double value,
    String unit,
    Double limit,
    String limitName,
    Double ratio,
    String target,
    Boolean met,
    Map<String, Object> details)
{
    private static final String FAILURE = "failure";

    /**
     * A figure that stands for itself.
     *
     * @param row   of the table of targets, or empty.
     * @param name  what was measured.
     * @param value median.
     * @param unit  of it.
     * @return the figure.
     */
    public static Figure of(final String row, final String name, final double value, final String unit)
    {
        return new Figure(row, name, value, unit, null, null, null, null, null, Map.of());
    }

    /**
     * A measurement that broke: the others of the same run are still worth having.
     *
     * @param row  of the table of targets, or empty.
     * @param name what was to be measured.
     * @param why  it broke.
     * @return a figure without a value.
     */
    public static Figure failed(final String row, final String name, final String why)
    {
        return of(row, name, 0, "FAILED").with(FAILURE, why);
    }

    /** Whether the measurement broke. */
    public boolean broken()
    {
        return details.containsKey(FAILURE);
    }

    /**
     * With what the machine allows.
     *
     * @param limitValue measured in the same run.
     * @param what       the limit is.
     * @return the figure.
     */
    public Figure against(final double limitValue, final String what)
    {
        return new Figure(row, name, value, unit, limitValue, what, value / limitValue, target, met, details);
    }

    /**
     * With a target.
     *
     * @param text    for people.
     * @param reached whether it is met.
     * @return the figure.
     */
    public Figure target(final String text, final boolean reached)
    {
        return new Figure(row, name, value, unit, limit, limitName, ratio, text, reached, details);
    }

    /**
     * With one more number that explains it.
     *
     * @param key    of it.
     * @param detail of it.
     * @return the figure.
     */
    public Figure with(final String key, final Object detail)
    {
        final Map<String, Object> all = new LinkedHashMap<>(details);
        all.put(key, detail);
        return new Figure(row, name, value, unit, limit, limitName, ratio, target, met, all);
    }
}
