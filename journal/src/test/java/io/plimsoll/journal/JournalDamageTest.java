package io.plimsoll.journal;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Chronicle's own files and the manifest, damaged byte by byte. Whatever is hit, either the journal refuses and names
 * the place, or its history is what it was.
 */
class JournalDamageTest
{
    private static final int RECORDS = 12;
    private static final String SEGMENT = "segment-00000001";

    @TempDir
    private Path directory;
    private final List<Long> starts = new ArrayList<>();
    private final List<Long> ends = new ArrayList<>();

    @Test
    void shouldFindEveryFlippedByteOfRecordsInClosedSegment() throws IOException
    {
        TestJournal.write(TestJournal.context(directory), RECORDS, 4);
        shouldFindEveryFlippedByteOfRecords();
    }

    @Test
    void shouldFindEveryFlippedByteOfRecordsAfterCrash() throws IOException
    {
        crash(TestJournal.context(directory));
        shouldFindEveryFlippedByteOfRecords();
    }

    @Test
    void shouldFindEveryFlippedByteOfManifest() throws IOException
    {
        crash(TestJournal.context(directory));
        TestJournal.write(TestJournal.context(directory), RECORDS + 3, 1);
        final Path manifest = directory.resolve(DirectoryStorage.MANIFEST_FILE);
        final long length = Files.size(manifest);
        for (long position = 0; position < length; position++)
        {
            for (int bit = 0; bit < Byte.SIZE; bit++)
            {
                final JournalDamagedException ex = damaged(manifest, position, 1 << bit);
                assertTrue(ex.getMessage().contains(manifest.toString()), ex.getMessage());
            }
        }
        assertEquals(RECORDS + 3, TestJournal.verify(TestJournal.context(directory)));
    }

    @Test
    void shouldFindTruncatedOrMissingManifest() throws IOException
    {
        TestJournal.write(TestJournal.context(directory), RECORDS, 4);
        final Path manifest = directory.resolve(DirectoryStorage.MANIFEST_FILE);
        final byte[] content = Files.readAllBytes(manifest);
        for (int length = 0; length < content.length; length++)
        {
            Files.write(manifest, java.util.Arrays.copyOf(content, length));
            assertThrows(JournalDamagedException.class, this::verify);
        }
        Files.delete(manifest);
        final JournalDamagedException ex = assertThrows(JournalDamagedException.class, this::verify);
        assertTrue(ex.getMessage().contains(SEGMENT), ex.getMessage());
        Files.write(manifest, content);
        assertEquals(RECORDS, verify());
    }

    @Test
    void shouldKeepHistoryWhenAnythingElseIsHit() throws IOException
    {
        crash(TestJournal.context(directory));
        locate();
        final Path file = file(ChronicleRecordLog.FILE);
        final long end = ends.get(RECORDS - 1);
        // Chronicle's own header and indexes, then what was never written.
        for (long position = 0; position < starts.get(0); position += position < 0xF0 ? 1 : 251)
        {
            checkEqualOrNamed(file, position, 0xFF);
        }
        for (long position = end; position < end + 64; position++)
        {
            checkEqual(file, position, 0xFF);
            checkEqual(file, position, 0x10);
        }
        for (long position = end + 64; position < Files.size(file); position += 10_007)
        {
            checkEqual(file, position, 0xFF);
        }
        for (long position = 0; position < 1024; position++)
        {
            checkEqual(file(ChronicleRecordLog.MARK_FILE), position, 0xFF);
        }
        for (long position = 0; position < 4096; position += 7)
        {
            checkEqual(file(ChronicleRecordLog.METADATA_FILE), position, 0xFF);
        }
    }

