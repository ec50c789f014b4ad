package io.plimsoll.loadtest.openb;

import io.plimsoll.loadtest.csv.CsvRow;
import io.plimsoll.loadtest.csv.CsvTable;
import io.plimsoll.loadtest.csv.TextSource;
import io.plimsoll.loadtest.simulate.ScenarioException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads the files of the trace, compressed or not; what is wrong is answered with file, line and column. */
public final class OpenbFiles
{
    private static final int DEVICES_MAX = 1000;
    private static final long MIB_MAX = Long.MAX_VALUE >> 20;

    private OpenbFiles()
    {
    }

    /** Machines in the order of the file. */
    public static List<OpenbNode> nodes(final Path file)
    {
        final List<OpenbNode> nodes = new ArrayList<>();
        final Set<String> names = new HashSet<>();
        try (CsvTable table = CsvTable.open(file))
        {
            for (CsvRow row = table.next(); null != row; row = table.next())
            {
                if (!names.add(row.text("sn")))
                {
                    throw row.problem("sn", "there are two machines of the name " + row.text("sn"));
                }
                nodes.add(new OpenbNode(
                    row.text("sn"),
                    row.number("cpu_milli"),
                    row.number("memory_mib", 0, MIB_MAX),
                    (int)row.number("gpu", 0, DEVICES_MAX),
                    row.textOr("model", "")));
            }
        }
        return nodes;
    }

    /**
     * Pods in the order of the file.
     *
     * @throws ScenarioException if it cannot be read, or a pod asks for what cannot be accounted: nothing of a GPU, or
     *                           shares of several.
     */
    public static List<OpenbPod> pods(final Path file)
    {
        final List<OpenbPod> pods = new ArrayList<>();
        try (CsvTable table = CsvTable.open(file))
        {
            for (CsvRow row = table.next(); null != row; row = table.next())
            {
                final OpenbPod pod = pod(row);
                if (pod.deviceCount() > 0 && 0 == pod.deviceMilli())
                {
                    throw row.problem("gpu_milli", "0 of a GPU is none: use 1 to 1000, or num_gpu 0");
                }
                if (pod.deviceCount() > 1 && pod.deviceMilli() < OpenbPod.WHOLE)
                {
                    throw row.problem("gpu_milli", pod.deviceMilli() + " of each of " + pod.deviceCount() +
                        " GPUs: a share is of one GPU; several are whole, 1000 each");
                }
                pods.add(pod);
            }
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

    /** What a row of the pods says. */
    public static OpenbPod pod(final CsvRow row)
    {
        return new OpenbPod(
            row.text("name"),
            row.number("cpu_milli"),
            row.number("memory_mib", 0, MIB_MAX),
            (int)row.number("num_gpu", 0, DEVICES_MAX),
            (int)row.number("gpu_milli", 0, OpenbPod.WHOLE),
            row.textOr("gpu_spec", ""));
    }

    private static List<String> lines(final Path file)
    {
        try (BufferedReader reader = TextSource.text(file))
        {
            final List<String> lines = new ArrayList<>();
            for (String line = reader.readLine(); null != line; line = reader.readLine())
            {
                lines.add(line);
            }
            return lines;
        }
        catch (final IOException ex)
        {
            throw TextSource.problem(file, ex);
        }
    }
}
