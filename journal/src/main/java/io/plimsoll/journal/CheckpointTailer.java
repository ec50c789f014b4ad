package io.plimsoll.journal;

import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.journal.checkpoint.Checkpoint;
import io.plimsoll.journal.checkpoint.Checkpoint.SegmentRoot;
import io.plimsoll.journal.checkpoint.Checkpoint.SnapshotDigest;
import io.plimsoll.journal.checkpoint.CheckpointDirectory;
import io.plimsoll.journal.checkpoint.CheckpointException;
import io.plimsoll.journal.checkpoint.CheckpointKey;
import io.plimsoll.journal.checkpoint.MerkleHasher;
import io.plimsoll.journal.checkpoint.MerkleTree;
import io.plimsoll.journal.checkpoint.SignedCheckpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.NanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows a journal, hashes each excerpt into the Merkle tree of its segment, and signs what it has seen from time to
 * time. It reads files like any other reader: nothing waits for it, and it may fall behind, only that records are not
 * pruned before they were hashed. A duty cycle for a thread of its own; one other thread may prune meanwhile.
 * <p>
 * It goes on from the last checkpoint and reads that one's last segment again. When that is not what was signed, there
 * are no further checkpoints and nothing is pruned, because either would cover up what happened.
 */
public final class CheckpointTailer implements Agent, AutoCloseable
{
    private static final Logger LOGGER = LoggerFactory.getLogger(CheckpointTailer.class);
    private static final int RECORDS_AT_A_TIME = 1_000;
    private static final long CATCH_UP_NS = TimeUnit.SECONDS.toNanos(3);

    private final Journal journal;
    private final CheckpointOptions options;
    private final LongSupplier released;
    private final EpochNanoClock epoch;
    private final NanoClock clock;
    private final CheckpointKey key;
    private final CheckpointDirectory kept;
    private final JournalCursor cursor;
    private final RecordFlyweight record = new RecordFlyweight();
    private final MerkleHasher hasher = new MerkleHasher();
    private final MerkleTree tree = new MerkleTree(hasher);
    private final byte[] hash = new byte[MerkleHasher.HASH_LENGTH];
    private final List<SegmentRoot> complete = new ArrayList<>();
    private final Map<String, SnapshotDigest> digests = new HashMap<>();
    private final Set<String> unforced = new LinkedHashSet<>();
    private boolean begun;
    private SignedCheckpoint last;
    // What the last checkpoint says of the segment in hand, until so much of it was read again.
    private SegmentRoot expected;
    private SegmentEntry segment;
    private LeafFile leaves;
    private long leavesTrusted;
    private long sequence;
    private long keptFrom = 1;
    /** Of the newest snapshot when that was signed; the last one is made when no more records come. */
    private long signedSnapshot;
    private long nextNs;
    private volatile long made;
    private volatile long signedSequence;
    private volatile String failure;

    /**
     * Of a journal that was restored.
     *
     * @param journal  to follow.
     * @param options  where checkpoints go, and when; the key is made if there is none.
     * @param released sequence up to which records count.
     * @param epoch    dates checkpoints.
     * @param clock    monotonic.
     * @throws CheckpointException if the key cannot be used.
     */
    public CheckpointTailer(
        final Journal journal,
        final CheckpointOptions options,
        final LongSupplier released,
        final EpochNanoClock epoch,
        final NanoClock clock)
    {
        this.journal = journal;
        this.options = options;
        this.released = released;
        this.epoch = epoch;
        this.clock = clock;
        key = CheckpointKey.openOrCreate(options.key());
        kept = new CheckpointDirectory(options.directory());
        cursor = journal.cursor(released);
        nextNs = clock.nanoTime() + options.intervalNs();
        journal.snapshots().gate(this::mayKeepFrom);
    }

    @Override
    public String roleName()
    {
        return "checkpoint";
    }

    @Override
    public synchronized int doWork()
    {
        if (null != failure)
        {
            return 0;
        }
        try
        {
            final int count = poll();
            if (clock.nanoTime() - nextNs >= 0)
            {
                sign();
            }
            return count;
        }
        catch (final UncheckedIOException | JournalFullException ex)
        {
            LOGGER.warn("no checkpoint now: {}", ex.getMessage());
            nextNs = clock.nanoTime() + options.intervalNs();
        }
        catch (final RuntimeException ex)
        {
            fail(ex);
        }
        return 0;
    }

    private void fail(final RuntimeException ex)
    {
        failure = ex.getMessage();
        final String what = "no more checkpoints are made, and nothing is pruned: {}";
        if (ex instanceof CheckpointException || ex instanceof JournalException)
        {
            LOGGER.error(what, failure);
        }
        else
        {
            LOGGER.error(what, failure, ex);
        }
    }