    @Test
    void shouldRefuseWhenZerosHideRecords() throws IOException
    {
        TestJournal.write(TestJournal.context(directory), RECORDS, 4);
        locate();
        final Path file = file(ChronicleRecordLog.FILE);
        for (int first = 0; first < RECORDS; first++)
        {
            final byte[] saved = overwrite(file, starts.get(first), new byte[4]);
            final JournalDamagedException ex = assertThrows(JournalDamagedException.class, this::verify);
            assertEquals(first + 1, ex.sequence());
            overwrite(file, starts.get(first), saved);
        }
        assertEquals(RECORDS, verify());
    }

    @Test
    void shouldCutOnlyUnpromisedTail() throws IOException
    {
        crash(TestJournal.context(directory));
        locate();
        // As after a power cut: nothing remembers what was promised beyond the records themselves.
        Files.delete(file(ChronicleRecordLog.MARK_FILE));
        final Path file = file(ChronicleRecordLog.FILE);
        final int last = RECORDS - 1;
        flip(file, starts.get(last - 1) + 9, 0x04);
        assertEquals(last, assertThrows(JournalDamagedException.class, this::verify).sequence());
        flip(file, starts.get(last - 1) + 9, 0x04);

        flip(file, ends.get(last) - 3, 0x04);
        final byte[] before = Files.readAllBytes(file);
        final JournalContext context = TestJournal.context(directory);
        TestJournal.write(context, RECORDS + 5, 2);

        assertTrue(java.util.Arrays.equals(before, Files.readAllBytes(file)), "a cut must not edit the file");
        assertEquals(RECORDS + 5, verify());
        final String manifest = Files.readString(directory.resolve(DirectoryStorage.MANIFEST_FILE));
        assertTrue(manifest.contains("\"lastSequence\":" + last), manifest);
        assertTrue(manifest.contains("\"cut\":\"wrong checksum at position"), manifest);
    }

