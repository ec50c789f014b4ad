package io.plimsoll.journal;

import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Chronicle declares a record last: its header is zero until the body is there. So a killed writer leaves a whole
 * record under a zero, and a zero where a record was promised is damage. Here every such file is laid out.
 */
class UndeclaredRecordTest
{
    private static final int RECORDS = 12;
    private static final int LAST = RECORDS - 1;
    private static final String SEGMENT = "segment-00000001";
    private static final int HEADER_LENGTH = 4;
    private static final int SLOT_LENGTH = 512;
    private static final int BOOT_ID_OFFSET = 8;
    private static final int DURABLE_OFFSET = 16;
    private static final int MARK_CRC_OFFSET = 20;

    @TempDir
    private Path directory;
    private Path crashed;
    private final List<Long> starts = new ArrayList<>();
    private final List<Long> ends = new ArrayList<>();

    /** What became of a record. */
    enum Hidden
    {
        HEADER_ZERO, HEADER_NOT_COMPLETE, HEADER_ZERO_BODY_TORN, ALL_ZERO
    }

    @BeforeEach
    void crash() throws IOException
    {
        final Path live = Files.createDirectory(directory.resolve("live"));
        crashed = Files.createDirectories(directory.resolve("crashed"));
        Files.createDirectory(crashed.resolve(SEGMENT));
        try (Journal journal = Journal.open(TestJournal.context(live)))
        {
            journal.restore(record -> {});
            // One promise for each record, so that every record but the first vouches for the one before.
            TestJournal.append(journal.startWriting(), 0, RECORDS, 1);
            for (final String name : List.of(
                DirectoryStorage.MANIFEST_FILE,
                SEGMENT + "/" + ChronicleRecordLog.FILE,
                SEGMENT + "/" + ChronicleRecordLog.METADATA_FILE,
                SEGMENT + "/" + ChronicleRecordLog.MARK_FILE))
            {
                Files.copy(live.resolve(name), crashed.resolve(name));
            }
        }
        try (ChronicleLogReader reader = new ChronicleLogReader(file(ChronicleRecordLog.FILE), null))
        {
            while (reader.next())
            {
                starts.add(reader.position());
                ends.add((long)reader.offset() + reader.length());
            }
        }
        assertEquals(RECORDS, verify());
    }

    @Test
    void shouldLeaveHeaderZeroUntilRecordIsWritten() throws IOException
    {
        try (SingleChronicleQueue queue =
            SingleChronicleQueueBuilder.binary(Files.createDirectory(directory.resolve("queue")).toFile()).build();
            ExcerptAppender appender = queue.createAppender())
        {
            final long[] position = new long[1];
            appender.writeBytes(bytes ->
            {
                position[0] = bytes.writePosition() - HEADER_LENGTH;
                bytes.writeLong(4711);
                assertEquals(
                    0, appender.wire().bytes().readVolatileInt(position[0]), "the body is there, the header is not");
            });
            assertEquals(Long.BYTES, appender.wire().bytes().readVolatileInt(position[0]));
        }
    }

    @Test
    void shouldCutTheFirstRecordOfASegmentThatAKilledWriterHadInHand() throws IOException
    {
        leaveFirstUndeclared();
        assertEquals(0, verify());
    }

    /** The process ends, or power fails, after a new segment has begun and before the old one is gone from the disk. */
    @Test
    void shouldStartWhenTheRemovalOfSuchASegmentWasInterrupted() throws IOException
    {
        leaveFirstUndeclared();
        final JournalContext context = TestJournal.context(crashed);
        try (Journal journal = Journal.open(context, removingNothing(new DirectoryStorage(context, true))))
        {
            journal.restore(record -> {});
            assertThrows(IllegalStateException.class, journal::startWriting);
        }
        assertTrue(Files.exists(crashed.resolve(SEGMENT)));
        assertEquals(0, verify());
        assertFalse(Files.exists(crashed.resolve(SEGMENT)));
    }

    private static JournalStorage removingNothing(final JournalStorage storage)
    {
        return (JournalStorage)Proxy.newProxyInstance(
            JournalStorage.class.getClassLoader(),
            new Class<?>[]{JournalStorage.class},
            (proxy, method, arguments) ->
            {
                if (method.getName().startsWith("remove"))
                {
                    throw new IllegalStateException("planted");
                }
                return method.invoke(storage, arguments);
            });
    }

    private void leaveFirstUndeclared() throws IOException
    {
        try (FileChannel channel = FileChannel.open(file(ChronicleRecordLog.FILE), StandardOpenOption.WRITE))
        {
            final long from = starts.get(1);
            channel.write(ByteBuffer.allocate((int)(ends.get(LAST) - from)), from);
        }
        hide(0, Hidden.HEADER_ZERO);
        remark(false);
    }

    @ParameterizedTest
    @EnumSource(Hidden.class)
    void shouldRefuseWhenMarkOfThisBootPromisesHiddenRecord(final Hidden hidden) throws IOException
    {
        hide(LAST, hidden);
        assertEquals(RECORDS, assertThrows(JournalDamagedException.class, this::verify).sequence());
    }

    @ParameterizedTest
    @EnumSource(Hidden.class)
    void shouldRefuseWhenDurableMarkOfEarlierBootPromisesHiddenRecord(final Hidden hidden) throws IOException
    {
        hide(LAST, hidden);
        remark(true);
        assertEquals(RECORDS, assertThrows(JournalDamagedException.class, this::verify).sequence());
    }

