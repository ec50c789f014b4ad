package io.plimsoll.loadtest.swf;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/** The public logs beside the project; whoever does not have them sees which test was left out, and why. */
final class Traces
{
    /** Logs with the size of their machines. */
    enum Log
    {
        KTH_SP2("KTH-SP2", 100), CTC_SP2("CTC-SP2", 338), SDSC_SP2("SDSC-SP2", 128), SDSC_BLUE("SDSC-BLUE", 1152),
        CEA_CURIE("CEA-curie", 80640);

        private final String fileName;
        private final int processors;

        Log(final String fileName, final int processors)
        {
            this.fileName = fileName;
            this.processors = processors;
        }

        int processors()
        {
            return processors;
        }

        List<SwfJob> jobs()
        {
            return SwfReader.jobs(
                file("swf/input_" + fileName + ".swf.gz"), SwfDialect.BACKFILLING, processors, SwfJob.BY_ARRIVAL);
        }
    }

    private static final Path DIRECTORY = Path.of("..", "..", "shared", "traces");
    private static final int ID_FIELD = 0;
    private static final int WAIT_FIELD = 2;

    private Traces()
    {
    }

    static Path file(final String name)
    {
        final Path path = DIRECTORY.resolve(name);
        assumeTrue(Files.isReadable(path), "needs the public logs: " + path + " is not there");
        return path;
    }

    static Map<Long, Long> publishedWaits(final String name)
    {
        final Map<Long, Long> waitsById = new HashMap<>();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
            new GZIPInputStream(Files.newInputStream(file(name))), StandardCharsets.ISO_8859_1)))
        {
            for (String line = lines.readLine(); null != line; line = lines.readLine())
            {
                if (!line.startsWith(";"))
                {
                    final String[] fields = line.strip().split("\\s+");
                    waitsById.put(Long.valueOf(fields[ID_FIELD]), Long.valueOf(fields[WAIT_FIELD]));
                }
            }
        }
        catch (final IOException ex)
        {
            throw new AssertionError(name, ex);
        }
        return waitsById;
    }
}
