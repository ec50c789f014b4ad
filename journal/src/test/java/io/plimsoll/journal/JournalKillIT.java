package io.plimsoll.journal;

import io.plimsoll.core.RecordFlyweight;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A process that appends is killed, again and again: what it had committed is there, what it had not may be. */
class JournalKillIT
{
    private static final int KILLS = 5;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource(CommitMode.class)
    void shouldLoseNothingCommitted(final CommitMode mode) throws Exception
    {
        final long seed = System.nanoTime();
        final SplittableRandom random = new SplittableRandom(seed);
        for (int kill = 0; kill < KILLS; kill++)
        {
            final long promised = appendUntilKilled(mode, 50 + random.nextInt(2_000));
            final long restored = TestJournal.verify(TestJournal.context(directory));
            assertTrue(restored >= promised, "seed=" + seed + " promised=" + promised + " restored=" + restored);
        }
    }

    @ParameterizedTest
    @EnumSource(CommitMode.class)
    void shouldBeReadableByOthersWhileWritten(final CommitMode mode) throws Exception
    {
        final Process process = start(mode);
        try (DataInputStream promises = new DataInputStream(process.getInputStream()))
        {
            long promised = promises.readLong();
            final TestRecords expected = new TestRecords();
            final RecordFlyweight record = new RecordFlyweight();
            try (JournalReader reader = JournalReader.open(directory); JournalCursor cursor = reader.cursor())
            {
                long read = 0;
                for (int i = 0; i < 2_000; i++)
                {
                    promised = promises.readLong();
                    while (read < promised)
                    {
                        assertTrue(cursor.next(record), "promised=" + promised + " read=" + read);
                        TestJournal.assertSame(expected.record(++read), record);
                    }
                }
            }
        }
        finally
        {
            process.destroyForcibly().waitFor();
        }
        assertTrue(TestJournal.verify(TestJournal.context(directory)) > 0);
    }

    private long appendUntilKilled(final CommitMode mode, final int commits) throws Exception
    {
        final Process process = start(mode);
        long promised = 0;
        try (DataInputStream promises = new DataInputStream(process.getInputStream()))
        {
            for (int i = 0; i < commits; i++)
            {
                promised = promises.readLong();
            }
            process.destroyForcibly().waitFor();
            try
            {
                while (true)
                {
                    promised = promises.readLong();
                }
            }
            catch (final EOFException ex)
            {
                assertFalse(process.isAlive());
            }
            catch (final IOException ex)
            {
                // The pipe of a dead process may be closed under the reader: what was read is what counts.
                assertEquals("Stream closed", ex.getMessage());
            }
        }
        return promised;
    }

    private Process start(final CommitMode mode) throws IOException
    {
        final List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        for (final String argument : ManagementFactory.getRuntimeMXBean().getInputArguments())
        {
            if (!argument.startsWith("-javaagent") && !argument.startsWith("-Dsurefire"))
            {
                command.add(argument);
            }
        }
        command.addAll(List.of(
            "-cp",
            System.getProperty("java.class.path"),
            AppendingChild.class.getName(),
            directory.toString(),
            mode.name()));
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }
}
