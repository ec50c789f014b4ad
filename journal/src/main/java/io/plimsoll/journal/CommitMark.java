package io.plimsoll.journal;

import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * The highest promised sequence of a segment, in a mapped file beside it. The last record of a journal has none behind
 * it that could vouch for it with its {@code committed}; this does, so that damage there is not taken for a record that
 * was never finished. Two slots of 512 bytes, written in turn, because a process can end between two stores:
 * <pre>
 *   0  int64  sequence
 *   8  int64  bootId      of the machine's start during which this was written
 *  16  int32  durable     1: the records were forced to disk before this was written
 *  20  int32  crc         CRC32C of the 20 bytes before
 * </pre>
 * It is never forced to disk. After a power cut it may be behind the records, or, when records are not forced either,
 * ahead of them: then it is not binding, which the boot id shows.
 */
final class CommitMark implements AutoCloseable
{
    static final int LENGTH = 1024;

    private static final int SLOT_LENGTH = LENGTH / 2;
    private static final int SEQUENCE_OFFSET = 0;
    private static final int BOOT_ID_OFFSET = 8;
    private static final int DURABLE_OFFSET = 16;
    private static final int CRC_OFFSET = 20;
    private static final Path BOOT_ID_FILE = Path.of("/proc/sys/kernel/random/boot_id");

    private final MappedByteBuffer mapped;
    private final UnsafeBuffer buffer;
    private final UnsafeBuffer slot = new UnsafeBuffer(new byte[CRC_OFFSET + Integer.BYTES]);
    private final CRC32C crc32c = new CRC32C();
    private final long bootId;
    private final boolean durable;
    private int nextSlot;

    private CommitMark(final MappedByteBuffer mapped, final boolean durable)
    {
        this(mapped, new UnsafeBuffer(mapped), readBootId(), durable);
    }

    private CommitMark(
        final MappedByteBuffer mapped, final UnsafeBuffer buffer, final long bootId, final boolean durable)
    {
        this.mapped = mapped;
        this.buffer = buffer;
        this.bootId = bootId;
        this.durable = durable;
    }

    /** One in memory, of {@link #LENGTH} bytes, on a machine whose starts are told apart by that id. */
    static CommitMark over(final UnsafeBuffer buffer, final long bootId, final boolean durable)
    {
        return new CommitMark(null, buffer, bootId, durable);
    }

    static CommitMark create(final Path file, final boolean durable)
    {
        try (FileChannel channel = FileChannel.open(
            file, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE))
        {
            // Written, not extended: a mapped page without a block behind it kills the process on a full disk.
            channel.write(ByteBuffer.allocate(2 * SLOT_LENGTH));
            channel.force(true);
            return new CommitMark(channel.map(FileChannel.MapMode.READ_WRITE, 0, 2 * SLOT_LENGTH), durable);
        }
        catch (final IOException ex)
        {
            throw IoFailure.of("cannot create " + file, ex);
        }
    }

    /** Null if there is no such file: then nothing is binding. */
    static CommitMark open(final Path file)
    {
        if (!Files.exists(file))
        {
            return null;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ))
        {
            if (channel.size() < 2 * SLOT_LENGTH)
            {
                throw new JournalDamagedException(file.toString(), "file too short");
            }
            return new CommitMark(channel.map(FileChannel.MapMode.READ_ONLY, 0, 2 * SLOT_LENGTH), false);
        }
        catch (final IOException ex)
        {
            throw IoFailure.of("cannot read " + file, ex);
        }
    }

    void write(final long sequence)
    {
        slot.putLong(SEQUENCE_OFFSET, sequence, ByteOrder.LITTLE_ENDIAN);
        slot.putLong(BOOT_ID_OFFSET, bootId, ByteOrder.LITTLE_ENDIAN);
        slot.putInt(DURABLE_OFFSET, durable ? 1 : 0, ByteOrder.LITTLE_ENDIAN);
        slot.putInt(CRC_OFFSET, crc(), ByteOrder.LITTLE_ENDIAN);
        buffer.putBytes(nextSlot * SLOT_LENGTH, slot, 0, slot.capacity());
        nextSlot ^= 1;
    }

    /** Highest sequence that must be in the segment; 0 if nothing can be said. */
    long bindingSequence()
    {
        return Math.max(bindingSequence(0), bindingSequence(1));
    }

    /** Highest sequence up to which records were forced, on whatever start of the machine; 0 if nothing can be said. */
    long forcedSequence()
    {
        return Math.max(forcedSequence(0), forcedSequence(1));
    }

    @Override
    public void close()
    {
        buffer.wrap(0, 0);
        BufferUtil.free(mapped);
    }

    private long bindingSequence(final int index)
    {
        final boolean vouched = isWhole(index) &&
            (isForced() || bootId == slot.getLong(BOOT_ID_OFFSET, ByteOrder.LITTLE_ENDIAN));
        return vouched ? slot.getLong(SEQUENCE_OFFSET, ByteOrder.LITTLE_ENDIAN) : 0;
    }

    private long forcedSequence(final int index)
    {
        return isWhole(index) && isForced() ? slot.getLong(SEQUENCE_OFFSET, ByteOrder.LITTLE_ENDIAN) : 0;
    }

    private boolean isWhole(final int index)
    {
        slot.putBytes(0, buffer, index * SLOT_LENGTH, slot.capacity());
        return crc() == slot.getInt(CRC_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    private boolean isForced()
    {
        return 1 == slot.getInt(DURABLE_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    private int crc()
    {
        crc32c.reset();
        crc32c.update(slot.byteArray(), 0, CRC_OFFSET);
        return (int)crc32c.getValue();
    }

    private static long readBootId()
    {
        try
        {
            final byte[] text = Files.readAllBytes(BOOT_ID_FILE);
            final CRC32C high = new CRC32C();
            high.update(text, 0, text.length / 2);
            final CRC32C low = new CRC32C();
            low.update(text, text.length / 2, text.length - text.length / 2);
            return high.getValue() << Integer.SIZE | low.getValue();
        }
        catch (final IOException ex)
        {
            // No such file on this system: every start counts as the same, which errs on the side of refusing.
            return 0;
        }
    }
}
