package io.plimsoll.journal;

import java.util.ArrayList;
import java.util.List;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A journal on {@link ByteFiles}: segments in the same format as in a directory, read by the same reader, with the same
 * mark beside them and a manifest that is replaced in the same steps. Only Chronicle's appender is not there; documents
 * are written as it writes them, the body first and then the header that declares it. One thread.
 */
public final class ByteFileStorage implements JournalStorage
{
    private static final String MANIFEST_NEW_FILE = DirectoryStorage.MANIFEST_FILE + ".new";
    private static final int HEADER_LENGTH = 4;
    private static final int META = 0x4000_0000;
    private static final int FIRST_LENGTH = 60;

    private final ByteFiles files;
    private final CommitMode commitMode;

    /**
     * On those files.
     *
     * @param files      of one journal.
     * @param commitMode what marks vouch for.
     */
    public ByteFileStorage(final ByteFiles files, final CommitMode commitMode)
    {
        this.files = files;
        this.commitMode = commitMode;
    }

    @Override
    public RecordLog create(final String segment)
    {
        final Log log = new Log(segment);
        files.syncNames();
        return log;
    }

    @Override
    public LogReader open(final String segment)
    {
        final ByteFile file = files.open(dataFile(segment));
        if (null == file)
        {
            throw new JournalDamagedException(dataFile(segment), "segment of the manifest is missing");
        }
        return reader(file, files.open(markFile(segment)));
    }

    @Override
    public List<String> segments()
    {
        return files.names().stream()
            .filter(name -> name.startsWith(DirectoryStorage.SEGMENT_PREFIX))
            .map(name -> name.substring(0, name.indexOf('/')))
            .distinct()
            .toList();
    }

    @Override
    public void removeEmpty(final String segment)
    {
        files.delete(dataFile(segment));
        files.delete(markFile(segment));
    }

    @Override
    public void remove(final String segment)
    {
        removeEmpty(segment);
    }

    @Override
    public long length(final String segment)
    {
        final ByteFile file = files.open(dataFile(segment));
        return null == file ? 0 : file.length();
    }

    @Override
    public List<String> snapshots()
    {
        final List<String> names = new ArrayList<>();
        for (final String name : files.names())
        {
            if (name.startsWith(DirectoryStorage.SNAPSHOT_PREFIX))
            {
                if (name.endsWith(DirectorySnapshotFile.UNFINISHED_SUFFIX))
                {
                    files.delete(name);
                }
                else
                {
                    names.add(name);
                }
            }
        }
        return names;
    }

    @Override
    public SnapshotFile createSnapshot(final String snapshot, final long length)
    {
        return new SnapshotBytes(snapshot, files.create(snapshot + DirectorySnapshotFile.UNFINISHED_SUFFIX));
    }

    @Override
    public SnapshotFile openSnapshot(final String snapshot)
    {
        final ByteFile file = files.open(snapshot);
        if (null == file)
        {
            throw new JournalDamagedException(snapshot, "snapshot of the manifest is missing");
        }
        return new SnapshotBytes(null, file);
    }

    @Override
    public void removeSnapshot(final String snapshot)
    {
        files.delete(snapshot);
    }

    @Override
    public void force(final String segment)
    {
        files.open(dataFile(segment)).sync();
    }

    @Override
    public void rewrite(final String segment, final long fromPosition, final long toPosition)
    {
        final ByteFile file = files.open(dataFile(segment));
        final UnsafeBuffer view = new UnsafeBuffer(0, 0);
        file.view(view);
        final int length = (int)(Math.min(toPosition, file.length()) - fromPosition);
        final byte[] content = new byte[length];
        view.getBytes((int)fromPosition, content);
        file.write((int)fromPosition, new UnsafeBuffer(content), 0, length);
        file.sync();
    }

    @Override
    public void trim(final String segment, final long endPosition)
    {
        // Nothing is allocated ahead.
    }

    @Override
    public void retire(final String segment, final RecordLog log)
    {
        log.sync();
        log.close();
    }

    @Override
    public byte[] readManifest()
    {
        return content(DirectoryStorage.MANIFEST_FILE);
    }

    @Override
    public void writeManifest(final byte[] content)
    {
        final ByteFile file = files.create(MANIFEST_NEW_FILE);
        file.write(0, new UnsafeBuffer(content), 0, content.length);
        file.sync();
        files.rename(MANIFEST_NEW_FILE, DirectoryStorage.MANIFEST_FILE);
        files.syncNames();
    }

    @Override
    public String describe()
    {
        return "memory";
    }

    @Override
    public boolean reserveKept()
    {
        return files.reserveKept();
    }

    @Override
    public void close()
    {
        // Files in memory are closed by nobody.
    }

