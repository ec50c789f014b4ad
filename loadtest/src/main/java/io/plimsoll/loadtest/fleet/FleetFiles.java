package io.plimsoll.loadtest.fleet;

import io.plimsoll.loadtest.csv.CsvRow;
import io.plimsoll.loadtest.csv.CsvTable;
import io.plimsoll.loadtest.csv.TextSource;
import io.plimsoll.loadtest.openb.OpenbFiles;
import io.plimsoll.loadtest.openb.OpenbNode;
import io.plimsoll.loadtest.simulate.ScenarioException;
import io.plimsoll.loadtest.swf.SwfFormatException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Reads fleets, compressed or not; which format it is the content says, not the name. Stateless. */
public final class FleetFiles
{
    private static final int LINES_LOOKED_AT = 200;
    private static final int TAR_MAGIC_AT = 257;
    private static final byte[] TAR_MAGIC = {'u', 's', 't', 'a', 'r'};
    private static final int MIB_SHIFT = 20;
    private static final int DEVICES_MAX = 1000;
    private static final long CORES_MAX = 1_000_000;
    private static final String ENDINGS = "(\\.gz|\\.tar|\\.csv|\\.swf|\\.machines|\\.ya?ml|\\.json)+$";

    private FleetFiles()
    {
    }

    /**
     * Reads a fleet.
     *
     * @param file   of it.
     * @param format of it; null: as its content says.
     * @return the fleet.
     * @throws ScenarioException that names file, line and field of what is wrong, and what would be right.
     */
    public static Fleet read(final Path file, final FleetFormat format)
    {
        try
        {
            return switch (null == format ? formatOf(file) : format)
            {
                case PLIMSOLL -> FleetYaml.parse(name(file), file.toString(), TextSource.all(file));
                case OPENB_NODES -> openb(file);
                case SPOT_NODES -> spot(file);
                case PAI_MACHINES -> PaiMachines.read(file);
                case MACHINES -> SwfMachines.machines(file);
                case SWF -> SwfMachines.ofLog(file);
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
    public static Fleet read(final Path file)
    {
        return read(file, null);
    }

    /** What a file is. */
    public static FleetFormat formatOf(final Path file)
    {
        if (isTar(file))
        {
            return FleetFormat.PAI_MACHINES;
        }
        final List<String> lines = TextSource.firstLines(file, LINES_LOOKED_AT);
        if (lines.isEmpty())
        {
            throw new ScenarioException(file + " is empty; expected a fleet");
        }
        final String line = lines.get(0);
        final List<String> columns = Arrays.stream(line.split(",")).map(String::strip).toList();
        if (columns.containsAll(List.of("sn", "cpu_milli", "memory_mib", "gpu")))
        {
            return FleetFormat.OPENB_NODES;
        }
        if (columns.containsAll(List.of("gpu_model", "gpu_capacity_num", "cpu_num")))
        {
            return FleetFormat.SPOT_NODES;
        }
        if (PaiMachines.COLUMNS.size() == columns.size() && line.matches("[^,]+,[^,]+(,[0-9]+){3}"))
        {
            return FleetFormat.PAI_MACHINES;
        }
        if (line.startsWith(";"))
        {
            return FleetFormat.SWF;
        }
        if (line.strip().matches("[0-9]+\\s+\\S+(\\s+[0-9.]+){4}.*"))
        {
            return FleetFormat.MACHINES;
        }
        for (final String text : lines)
        {
            if (text.matches("[{\\s]*\"?(machines|agents)\"?\\s*:.*"))
            {
                return FleetFormat.PLIMSOLL;
            }
        }
        throw new ScenarioException(file + ": its first line is of no fleet that is known; --format says what it is: " +
            FleetFormat.names());
    }

    static boolean isTar(final Path file)
    {
        try (InputStream in = new BufferedInputStream(TextSource.bytes(file)))
        {
            final byte[] head = in.readNBytes(TAR_MAGIC_AT + TAR_MAGIC.length);
            return Arrays.equals(
                head, Math.min(head.length, TAR_MAGIC_AT), head.length, TAR_MAGIC, 0, TAR_MAGIC.length);
        }
        catch (final IOException ex)
        {
            throw TextSource.problem(file, ex);
        }
    }

    private static Fleet openb(final Path file)
    {
        final FleetBuilder builder = new FleetBuilder(file);
        for (final OpenbNode node : OpenbFiles.nodes(file))
        {
            builder.add(
                node.name(), 0 == node.devices() ? "" : node.model(), node.cpuMillis(),
                node.memoryMib() << MIB_SHIFT, node.devices());
        }
        return builder.build();
    }

    private static Fleet spot(final Path file)
    {
        final FleetBuilder builder = new FleetBuilder(file);
        builder.note("the file does not tell the memory of the machines: it is taken to be enough");
        try (CsvTable table = CsvTable.open(file))
        {
            for (CsvRow row = table.next(); null != row; row = table.next())
            {
                builder.at(row.line()).add(
                    "node-" + row.text("node_name"), row.text("gpu_model"),
                    row.number("cpu_num", 1, CORES_MAX) * 1000, MachineKind.UNLIMITED,
                    (int)row.number("gpu_capacity_num", 0, DEVICES_MAX));
            }
        }
        return builder.build();
    }

    static String name(final Path file)
    {
        return TextSource.name(file, ENDINGS);
    }
}
