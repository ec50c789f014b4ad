package io.plimsoll.ops.cli;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** Files of lines that a simulation writes, opened before the work begins. */
final class SimulationFiles implements AutoCloseable
{
    private static final String CURVE = "--curve";
    private static final String PLACEMENTS = "--placements";
    private static final String WAITS = "--waits";

    @Option(names = CURVE, paramLabel = "FILE", description = "Takes arrived,alloc,frag by percent of demand.")
    private String curve;

    @Option(names = PLACEMENTS, paramLabel = "FILE", description = "Takes the machine and the GPUs of each pod.")
    private String placements;

    @Option(names = WAITS, paramLabel = "FILE", description = "Takes job,wait in seconds.")
    private String waits;

    private OutputFile curveFile;
    private OutputFile placementsFile;
    private OutputFile waitsFile;

    /** Opens those that are asked for, none of them one of what is read. */
    void open(final Terminal terminal, final Collection<Path> inputs)
    {
        curveFile = OutputFile.open(CURVE, curve, terminal, inputs);
        placementsFile = OutputFile.open(PLACEMENTS, placements, terminal, inputs);
        waitsFile = OutputFile.open(WAITS, waits, terminal, inputs);
    }

    /** Refuses what only packing has. */
    void refuseOfPacking()
    {
        SimulateCommand.refuse(CURVE, curve);
        SimulateCommand.refuse(PLACEMENTS, placements);
    }

    /** Refuses waits where nobody waits. */
    void refuseWaits()
    {
        SimulateCommand.refuse(WAITS, waits);
    }

    void curve(final Supplier<List<String>> lines)
    {
        write(curveFile, lines);
    }

    void placements(final Supplier<List<String>> lines)
    {
        write(placementsFile, lines);
    }

    void waits(final Supplier<List<String>> lines)
    {
        write(waitsFile, lines);
    }

    private static void write(final OutputFile file, final Supplier<List<String>> lines)
    {
        if (null != file)
        {
            file.write(stream ->
            {
                for (final String line : lines.get())
                {
                    stream.write((line + "\n").getBytes(StandardCharsets.UTF_8));
                }
            });
            file.keep();
        }
    }

    @Override
    public void close()
    {
        Stream.of(curveFile, placementsFile, waitsFile).filter(Objects::nonNull).forEach(OutputFile::close);
    }
}
