package io.plimsoll.loadtest.fleet;

import io.plimsoll.loadtest.csv.TextSource;
import io.plimsoll.loadtest.simulate.AgentSpec;
import io.plimsoll.loadtest.simulate.ScenarioException;
import io.plimsoll.loadtest.swf.SwfReader;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Machines of logs in the Standard Workload Format: as the file beside an extended log lists them (number, cluster,
 * nodes, cores of each, speed, KiB of each), or the one machine of the header of a log.
 */
final class SwfMachines
{
    private static final int FIELDS = 6;
    private static final int CLUSTER = 1;
    private static final int NODES = 2;
    private static final int CORES = 3;
    private static final int MEMORY = 5;
    private static final int KIB_SHIFT = 10;
    private static final long MANY = 1_000_000;
    private static final long KIB_MAX = 1L << 43;

    private SwfMachines()
    {
    }

    static Fleet machines(final Path file)
    {
        final FleetBuilder builder = new FleetBuilder(file);
        try (BufferedReader reader = TextSource.text(file))
        {
            int number = 0;
            for (String line = reader.readLine(); null != line; line = reader.readLine())
            {
                number++;
                if (!line.isBlank() && !line.startsWith("#"))
                {
                    add(file + ", line " + number, line.strip().split("\\s+"), builder.at(number));
                }
            }
        }
        catch (final IOException ex)
        {
            throw TextSource.problem(file, ex);
        }
        return builder.build();
    }

    private static void add(final String place, final String[] fields, final FleetBuilder builder)
    {
        if (fields.length < FIELDS)
        {
            throw new ScenarioException(place + ": has " + fields.length +
                " fields, not 6: number, cluster, nodes, cores, speed, memory in KiB");
        }
        final String cluster = fields[CLUSTER];
        final MachineKind kind = new MachineKind(
            cluster, "", MachineKind.ARCH_DEFAULT, number(place, "cores", fields[CORES], MANY) * 1000,
            number(place, "memory", fields[MEMORY], KIB_MAX) << KIB_SHIFT, List.of(), List.of(),
            Map.of("cluster", cluster), null, AgentSpec.NO_LIMIT);
        final long nodes = number(place, "nodes", fields[NODES], MANY);
        for (long i = 1; i <= nodes; i++)
        {
            builder.add(cluster + "-" + i, "", kind);
        }
    }

    private static long number(final String place, final String field, final String text, final long max)
    {
        if (text.matches("[0-9]{1,18}") && Long.parseLong(text) >= 1 && Long.parseLong(text) <= max)
        {
            return Long.parseLong(text);
        }
        throw new ScenarioException(
            place + ", " + field + ": '" + text + "' is not a whole number from 1 to " + max);
    }

    static Fleet ofLog(final Path file)
    {
        try (SwfReader reader = SwfReader.open(file))
        {
            reader.next();
            for (final String name : List.of("MaxProcs", "MaxNodes"))
            {
                final String text = reader.header(name);
                if (null != text && text.matches("[1-9][0-9]{0,8}"))
                {
                    final FleetBuilder builder = new FleetBuilder(file);
                    builder.note("one machine, with a core for each processor that the header of the log tells of");
                    builder.add("machine", "", Long.parseLong(text) * 1000, MachineKind.UNLIMITED, 0);
                    return builder.build();
                }
            }
        }
        throw new ScenarioException(file + ": its header does not tell MaxProcs, so there is no machine to make of it");
    }
}
