package io.plimsoll.loadtest.csv;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Tables as files of one folder, each with a header; what is not known is an empty cell. */
public final class CsvFolder
{
    /** All that commands write, so that it is known before the work whether one of them is what is read. */
    private static final List<String> TABLES = List.of(
        "differences", "figures", "groups", "latencies", "machines", "queue", "series", "steps", "trials", "waits");

    private final Path folder;

    /** A folder that is made if it is not there. */
    public CsvFolder(final Path folder) throws IOException
    {
        this.folder = Files.createDirectories(folder);
    }

    /** Files that may be written into a folder. */
    public static List<Path> tables(final Path folder)
    {
        return TABLES.stream().map(name -> file(folder, name)).toList();
    }

    private static Path file(final Path folder, final String name)
    {
        return folder.resolve(name + ".csv");
    }

    /** Takes rows. */
    public interface Rows
    {
        /** Another one: numbers, texts and nulls. */
        void add(Object... cells);
    }

    /** Makes rows. */
    public interface Content
    {
        /** All of them. */
        void write(Rows rows);
    }

    /**
     * Writes a file.
     *
     * @param name    of it, without its ending.
     * @param columns of it.
     * @param content of it.
     */
    public void table(final String name, final List<String> columns, final Content content)
    {
        if (!TABLES.contains(name))
        {
            throw new IllegalArgumentException("name=" + name + " is not among the tables that are known");
        }
        try (CsvWriter csv = CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(file(folder, name)))
        {
            csv.writeRecord(columns);
            content.write(cells ->
            {
                final List<String> texts = new ArrayList<>();
                for (final Object cell : cells)
                {
                    texts.add(text(cell));
                }
                csv.writeRecord(texts);
            });
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    private static String text(final Object cell)
    {
        if (cell instanceof final Double number)
        {
            return !Double.isFinite(number) ? "" :
                number == Math.rint(number) && Math.abs(number) < 1e15 ?
                    Long.toString(number.longValue()) : number.toString();
        }
        return null == cell ? "" : cell.toString();
    }
}