    @ParameterizedTest
    @EnumSource(Hidden.class)
    void shouldCutHiddenRecordWhenMarkOfEarlierBootPromisedPageCacheOnly(final Hidden hidden) throws IOException
    {
        hide(LAST, hidden);
        remark(false);
        assertEquals(LAST, verify());
    }

    @ParameterizedTest
    @EnumSource(Hidden.class)
    void shouldCutHiddenRecordThatNobodyPromised(final Hidden hidden) throws IOException
    {
        hide(LAST, hidden);
        Files.delete(file(ChronicleRecordLog.MARK_FILE));
        assertEquals(LAST, verify());
        TestJournal.write(TestJournal.context(crashed), RECORDS + 1, 1);
        assertEquals(RECORDS + 1, verify());
    }

    @ParameterizedTest
    @CsvSource({"true,false", "false,true", "false,false"})
    void shouldRefuseHiddenRecordBeforeGoodOneWhateverTheMark(final boolean marked, final boolean durable)
        throws IOException
    {
        if (marked)
        {
            remark(durable);
        }
        else
        {
            Files.delete(file(ChronicleRecordLog.MARK_FILE));
        }
        for (final Hidden hidden : Hidden.values())
        {
            for (int record = 0; record < LAST; record++)
            {
                final byte[] saved = hide(record, hidden);
                assertEquals(record + 1, assertThrows(JournalDamagedException.class, this::verify).sequence());
                overwrite(starts.get(record), saved);
            }
        }
        assertEquals(RECORDS, verify());
    }

    @ParameterizedTest
    @EnumSource(value = Hidden.class, names = {"HEADER_ZERO", "HEADER_NOT_COMPLETE"})
    void shouldRefuseWhenUndeclaredRecordFollowsHiddenOne(final Hidden last) throws IOException
    {
        Files.delete(file(ChronicleRecordLog.MARK_FILE));
        hide(LAST, last);
        for (final Hidden hidden : Hidden.values())
        {
            final byte[] saved = hide(LAST - 1, hidden);
            assertEquals(LAST, assertThrows(JournalDamagedException.class, this::verify).sequence());
            overwrite(starts.get(LAST - 1), saved);
        }
        assertEquals(LAST, verify());
    }

    @Test
    void shouldRefuseWhenUndeclaredRecordVouchesForMissingOne() throws IOException
    {
        Files.delete(file(ChronicleRecordLog.MARK_FILE));
        final byte[] last = hide(LAST, Hidden.ALL_ZERO);
        hide(LAST - 1, Hidden.ALL_ZERO);
        // The last record, undeclared, where the one before it should be: it says that that one was committed.
        ByteBuffer.wrap(last).putInt(0, 0);
        overwrite(starts.get(LAST - 1), last);
        assertEquals(LAST, assertThrows(JournalDamagedException.class, this::verify).sequence());
    }

    private byte[] hide(final int record, final Hidden hidden) throws IOException
    {
        final long start = starts.get(record);
        final byte[] saved = new byte[(int)(ends.get(record) - start)];
        try (FileChannel channel = FileChannel.open(file(ChronicleRecordLog.FILE), StandardOpenOption.READ))
        {
            channel.read(ByteBuffer.wrap(saved), start);
        }
        final byte[] content = Hidden.ALL_ZERO == hidden ? new byte[saved.length] : saved.clone();
        final ByteBuffer changed = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
        changed.putInt(0, Hidden.HEADER_NOT_COMPLETE == hidden ? 0x8000_0000 : 0);
        if (Hidden.HEADER_ZERO_BODY_TORN == hidden)
        {
            java.util.Arrays.fill(content, content.length / 2, content.length, (byte)0);
        }
        overwrite(start, content);
        return saved;
    }

    /** Makes the mark one of an earlier start of the machine. */
    private void remark(final boolean durable) throws IOException
    {
        final Path mark = file(ChronicleRecordLog.MARK_FILE);
        final ByteBuffer content = ByteBuffer.wrap(Files.readAllBytes(mark)).order(ByteOrder.LITTLE_ENDIAN);
        for (int slot = 0; slot < content.capacity(); slot += SLOT_LENGTH)
        {
            content.putLong(slot + BOOT_ID_OFFSET, ~content.getLong(slot + BOOT_ID_OFFSET));
            content.putInt(slot + DURABLE_OFFSET, durable ? 1 : 0);
            final CRC32C crc32c = new CRC32C();
            crc32c.update(content.array(), slot, MARK_CRC_OFFSET);
            content.putInt(slot + MARK_CRC_OFFSET, (int)crc32c.getValue());
        }
        Files.write(mark, content.array());
    }

    private void overwrite(final long position, final byte[] content) throws IOException
    {
        try (FileChannel channel = FileChannel.open(file(ChronicleRecordLog.FILE), StandardOpenOption.WRITE))
        {
            channel.write(ByteBuffer.wrap(content), position);
        }
    }

    private long verify()
    {
        return TestJournal.verify(TestJournal.context(crashed));
    }

    private Path file(final String name)
    {
        return crashed.resolve(SEGMENT).resolve(name);
    }
}