    /**
     * Signs all that is released, however much that is. Any thread, when no other steps this.
     *
     * @return the newest checkpoint, of now or before; null if there is nothing to sign.
     * @throws CheckpointException if the journal is not what the last checkpoint says.
     */
    public synchronized SignedCheckpoint checkpoint()
    {
        try
        {
            while (poll() > 0)
            {
                // Until all is hashed.
            }
            sign();
            return last;
        }
        catch (final CheckpointException | JournalException ex)
        {
            failure = ex.getMessage();
            throw ex;
        }
    }

    /** Number of checkpoints made. Any thread. */
    public long made()
    {
        return made;
    }

    /** Sequence that the last checkpoint covers, 0: none. Any thread. */
    public long signedSequence()
    {
        return signedSequence;
    }

    /** Why no more are made; null: they are. Any thread. */
    public String failure()
    {
        return failure;
    }

    /** Signs what is released, or what can be hashed within seconds. */
    @Override
    public synchronized void close()
    {
        final long deadlineNs = clock.nanoTime() + CATCH_UP_NS;
        int count = 1;
        while (count > 0 && null == failure && clock.nanoTime() - deadlineNs < 0)
        {
            count = doWork();
        }
        nextNs = clock.nanoTime();
        doWork();
        cursor.close();
        closeLeaves();
        journal.snapshots().gate(any -> true);
    }

    /**
     * Records are about to be pruned: a checkpoint says so before it happens, so that nobody else can take records away
     * and call that pruning.
     */
    private synchronized boolean mayKeepFrom(final long first)
    {
        if (null != failure || null != expected || sequence < first - 1)
        {
            return false;
        }
        try
        {
            keptFrom = Math.max(keptFrom, first);
            sign();
            return null != last && last.checkpoint().keptFrom() >= first;
        }
        catch (final UncheckedIOException | JournalFullException ex)
        {
            LOGGER.warn("no checkpoint, so nothing is pruned: {}", ex.getMessage());
            return false;
        }
    }

    private int poll()
    {
        if (!begun)
        {
            begin();
            begun = true;
        }
        int count = 0;
        while (count < RECORDS_AT_A_TIME && cursor.next(record))
        {
            onRecord();
            count++;
        }
        return count;
    }

    private void begin()
    {
        final long oldest = cursor.oldestSequence();
        final Path newest = kept.newest();
        if (null == newest)
        {
            cursor.seek(oldest);
            return;
        }
        last = CheckpointDirectory.read(newest);
        final Checkpoint checkpoint = last.checkpoint();
        if (!last.isSignedBy(last.key()))
        {
            throw new CheckpointException("checkpoint " + newest + " is not as it was signed");
        }
        if (!journal.clusterId().equals(checkpoint.clusterId()))
        {
            throw new CheckpointException("checkpoint " + newest + " is of cluster " + checkpoint.clusterId() +
                ", the journal of " + journal.clusterId());
        }
        if (checkpoint.sequence() > released.getAsLong())
        {
            throw new CheckpointException("the journal ends with sequence " + released.getAsLong() + ", checkpoint " +
                newest + " covers " + checkpoint.sequence() + ": the end of the journal is missing");
        }
        signedSequence = checkpoint.sequence();
        keptFrom = checkpoint.keptFrom();
        signedSnapshot = checkpoint.snapshots().stream().mapToLong(SnapshotDigest::sequence).max().orElse(0);
        complete.addAll(checkpoint.segments());
        final SegmentRoot tail = complete.get(complete.size() - 1);
        if (tail.firstSequence() >= oldest)
        {
            complete.remove(tail);
            expected = tail;
            cursor.seek(tail.firstSequence());
        }
        else
        {
            sequence = checkpoint.sequence();
            cursor.seek(Math.max(oldest, sequence + 1));
        }
    }

    private void onRecord()
    {
        if (null == segment || !segment.name().equals(cursor.segment().name()))
        {
            next(cursor.segment());
        }
        hasher.leaf(
            record.buffer(),
            record.offset() - ExcerptFlyweight.RECORD_OFFSET,
            cursor.excerptLength(),
            hash,
            0);
        tree.append(hash, 0);
        sequence = record.sequence();
        if (tree.size() > leavesTrusted)
        {
            addLeaf();
        }
        if (null != expected && tree.size() == expected.size())
        {
            if (!rootOf(segment).equals(expected))
            {
                throw new CheckpointException("segment " + segment.name() + " is not what checkpoint " +
                    last.checkpoint().number() + " says of its records up to sequence " + sequence +
                    "; see plimsoll journal verify --checkpoint");
            }
            expected = null;
        }
    }

