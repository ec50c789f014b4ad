package io.plimsoll.loadtest.openb;

import io.plimsoll.loadtest.simulate.ScenarioException;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** Reads the files of the trace, compressed or not; what is wrong is answered with file, line and column. */
public final class OpenbFiles
{
    private static final int GZIP_FIRST = 0x1f;
    private static final int GZIP_SECOND = 0x8b;

    private OpenbFiles()
    {
    }

    /** Machines in the order of the file. */
    public static List<OpenbNode> nodes(final Path file)
    {
        final List<OpenbNode> nodes = new ArrayList<>();
        for (final Row row : rows(file))
        {
            nodes.add(new OpenbNode(
                row.text("sn"),
                row.number("cpu_milli"),
                row.number("memory_mib"),
                (int)row.number("gpu"),
                row.textOr("model", "")));
        }
        return nodes;
    }

    /** Pods in the order of the file. */
    public static List<OpenbPod> pods(final Path file)
    {
        final List<OpenbPod> pods = new ArrayList<>();
        for (final Row row : rows(file))
        {
            pods.add(new OpenbPod(
                row.text("name"),
                row.number("cpu_milli"),
                row.number("memory_mib"),
                (int)row.number("num_gpu"),
                (int)row.number("gpu_milli"),
                row.textOr("gpu_spec", "")));
        }
        return pods;
    }

    /** The tie-break ranks of the machines in order of their names, and the order of arrival. */
    public static OpenbSequence sequence(final Path file)
    {
        final List<int[]> numbers = new ArrayList<>();
        int number = 0;
        for (final String line : lines(file))
        {
            number++;
            if (!line.isBlank() && !line.startsWith("#"))
            {
                numbers.add(numbers(file, number, line));
            }
        }
        if (2 != numbers.size())
        {
            throw new ScenarioException(
                file + ": expected two lines of numbers, ranks and order, but there are " + numbers.size());
        }
        return new OpenbSequence(numbers.get(0), numbers.get(1));
    }

    private static int[] numbers(final Path file, final int line, final String text)
    {
        try
        {
            return Arrays.stream(text.strip().split("\\s+")).mapToInt(Integer::parseInt).toArray();
        }
        catch (final NumberFormatException ex)
        {
            throw new ScenarioException(file + ", line " + line + ": not only whole numbers");
        }
    }

    private static List<Row> rows(final Path file)
    {
        final List<String> lines = lines(file);
        if (lines.isEmpty())
        {
            throw new ScenarioException(file + " is empty; expected a header line");
        }
        final Map<String, Integer> columns = new HashMap<>();
        for (final String name : lines.get(0).split(",", -1))
        {
            columns.put(name.strip(), columns.size());
        }
        final List<Row> rows = new ArrayList<>();
        for (int i = 1; i < lines.size(); i++)
        {
            if (!lines.get(i).isBlank())
            {
                rows.add(new Row(file, i + 1, columns, lines.get(i).split(",", -1)));
            }
        }
        return rows;
    }

    private static List<String> lines(final Path file)
    {
        try (BufferedReader reader = new BufferedReader(open(file)))
        {
            final List<String> lines = new ArrayList<>();
            for (String line = reader.readLine(); null != line; line = reader.readLine())
            {
                lines.add(line);
            }
            return lines;
        }
        catch (final EOFException | ZipException ex)
        {
            throw new ScenarioException(file + ": is compressed, but broken off or damaged");
        }
        catch (final IOException ex)
        {
            throw new ScenarioException(file + ": cannot be read; is it there, and yours to read?");
        }
    }

    private static Reader open(final Path file) throws IOException
    {
        final InputStream in = new BufferedInputStream(Files.newInputStream(file));
        in.mark(2);
        final boolean compressed = GZIP_FIRST == in.read() && GZIP_SECOND == in.read();
        in.reset();
        return new InputStreamReader(compressed ? new GZIPInputStream(in) : in, StandardCharsets.UTF_8);
    }

    private record Row(Path file, int line, Map<String, Integer> columns, String[] cells)
    {
        String text(final String column)
        {
            final String text = textOr(column, null);
            if (null == text || text.isEmpty())
            {
                throw new ScenarioException(file + ", line " + line + ": the column " + column + " is missing");
            }
            return text;
        }

        String textOr(final String column, final String otherwise)
        {
            final Integer at = columns.get(column);
            return null == at || at >= cells.length ? otherwise : cells[at].strip();
        }

        long number(final String column)
        {
            try
            {
                final long number = Long.parseLong(text(column));
                if (number >= 0)
                {
                    return number;
                }
            }
            catch (final NumberFormatException ex)
            {
                throw notANumber(column);
            }
            throw notANumber(column);
        }

        private ScenarioException notANumber(final String column)
        {
            return new ScenarioException(
                file + ", line " + line + ", " + column + ": " + text(column) + " is not a whole number from 0");
        }
    }
}
