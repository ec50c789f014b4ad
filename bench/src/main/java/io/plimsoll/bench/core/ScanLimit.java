package io.plimsoll.bench.core;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;

/** How many exhaustive scans of all agents the machine does in a second: with vectors where the JDK has them. */
final class ScanLimit
{
    private static final int RESOURCES = 4;

    private ScanLimit()
    {
    }

    /**
     * Measures.
     *
     * @param agents  to look at in each scan.
     * @param seconds that it may take.
     * @return scans in a second, and how they were made.
     */
    static Limit measure(final int agents, final double seconds)
    {
        try
        {
            final Limit vectorised = forked(agents, seconds);
            return null != vectorised ? vectorised : scalar(agents, seconds);
        }
        catch (final IOException ex)
        {
            return scalar(agents, seconds);
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
            return scalar(agents, seconds);
        }
    }

    private static Limit forked(final int agents, final double seconds) throws IOException, InterruptedException
    {
        final Path directory = Files.createTempDirectory("scan");
        final Path source = directory.resolve("VectorScan.java");
        try
        {
            try (InputStream in = ScanLimit.class.getResourceAsStream("/bench/VectorScan.java"))
            {
                Files.copy(in, source);
            }
            final Process process = new ProcessBuilder(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules",
                "jdk.incubator.vector",
                source.toString(),
                Integer.toString(agents),
                Double.toString(seconds)))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
            final String answer;
            try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII)))
            {
                answer = reader.readLine();
            }
            if (0 != process.waitFor() || null == answer)
            {
                return null;
            }
            final String[] parts = answer.split(" ");
            return new Limit(1e9 / Long.parseLong(parts[0]), parts[1] + " lanes of the Vector API");
        }
        finally
        {
            Files.deleteIfExists(source);
            Files.delete(directory);
        }
    }

    /** Two passes over plain arrays, which the compiler vectorises by itself. */
    private static Limit scalar(final int agents, final double seconds)
    {
        final SplittableRandom random = new SplittableRandom(1);
        final int[][] columns = new int[RESOURCES][agents];
        for (final int[] column : columns)
        {
            for (int i = 0; i < agents; i++)
            {
                column[i] = random.nextInt(1_000);
            }
        }
        final int[] keys = new int[agents];
        final long startNs = System.nanoTime();
        long scans = 0;
        long nowNs = startNs;
        while (nowNs - startNs < seconds * 1e9)
        {
            columns[0][(int)(scans % agents)] = scan(columns, keys, random.nextInt(500)) & 511;
            scans++;
            nowNs = System.nanoTime();
        }
        return new Limit(scans * 1e9 / (nowNs - startNs), "two passes over arrays");
    }

    private static int scan(final int[][] columns, final int[] keys, final int amount)
    {
        final int[] first = columns[0];
        final int[] second = columns[1];
        final int[] third = columns[2];
        final int[] fourth = columns[3];
        for (int i = 0; i < keys.length; i++)
        {
            final int lacks = first[i] - amount | second[i] - amount | third[i] - amount | fourth[i] - amount;
            keys[i] = first[i] | lacks >> 31 & Integer.MAX_VALUE;
        }
        int best = Integer.MAX_VALUE;
        for (final int key : keys)
        {
            best = Math.min(best, key);
        }
        return best;
    }

    /**
     * What the machine does.
     *
     * @param scansPerSecond of all agents.
     * @param how            they were made.
     */
    record Limit(double scansPerSecond, String how)
    {
    }
}
