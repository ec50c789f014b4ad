package io.plimsoll.journal;

import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * A journal in memory that can lose what was not synchronised, tear what was being written, and fail. Positions are
 * numbers of excerpts.
 */
final class MemoryStorage implements JournalStorage
{
    final TreeMap<String, MemoryLog> logs = new TreeMap<>();
    final TreeMap<String, byte[]> snapshots = new TreeMap<>();
    byte[] manifest;
    int syncs;
    boolean failSync;
    RuntimeException failForce;
    int failAppendIn = Integer.MAX_VALUE;
    boolean reserveKept = true;
    /** As if the thread that sees to closed segments had not come to it yet. */
    boolean retiresLater;

    /** Everything that was not forced is lost, torn or there, as the seed has it. */
    void powerCut(final SplittableRandom random)
    {
        for (final MemoryLog log : logs.values())
        {
            for (int i = log.synced; i < log.excerpts.size(); i++)
            {
                final int fate = random.nextInt(3);
                final byte[] excerpt = log.excerpts.get(i);
                if (0 == fate)
                {
                    log.excerpts.set(i, null);
                }
                else if (1 == fate)
                {
                    final byte[] torn = excerpt.clone();
                    java.util.Arrays.fill(torn, random.nextInt(torn.length), torn.length, (byte)0);
                    log.excerpts.set(i, torn);
                }
            }
            log.marked = 0;
        }
        crash();
    }

    /** The process is gone; what it had written is there. */
    void crash()
    {
        failSync = false;
        failAppendIn = Integer.MAX_VALUE;
    }

    @Override
    public RecordLog create(final String segment)
    {
        final MemoryLog log = new MemoryLog();
        logs.put(segment, log);
        return log;
    }

    @Override
    public LogReader open(final String segment)
    {
        return logs.get(segment).read();
    }

    @Override
    public List<String> segments()
    {
        return List.copyOf(logs.keySet());
    }

    @Override
    public void removeEmpty(final String segment)
    {
        logs.remove(segment);
    }

    @Override
    public void remove(final String segment)
    {
        logs.remove(segment);
    }

    @Override
    public long length(final String segment)
    {
        return logs.get(segment).length();
    }

    @Override
    public List<String> snapshots()
    {
        return List.copyOf(snapshots.keySet());
    }

    @Override
    public SnapshotFile createSnapshot(final String snapshot, final long length)
    {
        return new MemorySnapshot(snapshot);
    }

    @Override
    public SnapshotFile openSnapshot(final String snapshot)
    {
        if (!snapshots.containsKey(snapshot))
        {
            throw new JournalDamagedException(snapshot, "snapshot of the manifest is missing");
        }
        return new MemorySnapshot(snapshot);
    }

    @Override
    public void removeSnapshot(final String snapshot)
    {
        snapshots.remove(snapshot);
    }

    @Override
    public void force(final String segment)
    {
        if (null != failForce)
        {
            throw failForce;
        }
        logs.get(segment).synced = logs.get(segment).excerpts.size();
    }

    @Override
    public void retire(final String segment, final RecordLog log)
    {
        if (!retiresLater)
        {
            log.sync();
        }
        log.close();
    }

    @Override
    public void trim(final String segment, final long endPosition)
    {
    }

    @Override
    public byte[] readManifest()
    {
        return manifest;
    }

    @Override
    public void writeManifest(final byte[] content)
    {
        manifest = content;
    }

    @Override
    public String describe()
    {
        return "memory";
    }

    @Override
    public boolean reserveKept()
    {
        return reserveKept;
    }

    @Override
    public void close()
    {
    }

    /** A snapshot. */
    private final class MemorySnapshot implements SnapshotFile
    {
        private final String name;
        private final ExpandableArrayBuffer written = new ExpandableArrayBuffer();
        private int end;

        private MemorySnapshot(final String name)
        {
            this.name = name;
        }

        @Override
        public void write(final DirectBuffer buffer, final int offset, final int length)
        {
            written.putBytes(end, buffer, offset, length);
            end += length;
        }

        @Override
        public void finish()
        {
            snapshots.put(name, Arrays.copyOf(written.byteArray(), end));
        }

        @Override
        public long length()
        {
            return snapshots.get(name).length;
        }

        @Override
        public void read(final long position, final MutableDirectBuffer target, final int offset, final int length)
        {
            target.putBytes(offset, snapshots.get(name), (int)position, length);
        }

        @Override
        public void close()
        {
        }
    }

    /** A segment. */
    final class MemoryLog implements RecordLog
    {
        final List<byte[]> excerpts = new ArrayList<>();
        int synced;
        long marked;
        private long length;

        @Override
        public void append(final DirectBuffer buffer, final int offset, final int excerptLength)
        {
            if (--failAppendIn < 0)
            {
                throw new JournalFullException("planted");
            }
            final byte[] excerpt = new byte[excerptLength];
            buffer.getBytes(offset, excerpt);
            excerpts.add(excerpt);
            length += excerptLength;
        }

        @Override
        public void sync()
        {
            syncs++;
            if (failSync)
            {
                throw new IllegalStateException("planted");
            }
            synced = excerpts.size();
        }

        @Override
        public void mark(final long sequence)
        {
            marked = sequence;
        }

        @Override
        public long length()
        {
            return length;
        }

        @Override
        public boolean tryReserve(final long lengthBytes)
        {
            return true;
        }

        @Override
        public LogReader read()
        {
            return new MemoryReader(this);
        }

        @Override
        public void close()
        {
        }
    }

    /** Reads a segment; a missing excerpt looks like the end. */
    private static final class MemoryReader implements LogReader
    {
        private final MemoryLog log;
        private final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);
        private final ExcerptFlyweight candidate = new ExcerptFlyweight();
        private int next;

        private MemoryReader(final MemoryLog log)
        {
            this.log = log;
        }

        @Override
        public boolean next()
        {
            if (next >= log.excerpts.size() || null == log.excerpts.get(next))
            {
                return false;
            }
            buffer.wrap(log.excerpts.get(next++));
            return true;
        }

        @Override
        public DirectBuffer buffer()
        {
            return buffer;
        }

        @Override
        public int offset()
        {
            return 0;
        }

        @Override
        public int length()
        {
            return buffer.capacity();
        }

        @Override
        public long position()
        {
            return next - 1L;
        }

        @Override
        public long endPosition()
        {
            return next;
        }

        @Override
        public void seek(final long position)
        {
            next = (int)position;
        }

        @Override
        public void seekExcerpt(final long position)
        {
            next = (int)position;
            buffer.wrap(log.excerpts.get(next++));
        }

        @Override
        public boolean hasRemains()
        {
            return false;
        }

        @Override
        public long findBeyond(final long nextSequence, final int previousCrc)
        {
            for (int i = next; i < log.excerpts.size(); i++)
            {
                final byte[] excerpt = log.excerpts.get(i);
                if (null != excerpt &&
                    null == candidate.wrap(new UnsafeBuffer(excerpt), 0).findFault(excerpt.length))
                {
                    return i;
                }
            }
            return -1;
        }

        @Override
        public long markedSequence()
        {
            return log.marked;
        }

        @Override
        public long forcedSequence()
        {
            return 0;
        }

        @Override
        public void close()
        {
        }
    }
}
