package io.plimsoll.journal;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A journal in a directory: {@code manifest.json}, one sub-directory for each segment, {@code writer.lock}, and a
 * reserve file. Names of segments sort in the order of the journal.
 */
final class DirectoryStorage implements JournalStorage
{
    private static final Logger LOGGER = LoggerFactory.getLogger(DirectoryStorage.class);

    static final String MANIFEST_FILE = "manifest.json";
    static final String SEGMENT_PREFIX = "segment-";
    static final String SNAPSHOT_PREFIX = "snapshot-";

    private static final String MANIFEST_NEW_FILE = "manifest.json.new";
    private static final String RESERVE_FILE = "reserve";
    private static final int REWRITE_LENGTH = 1 << 20;
    private static final long FORCED_AT_ONCE = 8 << 20;
    /** What a new segment takes beside its first block: Chronicle's table, the mark, directories. */
    static final int SEGMENT_OVERHEAD = 512 << 10;

    private final JournalContext context;
    private final Path directory;
    private final DirectoryLock lock;
    private final SpaceReserve reserve;
    private Thread retiring;
    private Thread forcing;
    private String forcedSegment;
    private volatile long forcedLength;

    DirectoryStorage(final JournalContext context, final boolean writable)
    {
        this.context = context;
        directory = context.directory();
        if (writable)
        {
            createDirectory();
            lock = new DirectoryLock(directory.resolve("writer.lock"));
            reserve = new SpaceReserve(directory.resolve(RESERVE_FILE), context.reserveFileLength());
        }
        else
        {
            lock = null;
            reserve = null;
        }
    }

    @Override
    public RecordLog create(final String segment)
    {
        final Path segmentDirectory = directory.resolve(segment);
        try
        {
            // Chronicle makes sparse files and maps them, and a page without a block kills the process: ask first.
            reserve.require(context.blockLength() + SEGMENT_OVERHEAD);
            Files.createDirectory(segmentDirectory);
            final RecordLog log = reserve.guard(
                new ChronicleRecordLog(segmentDirectory, context.blockLength(), context.commitMode()),
                context.reserveLength());
            force(segmentDirectory);
            force(directory);
            return log;
        }
        catch (final IOException ex)
        {
            throw IoFailure.of("cannot create " + segmentDirectory, ex);
        }
    }

    @Override
    public LogReader open(final String segment)
    {
        final Path file = directory.resolve(segment).resolve(ChronicleRecordLog.FILE);
        if (!Files.exists(file))
        {
            throw new JournalDamagedException(file.toString(), "segment of the manifest is missing");
        }
        return new ChronicleLogReader(file, CommitMark.open(file.resolveSibling(ChronicleRecordLog.MARK_FILE)));
    }

    @Override
    public List<String> segments()
    {
        try (Stream<Path> files = Files.list(directory))
        {
            return files
                .map(file -> file.getFileName().toString())
                .filter(name -> name.startsWith(SEGMENT_PREFIX))
                .sorted()
                .toList();
        }
        catch (final IOException ex)
        {
            throw IoFailure.of("cannot list " + directory, ex);
        }
    }

    @Override
    public void removeEmpty(final String segment)
    {
        final Path segmentDirectory = directory.resolve(segment);
        try (Stream<Path> files = Files.list(segmentDirectory))
        {
            for (final Path file : files.toList())
            {
                Files.delete(file);
            }
            Files.delete(segmentDirectory);
        }
        catch (final IOException ex)
        {
            throw IoFailure.of("cannot remove " + segmentDirectory, ex);
        }
    }

    @Override
    public void remove(final String segment)
    {
        removeEmpty(segment);
    }

    @Override
    public long length(final String segment)
    {
        final Path file = directory.resolve(segment).resolve(ChronicleRecordLog.FILE);
        return Files.exists(file) ? Posix.dataLength(file) : 0;
    }

    @Override
    public List<String> snapshots()
    {
        try (Stream<Path> files = Files.list(directory))
        {
            final List<String> names = new ArrayList<>();
            for (final Path file : files.sorted().toList())
            {
                final String name = file.getFileName().toString();
                if (name.startsWith(SNAPSHOT_PREFIX) && name.endsWith(DirectorySnapshotFile.UNFINISHED_SUFFIX))
                {
                    Files.delete(file);
                }
                else if (name.startsWith(SNAPSHOT_PREFIX))
                {
                    names.add(name);
                }
            }
            return names;
        }
        catch (final IOException ex)
        {
            throw IoFailure.of("cannot list " + directory, ex);
        }
    }

    @Override
    public SnapshotFile createSnapshot(final String snapshot, final long length)
    {
        return DirectorySnapshotFile.create(directory.resolve(snapshot), length);
    }

    @Override
    public SnapshotFile openSnapshot(final String snapshot)
    {
        return DirectorySnapshotFile.open(directory.resolve(snapshot));
    }

    @Override
    public void removeSnapshot(final String snapshot)
    {
        final Path file = directory.resolve(snapshot);
        try
        {
            Files.deleteIfExists(file);
        }
        catch (final IOException ex)
        {
            throw IoFailure.of("cannot remove " + file, ex);
        }
    }

