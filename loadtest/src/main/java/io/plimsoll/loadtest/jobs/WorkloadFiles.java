package io.plimsoll.loadtest.jobs;

import io.plimsoll.loadtest.csv.TextSource;
import io.plimsoll.loadtest.simulate.ScenarioException;
import io.plimsoll.loadtest.simulate.ScenarioParser;
import io.plimsoll.loadtest.swf.SwfFormatException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Reads workloads, compressed or not; which format it is the content says, not the name. Stateless. */
public final class WorkloadFiles
{
    private static final int LINES_LOOKED_AT = 200;
    private static final int SWF_FIELDS = 18;
    private static final String ENDINGS = "(\\.gz|\\.csv|\\.swf|\\.ya?ml|\\.json)+$";

    private WorkloadFiles()
    {
    }

    /**
     * Reads a workload.
     *
     * @param file   of it, or the directory of a journal.
     * @param format of it; null: as its content says.
     * @param seed   of what a description leaves open.
     * @return the workload.
     * @throws ScenarioException that names file, line and field of what is wrong, and what would be right.
     */
    public static Workload read(final Path file, final WorkloadFormat format, final long seed)
    {
        try
        {
            return switch (null == format ? formatOf(file) : format)
            {
                case PLIMSOLL -> JobCsv.read(file);
                case OPENB_PODS -> OpenbWorkload.read(file);
                case SWF -> SwfWorkload.read(file);
                case PHILLY -> PhillyWorkload.read(file);
                case DLRM -> DlrmWorkload.read(file);
                case JOURNAL -> JournalWorkload.read(file);
                case GENERATOR -> Generator.generate(GeneratorYaml.read(file), seed);
                case SCENARIO -> ScenarioWorkload.of(name(file), ScenarioParser.parse(TextSource.all(file)));
            };
        }
        catch (final SwfFormatException | ScenarioException ex)
        {
            // Cells may have line breaks in them, and a message is one sentence.
            throw new ScenarioException(ex.getMessage().replaceAll("\\R", " "));
        }
        catch (final UncheckedIOException ex)
        {
            throw TextSource.problem(file, ex.getCause());
        }
    }

    /** The same, as its content says. */
    public static Workload read(final Path file)
    {
        return read(file, null, 1);
    }

    /**
     * Reads a description of a workload.
     *
     * @param file of it.
     * @return what it says.
     * @throws ScenarioException that names file, line and field of what is wrong; of a file that is a workload already
     *                           it says how to come by a description.
     */
    public static GeneratorSpec description(final Path file)
    {
        final WorkloadFormat format = Files.isDirectory(file) ? formatOf(file) : ofLines(firstLines(file));
        if (null != format && WorkloadFormat.GENERATOR != format)
        {
            throw new ScenarioException(file + " is no description of a workload: it holds one already (" +
                format.text() + "); plimsoll workload fit makes a description of it");
        }
        return GeneratorYaml.read(file);
    }

    /** What a file is. */
    public static WorkloadFormat formatOf(final Path file)
    {
        if (Files.isDirectory(file))
        {
            if (JournalWorkload.isJournal(file))
            {
                return WorkloadFormat.JOURNAL;
            }
            throw new ScenarioException(
                file + " is a directory without a journal: name a file, or the data directory of a manager");
        }
        final WorkloadFormat format = ofLines(firstLines(file));
        if (null == format)
        {
            throw new ScenarioException(file + ": its first line is of no workload that is known; --format says what " +
                "it is: " + WorkloadFormat.names());
        }
        return format;
    }

    private static List<String> firstLines(final Path file)
    {
        final List<String> lines = TextSource.firstLines(file, LINES_LOOKED_AT);
        if (lines.isEmpty())
        {
            throw new ScenarioException(file + " is empty; expected a workload");
        }
        return lines;
    }

    private static WorkloadFormat ofLines(final List<String> lines)
    {
        final WorkloadFormat swf = swf(lines);
        if (null != swf)
        {
            return swf;
        }
        final String line = firstOf(lines, "#");
        final List<String> columns = Arrays.stream(line.split(",")).map(String::strip).toList();
        if (columns.containsAll(List.of("name", "cpu_milli", "memory_mib", "num_gpu", "gpu_milli")))
        {
            return WorkloadFormat.OPENB_PODS;
        }
        if (columns.containsAll(List.of("timestamp", "duration", "num_gpus")))
        {
            return WorkloadFormat.PHILLY;
        }
        if (columns.containsAll(List.of("instance_sn", "app_name", "max_instance_per_node")))
        {
            return WorkloadFormat.DLRM;
        }
        if (columns.containsAll(List.of("job", "arrival")))
        {
            return WorkloadFormat.PLIMSOLL;
        }
        for (final String text : lines)
        {
            if (text.matches("[{\\s]*\"?workload\"?\\s*:.*"))
            {
                return WorkloadFormat.GENERATOR;
            }
            if (text.matches("[{\\s]*\"?sessions\"?\\s*:.*"))
            {
                return WorkloadFormat.SCENARIO;
            }
        }
        return null;
    }

    private static WorkloadFormat swf(final List<String> lines)
    {
        final String line = firstOf(lines, ";");
        final String[] fields = line.strip().split("\\s+");
        final boolean numbers = fields.length >= SWF_FIELDS && fields[0].matches("-?[0-9]+");
        return numbers || line.isEmpty() && lines.get(0).startsWith(";") ? WorkloadFormat.SWF : null;
    }

    private static String firstOf(final List<String> lines, final String comment)
    {
        for (final String line : lines)
        {
            if (!line.startsWith(comment))
            {
                return line;
            }
        }
        return "";
    }

    /** A name for what a file holds. */
    static String name(final Path file)
    {
        return TextSource.name(file, ENDINGS);
    }
}
