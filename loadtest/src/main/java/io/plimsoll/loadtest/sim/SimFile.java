package io.plimsoll.loadtest.sim;

import io.plimsoll.journal.ByteFile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A file of a {@link SimDisk}, twice: as it is, and as it would be on a disk that does what it is told. The second is
 * the copy that an operator has put by, from which a damaged file is restored.
 */
final class SimFile implements ByteFile
{
    private static final int SECTOR = 512;

    private final SimDisk disk;
    private final String name;
    private Plane plane = new Plane();
    private Plane honest = new Plane();
    private Plane forced;

    SimFile(final SimDisk disk, final String name)
    {
        this.disk = disk;
        this.name = name;
    }

    @Override
    public int length()
    {
        return plane.length;
    }

    @Override
    public void write(final int position, final DirectBuffer source, final int offset, final int length)
    {
        disk.beforeWrite(length);
        final int whole = disk.isLast() ? disk.part(length) : length;
        final long number = disk.nextWrite();
        plane.write(position, source, offset, whole, number);
        honest.write(position, source, offset, whole, number);
        disk.afterOperation(this);
        if (disk.takesNextWrite())
        {
            plane.spoil(disk.misdirection(plane.length));
        }
    }

    @Override
    public void view(final UnsafeBuffer target)
    {
        target.wrap(plane.cache, 0, plane.length);
    }

    @Override
    public void sync()
    {
        switch (disk.beforeSync(this))
        {
            case DONE ->
            {
                plane.sync();
                honest.sync();
            }
            case LIED -> honest.sync();
            case FORGOTTEN ->
            {
                plane.unsynced.clear();
                honest.unsynced.clear();
            }
            default ->
            {
                // It failed, and what was written waits for the next.
            }
        }
        disk.afterSync(this);
    }

    String name()
    {
        return name;
    }

    /** What was not forced is lost, kept or torn, as the mode has it; it may be torn already by one before. */
    void powerCut(final long mode, final boolean isTorn)
    {
        if (null == forced || !isTorn)
        {
            forced = honest.copy();
            forced.powerCut(0);
        }
        plane.powerCut(mode);
        honest.powerCut(mode);
    }

    /** Becomes what it was without anything that was not forced before the last power cut. */
    void cut()
    {
        if (null != forced)
        {
            plane = forced.copy();
            honest = forced.copy();
        }
    }

    /** Turns a bit over, in memory and on the disk. */
    boolean flip(final long choice)
    {
        if (0 == plane.length)
        {
            return false;
        }
        final int position = (int)Long.remainderUnsigned(choice >>> 3, plane.length);
        final int mask = 1 << (choice & 7);
        plane.cache[position] ^= (byte)mask;
        if (position < plane.diskLength)
        {
            plane.disk[position] ^= (byte)mask;
        }
        return true;
    }

    /** Becomes what a good disk would have kept. */
    void repair()
    {
        plane = honest.copy();
    }

    boolean isDamaged()
    {
        return plane.length != honest.length ||
            !Arrays.equals(plane.cache, 0, plane.length, honest.cache, 0, honest.length);
    }

    private record Write(int position, int length, long number)
    {
    }

    /** What is in memory, what is on the disk, and what is still to go there. */
    private static final class Plane
    {
        private byte[] cache = new byte[SECTOR];
        private int length;
        private byte[] disk = new byte[0];
        private int diskLength;
        private final List<Write> unsynced = new ArrayList<>();

        void write(
            final int position, final DirectBuffer source, final int offset, final int count, final long number)
        {
            ensure(position + count);
            source.getBytes(offset, cache, position, count);
            unsynced.add(new Write(position, count, number));
        }

        private void ensure(final int end)
        {
            if (end > cache.length)
            {
                cache = Arrays.copyOf(cache, Math.max(end, cache.length * 2));
            }
            length = Math.max(length, end);
        }

        void sync()
        {
            for (final Write write : unsynced)
            {
                toDisk(write.position, write.length);
            }
            unsynced.clear();
        }

        private void toDisk(final int position, final int count)
        {
            if (position + count > disk.length)
            {
                disk = Arrays.copyOf(disk, Math.max(position + count, cache.length));
            }
            System.arraycopy(cache, position, disk, position, count);
            diskLength = Math.max(diskLength, position + count);
        }

        /** The latest write: does not arrive, or only somewhere else. */
        void spoil(final int elsewhere)
        {
            final Write write = unsynced.remove(unsynced.size() - 1);
            if (elsewhere >= 0)
            {
                final int end = Math.min(elsewhere + write.length, diskLength);
                if (end > elsewhere)
                {
                    System.arraycopy(cache, write.position, disk, elsewhere, end - elsewhere);
                }
            }
        }

        void powerCut(final long mode)
        {
            int left = 0 == (mode & 3) ? 0 : 2 == (mode & 3) ?
                (int)Long.remainderUnsigned(mode >>> 2, unsynced.size() + 1L) : unsynced.size();
            for (final Write write : unsynced)
            {
                if (0 == left)
                {
                    break;
                }
                left--;
                if (3 == (mode & 3))
                {
                    sectors(write, mode);
                }
                else if (0 == left && 2 == (mode & 3))
                {
                    toDisk(write.position, torn(write, mode >>> 7));
                }
                else
                {
                    toDisk(write.position, write.length);
                }
            }
            unsynced.clear();
            length = diskLength;
            cache = Arrays.copyOf(disk, Math.max(SECTOR, diskLength));
        }

        /** The part of a write that is in its first sectors: those are written whole or not at all. */
        private static int torn(final Write write, final long choice)
        {
            final int part = (int)Long.remainderUnsigned(choice, write.length + 1L);
            return Math.max(0, (write.position + part) / SECTOR * SECTOR - write.position);
        }

        private void sectors(final Write write, final long mode)
        {
            int position = write.position;
            final int end = write.position + write.length;
            while (position < end)
            {
                final int next = Math.min(end, (position / SECTOR + 1) * SECTOR);
                if (0 != (mix(mode ^ write.number * 31 + position / SECTOR) & 1))
                {
                    toDisk(position, next - position);
                }
                position = next;
            }
        }

        Plane copy()
        {
            final Plane copy = new Plane();
            copy.cache = cache.clone();
            copy.length = length;
            copy.disk = disk.clone();
            copy.diskLength = diskLength;
            copy.unsynced.addAll(unsynced);
            return copy;
        }
    }

    static long mix(final long value)
    {
        long mixed = (value ^ value >>> 33) * 0xff51afd7ed558ccdL;
        mixed = (mixed ^ mixed >>> 33) * 0xc4ceb9fe1a85ec53L;
        return mixed ^ mixed >>> 33;
    }
}
