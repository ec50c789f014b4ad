package io.plimsoll.loadtest.csv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.loadtest.jobs.Workload;
import io.plimsoll.loadtest.jobs.WorkloadFiles;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadProgressTest
{
    private static final int JOBS = 100_000;

    @TempDir
    private Path directory;

    private final List<Double> parts = new ArrayList<>();

    @Test
    void shouldTellHowMuchOfACompressedFileIsRead() throws IOException
    {
        final Path file = directory.resolve("jobs.csv.gz");
        final Random random = new Random(1);
        final StringBuilder text = new StringBuilder("job,arrival,duration,cpu\n");
        for (int job = 0; job < JOBS; job++)
        {
            text.append(job).append(',').append(job).append(',').append(random.nextInt(1 << 20)).append(",1\n");
        }
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file)))
        {
            out.write(text.toString().getBytes(StandardCharsets.UTF_8));
        }

        final Workload workload = ReadProgress.during(parts::add, () -> WorkloadFiles.read(file));

        assertEquals(JOBS, workload.size());
        assertEquals(1, parts.get(parts.size() - 1));
        assertTrue(parts.stream().filter(part -> part > 0.2 && part < 0.8).count() > 2, parts.toString());
    }

    @Test
    void shouldTellNobodyWhenItIsOver() throws IOException
    {
        final Path file = Files.writeString(directory.resolve("some"), "text");
        ReadProgress.during(parts::add, () -> TextSource.all(file));
        final int told = parts.size();
        assertTrue(told > 0);
        TextSource.all(file);
        assertEquals(told, parts.size());
    }
}
