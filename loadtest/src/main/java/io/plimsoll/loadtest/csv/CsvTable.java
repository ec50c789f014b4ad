package io.plimsoll.loadtest.csv;

import de.siegmar.fastcsv.reader.CloseableIterator;
import de.siegmar.fastcsv.reader.CommentStrategy;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import io.plimsoll.loadtest.simulate.ScenarioException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads a file of rows and columns, row by row, so that one of any length can be read. Every row has as many cells as
 * there are columns. Used by one thread.
 */
public final class CsvTable implements AutoCloseable
{
    private final Path file;
    private final CsvReader<CsvRecord> reader;
    private final CloseableIterator<CsvRecord> records;
    private final Map<String, Integer> columns = new LinkedHashMap<>();
    private final List<String> comments = new ArrayList<>();

    private CsvTable(final Path file, final CsvReader<CsvRecord> reader)
    {
        this.file = file;
        this.reader = reader;
        records = reader.iterator();
    }

    /** A file whose first line names the columns. */
    public static CsvTable open(final Path file)
    {
        return open(file, List.of(), CommentStrategy.NONE);
    }

    /** A file without such a line. */
    public static CsvTable open(final Path file, final List<String> columns)
    {
        return open(file, columns, CommentStrategy.NONE);
    }

    /** A file whose first line that does not begin with # names the columns; {@link #comments} has the others. */
    public static CsvTable openCommented(final Path file)
    {
        return open(file, List.of(), CommentStrategy.READ);
    }

    private static CsvTable open(final Path file, final List<String> columns, final CommentStrategy strategy)
    {
        try
        {
            final CsvTable table = new CsvTable(file, CsvReader.builder()
                .commentStrategy(strategy)
                .allowExtraFields(true)
                .allowMissingFields(true)
                .ofCsvRecord(TextSource.text(file)));
            columns.forEach(column -> table.columns.put(column, table.columns.size()));
            if (columns.isEmpty())
            {
                table.readHeader();
            }
            return table;
        }
        catch (final IOException ex)
        {
            throw TextSource.problem(file, ex);
        }
    }

    private void readHeader()
    {
        final CsvRecord record = nextRecord();
        if (null == record)
        {
            throw new ScenarioException(file + " is empty; expected a header line");
        }
        for (final String name : record.getFields())
        {
            final String clean = TextSource.withoutMark(name).strip();
            if (null != columns.put(clean, columns.size()))
            {
                throw new ScenarioException(
                    file + ", line " + record.getStartingLineNumber() + ": the column " + clean + " is there twice");
            }
        }
    }

    /** Names of the columns. */
    public Set<String> columns()
    {
        return columns.keySet();
    }

    /** Lines that began with #, as far as the file has been read. */
    public List<String> comments()
    {
        return comments;
    }

    /** The next row, null behind the last. */
    public CsvRow next()
    {
        final CsvRecord record = nextRecord();
        if (null == record)
        {
            return null;
        }
        if (record.getFieldCount() != columns.size())
        {
            throw new ScenarioException(file + ", line " + record.getStartingLineNumber() + ": has " +
                record.getFieldCount() + " cells, but there are " + columns.size() + " columns: " +
                String.join(",", columns.keySet()));
        }
        return new CsvRow(file, columns, record);
    }

    private CsvRecord nextRecord()
    {
        try
        {
            while (records.hasNext())
            {
                final CsvRecord record = records.next();
                if (record.isComment())
                {
                    comments.add(record.getField(0).strip());
                }
                else if (record.getFieldCount() > 1 || !record.getField(0).isBlank())
                {
                    return record;
                }
            }
            return null;
        }
        catch (final UncheckedIOException ex)
        {
            throw TextSource.problem(file, ex.getCause());
        }
        catch (final CsvParseException ex)
        {
            if (ex.getCause() instanceof IOException cause)
            {
                throw TextSource.problem(file, cause);
            }
            throw new ScenarioException(file + ": " + ex.getMessage());
        }
    }

    @Override
    public void close()
    {
        try
        {
            reader.close();
        }
        catch (final IOException ex)
        {
            throw TextSource.problem(file, ex);
        }
    }
}
