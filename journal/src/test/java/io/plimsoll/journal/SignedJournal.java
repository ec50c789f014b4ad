package io.plimsoll.journal;

import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.journal.checkpoint.CheckpointDirectory;
import io.plimsoll.journal.checkpoint.SignedCheckpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;

/** A small journal in a data directory, with checkpoints beside it. Each start of it makes a segment. */
final class SignedJournal
{
    static final UUID CLUSTER = new UUID(1, 2);

    private final Path data;
    private final TestRecords records = new TestRecords();
    private long nowNs = TimeUnit.DAYS.toNanos(20_000);

    SignedJournal(final Path data)
    {
        this.data = data;
    }

    Path directory()
    {
        return data.resolve("journal");
    }

    CheckpointOptions options()
    {
        return CheckpointOptions.beside(directory());
    }

    CheckpointDirectory checkpoints()
    {
        return new CheckpointDirectory(options().directory());
    }

    JournalContext context()
    {
        return TestJournal.context(directory()).newClusterId(CLUSTER).segmentLength(1 << 17);
    }

    long nowNs()
    {
        return nowNs;
    }

    void advance(final long ns)
    {
        nowNs += ns;
    }

    /** One that is open and restored. */
    Journal open()
    {
        final Journal journal = Journal.open(context());
        journal.restore(new JournalRestorer()
        {
            @Override
            public void onSnapshot(final SnapshotReader snapshot)
            {
                // Read to its end by whoever restores.
            }

            @Override
            public void begin()
            {
                // Nothing to forget.
            }

            @Override
            public void onRecord(final RecordFlyweight record)
            {
                // Nobody asks.
            }
        });
        return journal;
    }

    CheckpointTailer tailer(final Journal journal, final long released)
    {
        return new CheckpointTailer(journal, options(), () -> released, this::nowNs, this::nowNs);
    }

    /** One start: records behind those that are there, then a checkpoint. */
    SignedCheckpoint write(final long lastSequence)
    {
        return write(lastSequence, records::record, journal -> {});
    }

    SignedCheckpoint write(
        final long lastSequence, final LongFunction<RecordFlyweight> content, final Consumer<Journal> beforeEnd)
    {
        try (Journal journal = open())
        {
            append(journal.startWriting(), lastSequence, content);
            beforeEnd.accept(journal);
            return sign(journal, lastSequence);
        }
    }

    SignedCheckpoint sign(final Journal journal, final long released)
    {
        advance(1_000);
        try (CheckpointTailer tailer = tailer(journal, released))
        {
            return tailer.checkpoint();
        }
    }

    /** The same without a checkpoint. */
    void writeUnsigned(final long lastSequence, final LongFunction<RecordFlyweight> content)
    {
        try (Journal journal = open())
        {
            append(journal.startWriting(), lastSequence, content);
        }
    }

    static void append(
        final JournalWriter writer, final long lastSequence, final LongFunction<RecordFlyweight> content)
    {
        for (long sequence = writer.lastSequence() + 1; sequence <= lastSequence; sequence++)
        {
            writer.append(content.apply(sequence));
            if (0 == sequence % 7 || sequence == lastSequence)
            {
                writer.commit();
            }
        }
    }

    static void keepSnapshot(final Journal journal, final long sequence)
    {
        final UnsafeBuffer piece = new UnsafeBuffer(new byte[800]);
        piece.putLong(0, sequence);
        journal.snapshots().keep(
            new Snapshot(sequence, 5, 1, List.of(new SnapshotPiece(1, piece, 0, piece.capacity()))));
    }

    TamperReport check(final SignedCheckpoint... given)
    {
        final Map<String, SignedCheckpoint> places = new LinkedHashMap<>();
        for (final SignedCheckpoint each : given)
        {
            places.put("given " + places.size(), each);
        }
        return TamperCheck.check(directory(), options().directory(), places, null);
    }

    /** Puts the segments, the manifest too, of another journal into the place of this one's, as a forger would. */
    void replaceBy(final SignedJournal forged) throws IOException
    {
        remove(directory());
        copy(forged.directory(), directory());
    }

    static void copy(final Path from, final Path to) throws IOException
    {
        try (Stream<Path> files = Files.walk(from))
        {
            for (final Path file : files.toList())
            {
                Files.copy(file, to.resolve(from.relativize(file)));
            }
        }
    }

    static void remove(final Path directory) throws IOException
    {
        try (Stream<Path> files = Files.walk(directory))
        {
            for (final Path file : files.sorted(java.util.Comparator.reverseOrder()).toList())
            {
                Files.delete(file);
            }
        }
    }
}