    @Override
    public void trim(final String segment, final long endPosition)
    {
        final Path file = directory.resolve(segment).resolve(ChronicleRecordLog.FILE);
        try
        {
            final long from = (endPosition + (1 << 12)) >> 12 << 12;
            final long length = Files.size(file) - from;
            if (length > 0)
            {
                Posix.tryPunchHole(file, from, length);
            }
        }
        catch (final IOException ex)
        {
            throw IoFailure.of("cannot trim " + file, ex);
        }
    }

    @Override
    public void force(final String segment)
    {
        final Path file = directory.resolve(segment).resolve(ChronicleRecordLog.FILE);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE))
        {
            channel.force(true);
        }
        catch (final IOException ex)
        {
            throw IoFailure.of("cannot force " + file, ex);
        }
    }

    @Override
    public void rewrite(final String segment, final long fromPosition, final long toPosition)
    {
        final Path file = directory.resolve(segment).resolve(ChronicleRecordLog.FILE);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE))
        {
            final ByteBuffer block = ByteBuffer.allocateDirect(REWRITE_LENGTH);
            long position = fromPosition;
            while (position < toPosition)
            {
                block.clear().limit((int)Math.min(REWRITE_LENGTH, toPosition - position));
                if (channel.read(block, position) <= 0)
                {
                    break;
                }
                block.flip();
                while (block.hasRemaining())
                {
                    position += channel.write(block, position);
                }
            }
            channel.force(true);
        }
        catch (final IOException ex)
        {
            throw IoFailure.of("cannot write again " + file, ex);
        }
    }

    /**
     * With {@code async} commits a gigabyte may have to go to the disk. Meanwhile the segment grows, so it may take
     * more than one turn.
     */
    @Override
    public boolean isMostlyForced(final String segment, final RecordLog log)
    {
        if (CommitMode.SYNC == context.commitMode())
        {
            return true;
        }
        if (null != forcing && forcing.isAlive())
        {
            return false;
        }
        if (!segment.equals(forcedSegment))
        {
            forcedSegment = segment;
            forcedLength = 0;
        }
        if (log.length() - forcedLength <= FORCED_AT_ONCE)
        {
            return true;
        }
        final long length = log.length();
        forcing = new Thread(() -> forceUpTo(segment, length), "plimsoll-journal-force");
        forcing.setDaemon(true);
        forcing.start();
        return false;
    }

    private void forceUpTo(final String segment, final long length)
    {
        try
        {
            force(segment);
            forcedLength = length;
        }
        catch (final RuntimeException ex)
        {
            // The writer, whose file was open before, is told too when it forces the rest: then that is final.
            LOGGER.warn("segment {} not forced: {}", segment, ex.getMessage());
            forcedLength = Long.MAX_VALUE >> 1;
        }
    }

    /**
     * In a thread of its own: what it was given ahead goes back, and its files are unmapped, which takes its time.
     */
    @Override
    public void retire(final String segment, final RecordLog log)
    {
        await(retiring);
        retiring = new Thread(() -> closeAndTrim(segment, log), "plimsoll-journal-retire");
        retiring.setDaemon(true);
        retiring.start();
    }

    @Override
    public byte[] readManifest()
    {
        final Path file = directory.resolve(MANIFEST_FILE);
        try
        {
            return Files.exists(file) ? Files.readAllBytes(file) : null;
        }
        catch (final IOException ex)
        {
            throw IoFailure.of("cannot read " + file, ex);
        }
    }

    @Override
    public void writeManifest(final byte[] content)
    {
        final Path newFile = directory.resolve(MANIFEST_NEW_FILE);
        try
        {
            try (FileChannel channel = FileChannel.open(
                newFile,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE))
            {
                final ByteBuffer bytes = ByteBuffer.wrap(content);
                while (bytes.hasRemaining())
                {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(newFile, directory.resolve(MANIFEST_FILE), StandardCopyOption.ATOMIC_MOVE);
            force(directory);
        }
        catch (final IOException ex)
        {
            throw IoFailure.of("cannot write the manifest of " + directory, ex);
        }
    }

    @Override
    public String describe()
    {
        return directory.toString();
    }

    @Override
    public boolean reserveKept()
    {
        return null != reserve && reserve.isKept();
    }

    @Override
    public void close()
    {
        await(forcing);
        await(retiring);
        if (null != lock)
        {
            lock.close();
        }
    }

    private void closeAndTrim(final String segment, final RecordLog log)
    {
        final long end = log.length();
        try
        {
            log.sync();
            log.close();
            trim(segment, end);
        }
        catch (final RuntimeException ex)
        {
            // All of it was committed as the mode promises. If the disk is broken, the next commit says so.
            LOGGER.warn("segment {} not forced: {}", segment, ex.getMessage());
        }
    }

    private static void await(final Thread thread)
    {
        boolean interrupted = false;
        while (null != thread && thread.isAlive())
        {
            try
            {
                thread.join();
            }
            catch (final InterruptedException ex)
            {
                // The lock may not be dropped while a segment is still being closed.
                interrupted = true;
            }
        }
        if (interrupted)
        {
            Thread.currentThread().interrupt();
        }
    }

    private void createDirectory()
    {
        try
        {
            Files.createDirectories(directory);
        }
        catch (final IOException ex)
        {
            throw IoFailure.of("cannot create " + directory, ex);
        }
    }

    static void force(final Path directory) throws IOException
    {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ))
        {
            channel.force(true);
        }
    }
}