    private byte[] content(final String name)
    {
        final ByteFile file = files.open(name);
        if (null == file)
        {
            return null;
        }
        final UnsafeBuffer view = new UnsafeBuffer(0, 0);
        file.view(view);
        final byte[] content = new byte[file.length()];
        view.getBytes(0, content);
        return content;
    }

    private LogReader reader(final ByteFile file, final ByteFile markFile)
    {
        if (null == markFile)
        {
            return new ChronicleLogReader(new View(file), null);
        }
        if (markFile.length() < CommitMark.LENGTH)
        {
            throw new JournalDamagedException(describe(), "file too short");
        }
        final UnsafeBuffer view = new UnsafeBuffer(0, 0);
        markFile.view(view);
        return new ChronicleLogReader(new View(file), CommitMark.over(view, files.bootId(), false));
    }

    private static String dataFile(final String segment)
    {
        return segment + "/" + ChronicleRecordLog.FILE;
    }

    private static String markFile(final String segment)
    {
        return segment + "/" + ChronicleRecordLog.MARK_FILE;
    }

    /** A snapshot, or one that is being written and bears another name until it is done. */
    private final class SnapshotBytes implements SnapshotFile
    {
        private final ByteFile file;
        private String unfinished;
        private int written;

        private SnapshotBytes(final String unfinished, final ByteFile file)
        {
            this.unfinished = unfinished;
            this.file = file;
        }

        @Override
        public void write(final DirectBuffer buffer, final int offset, final int length)
        {
            file.write(written, buffer, offset, length);
            written += length;
        }

        @Override
        public void finish()
        {
            file.sync();
            files.rename(unfinished + DirectorySnapshotFile.UNFINISHED_SUFFIX, unfinished);
            unfinished = null;
            files.syncNames();
        }

        @Override
        public long length()
        {
            return file.length();
        }

        @Override
        public void read(final long position, final MutableDirectBuffer target, final int offset, final int length)
        {
            if (position + length > file.length())
            {
                throw new JournalDamagedException(describe(), "snapshot ends early");
            }
            final UnsafeBuffer view = new UnsafeBuffer(0, 0);
            file.view(view);
            target.putBytes(offset, view, (int)position, length);
        }

        @Override
        public void close()
        {
            if (null != unfinished)
            {
                files.delete(unfinished + DirectorySnapshotFile.UNFINISHED_SUFFIX);
            }
        }
    }

    private static final class View implements SegmentBytes
    {
        private final ByteFile file;

        private View(final ByteFile file)
        {
            this.file = file;
        }

        @Override
        public long length()
        {
            return file.length();
        }

        @Override
        public int view(final UnsafeBuffer target)
        {
            file.view(target);
            return file.length();
        }

        @Override
        public void close()
        {
            // Files in memory are closed by nobody.
        }
    }

    private final class Log implements RecordLog
    {
        private final ByteFile file;
        private final ByteFile markFile;
        private final UnsafeBuffer marks = new UnsafeBuffer(new byte[CommitMark.LENGTH]);
        private final CommitMark mark = CommitMark.over(marks, files.bootId(), CommitMode.SYNC == commitMode);
        private final UnsafeBuffer header = new UnsafeBuffer(new byte[HEADER_LENGTH]);
        private int length;
        private int slot;

        private Log(final String segment)
        {
            file = files.create(dataFile(segment));
            markFile = files.create(markFile(segment));
            markFile.write(0, marks, 0, CommitMark.LENGTH);
            markFile.sync();
            // As every file of a queue does, it begins with a document of the queue's own.
            declare(0, FIRST_LENGTH | META);
            length = HEADER_LENGTH + FIRST_LENGTH;
            file.write(length - 1, header, 0, 1);
            file.sync();
        }

        @Override
        public void append(final DirectBuffer buffer, final int offset, final int excerptLength)
        {
            file.write(length + HEADER_LENGTH, buffer, offset, excerptLength);
            declare(length, excerptLength);
            length = BitUtil.align(length + HEADER_LENGTH + excerptLength, HEADER_LENGTH);
        }

        @Override
        public void sync()
        {
            file.sync();
        }

        @Override
        public void mark(final long sequence)
        {
            mark.write(sequence);
            markFile.write(slot, marks, slot, CommitMark.LENGTH / 2);
            slot = CommitMark.LENGTH / 2 - slot;
        }

        @Override
        public long length()
        {
            return length;
        }

        @Override
        public boolean tryReserve(final long lengthBytes)
        {
            return files.reserveKept();
        }

        @Override
        public LogReader read()
        {
            return reader(file, markFile);
        }

        @Override
        public void close()
        {
            mark.close();
        }

        private void declare(final int position, final int value)
        {
            header.putInt(0, value, java.nio.ByteOrder.LITTLE_ENDIAN);
            file.write(position, header, 0, HEADER_LENGTH);
        }
    }
}