    private void next(final SegmentEntry entry)
    {
        if (null != segment)
        {
            checkReached();
            complete.add(rootOf(segment));
            closeLeaves();
        }
        segment = entry;
        tree.clear();
        unforced.add(entry.name());
        final Path file = LeafFile.of(journal.context().directory(), entry.name());
        leavesTrusted = null == expected ? 0 :
            LeafFile.trustedSize(file, new TreeMap<>(Map.of(expected.size(), expected.root())));
        try
        {
            leaves = new LeafFile(file, leavesTrusted);
        }
        catch (final IOException ex)
        {
            dropLeaves(ex);
        }
    }

    private void checkReached()
    {
        if (null != expected)
        {
            throw new CheckpointException("segment " + segment.name() + " ends with sequence " + sequence +
                ", before sequence " + expected.lastSequence() + " that checkpoint " + last.checkpoint().number() +
                " covers");
        }
    }

    private SegmentRoot rootOf(final SegmentEntry entry)
    {
        return new SegmentRoot(
            entry.name(), entry.firstSequence(), tree.size(), HexFormat.of().formatHex(tree.root()));
    }

    private void addLeaf()
    {
        if (null != leaves)
        {
            try
            {
                leaves.add(hash);
            }
            catch (final IOException ex)
            {
                dropLeaves(ex);
            }
        }
    }

    private void closeLeaves()
    {
        if (null != leaves)
        {
            try (LeafFile closing = leaves)
            {
                closing.flush();
                leaves = null;
            }
            catch (final IOException ex)
            {
                dropLeaves(ex);
            }
        }
    }

    /** Checkpoints are worth as much without them; only what was changed can then be named less closely. */
    private void dropLeaves(final IOException ex)
    {
        LOGGER.warn("no hashes of single records are kept for {}: {}", segment.name(), ex.getMessage());
        leaves = null;
    }

    private void sign()
    {
        nextNs = clock.nanoTime() + options.intervalNs();
        keptFrom = Math.max(keptFrom, cursor.oldestSequence());
        final long newestSnapshot = journal.snapshots().entries().stream()
            .mapToLong(SnapshotEntry::sequence).max().orElse(0);
        final boolean isNews = null == last || newestSnapshot > signedSnapshot ||
            sequence > last.checkpoint().sequence() || keptFrom > last.checkpoint().keptFrom();
        if (!isNews || null != expected || null == segment)
        {
            return;
        }
        force();
        final List<SegmentRoot> segments = new ArrayList<>(complete);
        segments.add(rootOf(segment));
        final SignedCheckpoint next = SignedCheckpoint.sign(
            new Checkpoint(
                null == last ? 1 : last.checkpoint().number() + 1,
                journal.clusterId(),
                sequence,
                Instant.ofEpochSecond(0, epoch.nanoTime()).truncatedTo(ChronoUnit.MICROS),
                null == last ? null : last.hash(),
                keptFrom,
                segments,
                snapshots()),
            key);
        signedSnapshot = newestSnapshot;
        kept.keep(next, options.keptMax());
        last = next;
        signedSequence = sequence;
        made++;
    }

    /** What is signed must not be lost with the power, or an honest loss would look like another. */
    private void force()
    {
        if (CommitMode.ASYNC == journal.context().commitMode())
        {
            unforced.forEach(journal.storage()::force);
        }
        unforced.clear();
        unforced.add(segment.name());
        if (null != leaves)
        {
            try
            {
                leaves.flush();
            }
            catch (final IOException ex)
            {
                dropLeaves(ex);
            }
        }
    }

    private List<SnapshotDigest> snapshots()
    {
        final List<SnapshotDigest> result = new ArrayList<>();
        for (final SnapshotEntry entry : journal.snapshots().entries())
        {
            final SnapshotDigest known = digests.get(entry.name());
            final SnapshotDigest digest = null == known ? digest(entry) : known;
            if (null != digest)
            {
                result.add(digest);
            }
        }
        digests.clear();
        result.forEach(digest -> digests.put(digest.name(), digest));
        return result;
    }

    private SnapshotDigest digest(final SnapshotEntry entry)
    {
        try (SnapshotFile file = journal.storage().openSnapshot(entry.name()))
        {
            return new SnapshotDigest(entry.sequence(), entry.name(), SnapshotFormat.sha256(file));
        }
        catch (final JournalDamagedException ex)
        {
            // Pruned or dropped meanwhile.
            return null;
        }
    }
}
