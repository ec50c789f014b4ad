package io.plimsoll.loadtest.fleet;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import io.plimsoll.loadtest.csv.TextSource;
import io.plimsoll.loadtest.simulate.ScenarioException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** Machines of the PAI trace of 2020: rows without a header, in a tar archive or out of it. */
final class PaiMachines
{
    static final List<String> COLUMNS = List.of("machine", "gpu_type", "cap_cpu", "cap_mem", "cap_gpu");
    private static final int GIB_SHIFT = 30;
    private static final int DEVICES_MAX = 1000;
    private static final long CORES_MAX = 1_000_000;
    private static final long GIB_MAX = 1_000_000;
    private static final int CPU = 2;
    private static final int MEMORY = 3;
    private static final int DEVICES = 4;

    private PaiMachines()
    {
    }

    static Fleet read(final Path file)
    {
        final FleetBuilder builder = new FleetBuilder(file);
        try (InputStream in = open(file);
            CsvReader<CsvRecord> reader = CsvReader.builder().allowExtraFields(true).allowMissingFields(true)
                .ofCsvRecord(new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))))
        {
            for (final CsvRecord row : reader)
            {
                if (1 < row.getFieldCount() || !row.getField(0).isBlank())
                {
                    add(file, row, builder);
                }
            }
        }
        catch (final IOException ex)
        {
            throw problem(file, ex);
        }
        catch (final UncheckedIOException ex)
        {
            throw problem(file, ex.getCause());
        }
        return builder.build();
    }

    private static ScenarioException problem(final Path file, final IOException ex)
    {
        // An archive that could be opened and has no end is there, and yours to read.
        return Files.isReadable(file) && FleetFiles.isTar(file) ?
            new ScenarioException(file + ": is an archive, but broken off or damaged") : TextSource.problem(file, ex);
    }

    /** The first file of an archive, or the file itself. */
    private static InputStream open(final Path file) throws IOException
    {
        if (!FleetFiles.isTar(file))
        {
            return TextSource.bytes(file);
        }
        final TarArchiveInputStream tar = new TarArchiveInputStream(TextSource.bytes(file));
        for (TarArchiveEntry entry = tar.getNextEntry(); null != entry; entry = tar.getNextEntry())
        {
            if (entry.isFile())
            {
                return tar;
            }
        }
        tar.close();
        throw new ScenarioException(file + ": is an archive without a file in it");
    }

    private static void add(final Path file, final CsvRecord row, final FleetBuilder builder)
    {
        if (COLUMNS.size() != row.getFieldCount())
        {
            throw new ScenarioException(file + ", line " + row.getStartingLineNumber() + ": has " +
                row.getFieldCount() + " cells, but a machine has " + COLUMNS.size() + ": " +
                String.join(",", COLUMNS));
        }
        final int devices = (int)number(file, row, DEVICES, 0, DEVICES_MAX);
        builder.at(row.getStartingLineNumber()).add(
            row.getField(0), row.getField(1), number(file, row, CPU, 1, CORES_MAX) * 1000,
            number(file, row, MEMORY, 0, GIB_MAX) << GIB_SHIFT, devices);
    }

    private static long number(
        final Path file, final CsvRecord row, final int column, final long min, final long max)
    {
        final String text = row.getField(column).strip();
        if (text.matches("[0-9]{1,9}") && Long.parseLong(text) >= min && Long.parseLong(text) <= max)
        {
            return Long.parseLong(text);
        }
        throw new ScenarioException(file + ", line " + row.getStartingLineNumber() + ", " + COLUMNS.get(column) +
            ": '" + text + "' is not a whole number from " + min + " to " + max);
    }
}
