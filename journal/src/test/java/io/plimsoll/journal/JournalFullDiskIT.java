package io.plimsoll.journal;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** A file system that runs full, for real: a small tmpfs, which only root can mount. */
class JournalFullDiskIT
{
    private static final long RESERVE = 4 << 20;
    private static final int BODY_LENGTH = 1_000;

    @TempDir
    private Path directory;
    private Path disk;
    private Path filler;
    private JournalContext context;
    private final TestRecords records = new TestRecords();

    @BeforeEach
    void mount() throws Exception
    {
        disk = Files.createDirectory(directory.resolve("disk"));
        assumeTrue(
            0 == run("mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", disk.toString()),
            "needs root: a full disk is tested on a file system of its own");
        filler = disk.resolve("filler");
        context = TestJournal.context(disk.resolve("journal"))
            .reserveLength(RESERVE)
            .reserveFileLength(4 << 20);
    }

    @AfterEach
    void unmount() throws Exception
    {
        // Lazily: Chronicle unmaps in the background.
        run("umount", "-l", disk.toString());
    }

    @Test
    void shouldRefuseNewWorkWhileAcceptedWorkStillFits() throws Exception
    {
        try (Journal journal = Journal.open(context))
        {
            journal.restore(record -> {});
            final JournalWriter writer = journal.startWriting();
            assertTrue(journal.reserveKept());
            long sequence = 0;
            while (journal.reserveKept())
            {
                append(writer, ++sequence);
            }
            assertTrue(sequence > 1_000, "sequence=" + sequence);

            final long accepted = sequence + (RESERVE - TestJournal.BLOCK_LENGTH) / BODY_LENGTH;
            while (sequence < accepted)
            {
                append(writer, ++sequence);
            }
            assertFalse(journal.reserveKept());
            final long promised = appendUntilFull(writer, sequence);
            assertTrue(promised >= accepted);
            assertEquals(promised, writer.committedSequence());
        }
        assertTrue(countRestored() >= 1_000);
    }

    @Test
    void shouldGoOnAfterSpaceIsMade() throws Exception
    {
        fill(0);
        assertThrows(JournalFullException.class, () -> TestJournal.write(context, 10, 1));
        Files.delete(filler);

        try (Journal journal = Journal.open(context))
        {
            journal.restore(record -> {});
            final JournalWriter writer = journal.startWriting();
            assertTrue(journal.reserveKept());
            fill(0);
            long sequence = 0;
            while (journal.reserveKept())
            {
                append(writer, ++sequence);
            }
            append(writer, ++sequence);
            Files.delete(filler);
            // The reserve looks for space a few times a second.
            final long deadlineNs = System.nanoTime() + 10_000_000_000L;
            while (!journal.reserveKept() && System.nanoTime() < deadlineNs)
            {
                Thread.onSpinWait();
            }
            assertTrue(journal.reserveKept());
            append(writer, ++sequence);
            assertEquals(sequence, writer.committedSequence());
        }
        assertTrue(countRestored() > 0);
    }

    @Test
    void shouldStartAgainOnFullDisk() throws Exception
    {
        TestJournal.write(context, 10, 1);
        fill(0);
        try (Journal journal = Journal.open(context))
        {
            assertEquals(10, TestJournal.verify(journal));
            final JournalWriter writer = journal.startWriting();
            assertFalse(journal.reserveKept(), "the reserve file went into the new segment");
            writer.append(records.record(11));
            writer.commit();
        }
        assertEquals(11, TestJournal.verify(context));
    }

    @Test
    void shouldNotLoseCommittedWhenFullAndStoppedWithoutReserve() throws Exception
    {
        context.reserveLength(0).reserveFileLength(0);
        final long promised;
        try (Journal journal = Journal.open(context))
        {
            journal.restore(record -> {});
            promised = appendUntilFull(journal.startWriting(), 0);
        }
        assertEquals(promised, countRestored());
        Files.deleteIfExists(filler);
    }

    private long countRestored()
    {
        try (Journal journal = Journal.open(context))
        {
            return journal.restore(record -> TestJournal.assertSame(
                records.record(record.sequence(), BODY_LENGTH, 0), record));
        }
    }

    private void append(final JournalWriter writer, final long sequence)
    {
        writer.append(records.record(sequence, BODY_LENGTH, 0));
        writer.commit();
    }

    private long appendUntilFull(final JournalWriter writer, final long after)
    {
        long promised = after;
        try
        {
            while (promised < after + 1_000_000)
            {
                append(writer, promised + 1);
                promised++;
            }
        }
        catch (final JournalFullException ex)
        {
            return promised;
        }
        throw new AssertionError("never full");
    }

    private void fill(final int spare) throws IOException
    {
        final byte[] zeros = new byte[4096];
        try (var output = Files.newOutputStream(filler, StandardOpenOption.CREATE, StandardOpenOption.APPEND))
        {
            while (disk.toFile().getUsableSpace() > spare)
            {
                output.write(zeros);
            }
        }
    }

    private static int run(final String... command) throws Exception
    {
        return new ProcessBuilder(List.of(command))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor();
    }
}
