package io.plimsoll.loadtest.csv;

import de.siegmar.fastcsv.reader.CsvRecord;
import io.plimsoll.loadtest.simulate.ScenarioException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;

/** One row of a table, whose cells are asked for by the name of their column. */
public final class CsvRow
{
    private static final int NANOS = 9;
    private static final BigDecimal SECONDS_MAX = BigDecimal.valueOf(Long.MAX_VALUE >> 2, NANOS);

    private final Path file;
    private final Map<String, Integer> columns;
    private final CsvRecord record;

    CsvRow(final Path file, final Map<String, Integer> columns, final CsvRecord record)
    {
        this.file = file;
        this.columns = columns;
        this.record = record;
    }

    /** Number of the line in which it begins, from 1. */
    public long line()
    {
        return record.getStartingLineNumber();
    }

    public boolean has(final String column)
    {
        return columns.containsKey(column);
    }

    /** A cell that must not be empty. */
    public String text(final String column)
    {
        final String text = textOr(column, "");
        if (text.isEmpty())
        {
            throw new ScenarioException(place() + ": the column " + column + " is missing or empty");
        }
        return text;
    }

    /** A cell; something else if there is no such column. */
    public String textOr(final String column, final String otherwise)
    {
        final Integer at = columns.get(column);
        return null == at || at >= record.getFieldCount() ? otherwise : record.getField(at).strip();
    }

    /** A whole number from 0. */
    public long number(final String column)
    {
        return number(column, 0, Long.MAX_VALUE);
    }

    /** A whole number within bounds. */
    public long number(final String column, final long min, final long max)
    {
        final String text = text(column);
        try
        {
            final long number = Long.parseLong(text);
            if (number >= min && number <= max)
            {
                return number;
            }
        }
        catch (final NumberFormatException ex)
        {
            throw notANumber(column, text, min, max);
        }
        throw notANumber(column, text, min, max);
    }

    private ScenarioException notANumber(final String column, final String text, final long min, final long max)
    {
        return problem(column, "'" + text + "' is not a whole number from " + min +
            (Long.MAX_VALUE == max ? "" : " to " + max));
    }

    /** A number from 0 that may have a fraction. */
    public BigDecimal decimal(final String column)
    {
        final String text = text(column);
        try
        {
            final BigDecimal number = new BigDecimal(text);
            if (number.signum() >= 0 && number.precision() - number.scale() < Long.SIZE && number.scale() < Long.SIZE)
            {
                return number;
            }
        }
        catch (final NumberFormatException ex)
        {
            throw problem(column, "'" + text + "' is not a number from 0");
        }
        throw problem(column, "'" + text + "' is not a number from 0");
    }

    /** Seconds from 0, as nanoseconds. */
    public long secondsNs(final String column)
    {
        final BigDecimal seconds = decimal(column);
        if (seconds.compareTo(SECONDS_MAX) > 0)
        {
            throw problem(column, "'" + text(column) + "' seconds are more than can be counted");
        }
        return seconds.setScale(NANOS, RoundingMode.HALF_EVEN).unscaledValue().longValueExact();
    }

    /** A cell as something reads it that says what is wrong with it. */
    public <T> T read(final String column, final Function<String, T> reader)
    {
        try
        {
            return reader.apply(text(column));
        }
        catch (final IllegalArgumentException ex)
        {
            throw problem(column, ex.getMessage());
        }
    }

    /** Something is wrong with a cell. */
    public ScenarioException problem(final String column, final String problem)
    {
        return new ScenarioException(place() + ", " + column + ": " + problem);
    }

    /** Where it is. */
    public String place()
    {
        return file + ", line " + line();
    }
}
