package io.plimsoll.journal;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

/** File systems that run full, for real: small ones of their own, which only root can mount. */
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

    private void mount(final String type) throws Exception
    {
        disk = Files.createDirectory(directory.resolve("disk"));
        assumeTrue(isMounted(type), "needs root: a full disk is tested on a file system of its own");
        filler = disk.resolve("filler");
        context = TestJournal.context(disk.resolve("journal"))
            .reserveLength(RESERVE)
            .reserveFileLength(4 << 20);
    }

    private boolean isMounted(final String type) throws Exception
    {
        if ("tmpfs".equals(type))
        {
            return 0 == run("mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", disk.toString());
        }
        final String image = directory.resolve("image").toString();
        return 0 == run("truncate", "-s", "40m", image) &&
            0 == run("mkfs.ext4", "-q", "-m", "0", image) &&
            0 == run("mount", "-o", "loop", image, disk.toString());
    }

    @AfterEach
    void unmount() throws Exception
    {
        // Lazily: Chronicle unmaps in the background.
        run("umount", "-l", disk.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"tmpfs", "ext4"})
    void shouldRefuseNewWorkWhileAcceptedWorkStillFits(final String type) throws Exception
    {
        mount(type);
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

    @ParameterizedTest
    @ValueSource(strings = {"tmpfs", "ext4"})
    void shouldGoOnAfterSpaceIsMade(final String type) throws Exception
    {
        mount(type);
        fill();
        assertThrows(JournalFullException.class, () -> TestJournal.write(context, 10, 1));
        Files.delete(filler);

        try (Journal journal = Journal.open(context))
        {
            journal.restore(record -> {});
            final JournalWriter writer = journal.startWriting();
            assertTrue(journal.reserveKept());
            fill();
            long sequence = 0;
            while (journal.reserveKept())
            {
                append(writer, ++sequence);
            }
            append(writer, ++sequence);
            Files.delete(filler);
            // The reserve looks for space a few times a second.
            final long deadlineNs = System.nanoTime() + 120_000_000_000L;
            while (!journal.reserveKept() && System.nanoTime() < deadlineNs)
            {
                Thread.yield();
            }
            assertTrue(journal.reserveKept());
            append(writer, ++sequence);
            assertEquals(sequence, writer.committedSequence());
        }
        assertTrue(countRestored() > 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tmpfs", "ext4"})
    void shouldStartAgainOnFullDisk(final String type) throws Exception
    {
        mount(type);
        TestJournal.write(context, 10, 1);
        fill();
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

    @ParameterizedTest
    @ValueSource(strings = {"tmpfs", "ext4"})
    void shouldNotLoseCommittedWhenFullAndStoppedWithoutReserve(final String type) throws Exception
    {
        mount(type);
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

    /** Takes all that is left, to the last block. */
    private void fill() throws IOException
    {
        final byte[] zeros = new byte[4096];
        try (var output = Files.newOutputStream(filler, StandardOpenOption.CREATE, StandardOpenOption.APPEND))
        {
            while (true)
            {
                output.write(zeros);
            }
        }
        catch (final IOException ex)
        {
            assertTrue(ex.getMessage().contains("No space left"), ex.getMessage());
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
