package io.plimsoll.manager.history;

import io.plimsoll.core.RecordFlyweight;
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
    private static final String[] TABLES = {
        "history_position", "history_accounts", "history_groups", "history_slots", "history_agents", "history_specs",
        "history_arrays", "history_array_changes", "history_sessions", "history_attempts", "history_kernels",
        "history_usage"};

    final Database database;
    HistoryTailer tailer;
    /** Up to where records may be read. */
    long releasedMax = Long.MAX_VALUE;
    /** Of the snapshot that stands for what is gone, 0: none. */
    long snapshot;
    private final RandomLife life;
    private final HistoryOptions options;

    LifeHistory(final RandomLife life, final DatabaseOptions database, final HistoryOptions options)
    {
        this.life = life;
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
            options, database, this, life.bed.clock::epochNs, life.bed.clock::monotonicNs);
    }

    /** One step, whatever it has waited for. */
    int step()
    {
        life.bed.clock.advance(31, TimeUnit.SECONDS);
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
        return new HistoryService(database, tailer, life.bed.view());
    }

    /** Every row of every table, as text. */
    String rows()
    {
        final StringBuilder text = new StringBuilder();
        for (final String table : TABLES)
        {
            final List<String> rows = query("select row_to_json(t)::text as t from " + table + " t order by 1");
            text.append(table).append('\n');
            rows.forEach(row -> text.append("  ").append(row).append('\n'));
        }
        return text.toString();
    }

    List<String> query(final String sql)
    {
        return database.transaction(connection -> Flux.from(connection.createStatement(sql).execute())
            .concatMap(result -> result.map(row -> row.get(0, String.class))).collectList()).join();
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
        return Math.min(releasedMax, life.bed.journal.size());
    }

    @Override
    public long oldestSequence()
    {
        return life.bed.journal.oldestSequence();
    }

    @Override
    public Cursor open(final long sequence)
    {
        final Cursor cursor = life.bed.journal.open(sequence);
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
            life.bed.journal.restore(record ->
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
