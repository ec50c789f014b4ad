package io.plimsoll.manager.history;

import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.manager.bed.ManagerBed;
import io.plimsoll.manager.database.Database;
import io.plimsoll.manager.database.DatabaseOptions;
import io.plimsoll.manager.snapshot.RecordCompactor;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The history of a life in a real database, by a tailer that is stepped. */
final class LifeHistory implements AutoCloseable, HistorySource
{
    final Database database;
    HistoryTailer tailer;
    /** Up to where records may be read. */
    long releasedMax = Long.MAX_VALUE;
    /** Of the snapshot that stands for what is gone, 0: none. */
    long snapshot;
    private final ManagerBed bed;
    private final HistoryOptions options;

    LifeHistory(final ManagerBed bed, final DatabaseOptions database, final HistoryOptions options)
    {
        this.bed = bed;
        this.options = options;
        this.database = new Database(database, Path.of("target", "unused"), new SecureRandom());
        this.database.start();
        this.database.whenThere().join();
        begin();
    }

    /** As after a kill: nothing but the database knows where it was. */
    void begin()
    {
        tailer = new HistoryTailer(
            options, database, this, bed.clock::epochNs, bed.clock::monotonicNs);
    }

    /** One step, whatever it has waited for. */
    int step()
    {
        bed.clock.advance(31, TimeUnit.SECONDS);
        return tailer.doWork();
    }

    void catchUp()
    {
        for (int i = 0; tailer.sequence() < released(); i++)
        {
            step();
            if (i > 1_000)
            {
                throw new IllegalStateException("stuck at " + tailer.sequence() + ": " + tailer.trouble());
            }
        }
    }

    HistoryService service()
    {
        return new HistoryService(database, tailer, bed.view());
    }

    /** Every row of every table, as text. */
    String rows()
    {
        return query("select row_to_json(t)::text from history_position t") + "\n" + HistoryRows.of(database);
    }

    List<String> query(final String sql)
    {
        return HistoryRows.query(database, sql);
    }

    void execute(final String sql)
    {
        database.transaction(connection -> Flux.from(connection.createStatement(sql).execute())
            .concatMap(result -> result.getRowsUpdated()).then(Mono.just(true))).join();
    }

    @Override
    public String clusterId()
    {
        return "a-cluster";
    }

    @Override
    public long released()
    {
        return Math.min(releasedMax, bed.journal.size());
    }

    @Override
    public long oldestSequence()
    {
        return bed.journal.oldestSequence();
    }

    @Override
    public Cursor open(final long sequence)
    {
        final Cursor cursor = bed.journal.open(sequence);
        return new Cursor()
        {
            private long next = sequence;

            @Override
            public boolean next(final RecordFlyweight record)
            {
                if (next > released() || !cursor.next(record))
                {
                    return false;
                }
                next++;
                return true;
            }

            @Override
            public void close()
            {
                cursor.close();
            }
        };
    }

    @Override
    public long snapshotSequence()
    {
        return snapshot;
    }

    @Override
    public void forEachOfSnapshot(final long sequence, final Consumer<RecordFlyweight> consumer)
    {
        try (RecordCompactor compactor = new RecordCompactor())
        {
            bed.journal.restore(record ->
            {
                if (record.sequence() <= sequence)
                {
                    compactor.onRecord(record);
                }
            });
            compactor.forEach(consumer);
        }
    }

    @Override
    public void close()
    {
        tailer.onClose();
        database.close();
    }
}