    @Test
    void shouldCutUnfinishedRecordAndSayWhere() throws IOException
    {
        crash(TestJournal.context(directory));
        locate();
        final long end = ends.get(RECORDS - 1);
        overwrite(file(ChronicleRecordLog.FILE), end, new byte[]{0, 0, 0, (byte)0x80, 1, 2, 3, 4});
        assertEquals(RECORDS, verify());
        TestJournal.write(TestJournal.context(directory), RECORDS + 1, 1);
        assertEquals(RECORDS + 1, verify());
        assertTrue(Files.readString(directory.resolve(DirectoryStorage.MANIFEST_FILE)).contains("unfinished record"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 0x80})
    void shouldCutRecordThatWasWrittenButNotDeclared(final int highByte) throws IOException
    {
        crash(TestJournal.context(directory));
        locate();
        Files.delete(file(ChronicleRecordLog.MARK_FILE));
        final Path file = file(ChronicleRecordLog.FILE);
        final byte[] undeclared = {0, 0, 0, (byte)highByte};
        final int last = RECORDS - 1;
        final byte[] declared = overwrite(file, starts.get(last), undeclared);
        assertEquals(last, verify());
        overwrite(file, starts.get(last), declared);

        overwrite(file, starts.get(last - 1), undeclared);
        assertEquals(last, assertThrows(JournalDamagedException.class, this::verify).sequence());
    }

    @Test
    void shouldRefuseWhenSegmentIsMissingOrForeign() throws IOException
    {
        final JournalContext context = TestJournal.context(directory);
        TestJournal.write(context, RECORDS, 4);
        TestJournal.write(context, 2 * RECORDS, 4);
        final Path first = directory.resolve(SEGMENT);
        final Path aside = directory.resolve("aside");
        Files.move(first, aside);
        assertThrows(JournalDamagedException.class, this::verify);
        Files.move(directory.resolve("segment-00000002"), first);
        Files.move(aside, directory.resolve("segment-00000002"));
        final JournalDamagedException ex = assertThrows(JournalDamagedException.class, this::verify);
        assertEquals(SEGMENT, ex.place());
    }

    /** Leaves the journal as a killed process does: everything written, nothing closed. */
    private void crash(final JournalContext context) throws IOException
    {
        final Path live = Files.createDirectory(directory.resolve("live"));
        try (Journal journal = Journal.open(context.directory(live)))
        {
            journal.restore(record -> {});
            TestJournal.append(journal.startWriting(), 0, RECORDS, 4);
            Files.createDirectory(directory.resolve(SEGMENT));
            for (final String name : List.of(
                DirectoryStorage.MANIFEST_FILE,
                SEGMENT + "/" + ChronicleRecordLog.FILE,
                SEGMENT + "/" + ChronicleRecordLog.METADATA_FILE,
                SEGMENT + "/" + ChronicleRecordLog.MARK_FILE))
            {
                Files.copy(live.resolve(name), directory.resolve(name));
            }
        }
        context.directory(directory);
        assertFalse(Files.readString(directory.resolve(DirectoryStorage.MANIFEST_FILE)).contains("lastSequence"));
        assertEquals(RECORDS, verify());
    }

    private void shouldFindEveryFlippedByteOfRecords() throws IOException
    {
        locate();
        final Path file = file(ChronicleRecordLog.FILE);
        for (int i = 0; i < RECORDS; i++)
        {
            for (long position = starts.get(i); position < ends.get(i); position++)
            {
                for (final int pattern : new int[]{0xFF, 1 << position % Byte.SIZE})
                {
                    final JournalDamagedException ex = damaged(file, position, pattern);
                    assertEquals(SEGMENT, ex.place());
                    assertEquals(i + 1, ex.sequence(), ex.getMessage());
                    assertEquals(i, ex.index(), ex.getMessage());
                    assertTrue(ex.position() <= starts.get(i), ex.getMessage());
                }
            }
        }
        assertEquals(RECORDS, verify());
    }

    private void locate()
    {
        try (ChronicleLogReader reader = new ChronicleLogReader(file(ChronicleRecordLog.FILE), null))
        {
            while (reader.next())
            {
                starts.add(reader.position());
                ends.add((long)reader.offset() + reader.length());
            }
        }
        assertEquals(RECORDS, starts.size());
    }

    private JournalDamagedException damaged(final Path file, final long position, final int pattern)
        throws IOException
    {
        flip(file, position, pattern);
        final JournalDamagedException ex = assertThrows(
            JournalDamagedException.class, this::verify, "byte " + position + " of " + file + " ^ " + pattern);
        flip(file, position, pattern);
        return ex;
    }

    private void checkEqual(final Path file, final long position, final int pattern) throws IOException
    {
        flip(file, position, pattern);
        assertEquals(RECORDS, verify(), "byte " + position + " of " + file);
        flip(file, position, pattern);
    }

    private void checkEqualOrNamed(final Path file, final long position, final int pattern) throws IOException
    {
        flip(file, position, pattern);
        try
        {
            assertEquals(RECORDS, verify(), "byte " + position + " of " + file);
        }
        catch (final JournalDamagedException ex)
        {
            assertEquals(SEGMENT, ex.place());
        }
        flip(file, position, pattern);
    }

    private long verify()
    {
        return TestJournal.verify(TestJournal.context(directory));
    }

    private Path file(final String name)
    {
        return directory.resolve(SEGMENT).resolve(name);
    }

    private static void flip(final Path file, final long position, final int pattern) throws IOException
    {
        try (FileChannel channel =
            FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE))
        {
            final ByteBuffer one = ByteBuffer.allocate(1);
            channel.read(one, position);
            one.put(0, (byte)(one.get(0) ^ pattern)).rewind();
            channel.write(one, position);
        }
    }

    private static byte[] overwrite(final Path file, final long position, final byte[] content) throws IOException
    {
        try (FileChannel channel =
            FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE))
        {
            final ByteBuffer saved = ByteBuffer.allocate(content.length);
            channel.read(saved, position);
            channel.write(ByteBuffer.wrap(content), position);
            return saved.array();
        }
    }
}
