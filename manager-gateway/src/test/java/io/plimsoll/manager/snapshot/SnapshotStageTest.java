package io.plimsoll.manager.snapshot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.core.CoreOptions;
import io.plimsoll.core.pipeline.ThreadingMode;
import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.journal.ByteFileStorage;
import io.plimsoll.journal.CommitMode;
import io.plimsoll.journal.Journal;
import io.plimsoll.journal.JournalContext;
import io.plimsoll.journal.JournalStorage;
import io.plimsoll.journal.Retention;
import io.plimsoll.journal.SnapshotFile;
import io.plimsoll.manager.Counters;
import io.plimsoll.manager.ManagerClocks;
import io.plimsoll.manager.ManagerContext;
import io.plimsoll.manager.ManagerPorts;
import io.plimsoll.manager.ManagerStages;
import io.plimsoll.manager.RestoredView;
import io.plimsoll.manager.bed.ManagerBed;
import io.plimsoll.manager.bed.MemoryFiles;
import io.plimsoll.manager.bed.MemoryLinks;
import io.plimsoll.manager.bed.MemoryUplink;
import io.plimsoll.manager.bed.SettableClock;
import io.plimsoll.manager.control.SubmitRequest;
import io.plimsoll.manager.link.AgentAuthority;
import io.plimsoll.manager.view.JournalRecords;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The stage over a journal in memory, stepped, with storage that fails when it is told to. */
class SnapshotStageTest
{
    private static final UUID CLUSTER_ID = new UUID(11, 22);
    private static final long INTERVAL_NS = TimeUnit.MINUTES.toNanos(10);

    private final SettableClock clock = new SettableClock();
    private final Random random = new Random(42);
    private final JournalStorage files = new ByteFileStorage(new MemoryFiles(), CommitMode.ASYNC);
    private final Counters counters = new Counters();
    /** What happens when a snapshot is read after another was written; null: nothing. */
    private Runnable onceWritten;
    private boolean isWritten;
    private Journal journal;
    private RestoredManager<RestoredView> restored;
    private ManagerStages stages;
    private SnapshotStage stage;

    private void start()
    {
        final ManagerContext context = new ManagerContext().threadingMode(ThreadingMode.SHARED);
        journal = Journal.open(
            new JournalContext().commitMode(CommitMode.ASYNC).segmentLength(1 << 14).newClusterId(CLUSTER_ID),
            storage());
        restored = new RestoredManager<>(CoreOptions.defaults(), RestoredView::new, RestoredView::onRecord);
        journal.restore(restored);
        final JournalRecords records = new JournalRecords(journal, restored.view().view()::sequence);
        stages = new ManagerStages(
            context,
            new ManagerPorts(
                CLUSTER_ID,
                restored.hosted(),
                journal.startWriting(),
                records,
                () -> true,
                new MemoryLinks(),
                new MemoryUplink(),
                refusing()),
            restored.view(),
            new ManagerClocks(clock::epochNs, clock::monotonicNs, random::nextBytes),
            () ->
            {
            },
            (exitCode, cause) ->
            {
                throw new IllegalStateException("exitCode=" + exitCode, cause);
            });
        stage = new SnapshotStage(
            new SnapshotOptions(INTERVAL_NS, Long.MAX_VALUE, new Retention(1, 0, 0)), CoreOptions.defaults(),
            stages.pipeline(), journal.snapshots(), records, stages.view()::sequence, clock::epochNs,
            clock::monotonicNs);
        stage.register(counters);
        run();
    }

    @AfterEach
    void close()
    {
        journal.close();
    }

    private static AgentAuthority refusing()
    {
        return new AgentAuthority()
        {
            @Override
            public boolean admits(final UUID uuid, final String credential)
            {
                return false;
            }

            @Override
            public String join(final UUID uuid, final String joinToken)
            {
                return null;
            }
        };
    }

    private JournalStorage storage()
    {
        return proxy(JournalStorage.class, files, this::onStorage);
    }

    private Object onStorage(final String method, final Object result)
    {
        isWritten |= "createSnapshot".equals(method) && null != onceWritten;
        return "openSnapshot".equals(method) ? proxy(SnapshotFile.class, (SnapshotFile)result, this::onRead) : result;
    }

    private Object onRead(final String method, final Object result)
    {
        if ("read".equals(method) && isWritten && null != onceWritten)
        {
            onceWritten.run();
        }
        return result;
    }

    private static <T> T proxy(final Class<T> type, final T target, final BiFunction<String, Object, Object> then)
    {
        return type.cast(Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[]{type},
            (self, method, arguments) ->
            {
                try
                {
                    return then.apply(method.getName(), method.invoke(target, arguments));
                }
                catch (final InvocationTargetException ex)
                {
                    throw ex.getCause();
                }
            }));
    }

    private void run()
    {
        for (int idle = 0; idle < 2;)
        {
            idle = 0 == stages.step() + stage.doWork() ? idle + 1 : 0;
        }
    }

    private void submit(final int submissions)
    {
        for (int i = 0; i < submissions; i++)
        {
            stages.control().submit(new SubmitRequest(
                0, null, new byte[0], List.of(ManagerBed.session("n" + i, 1, 10, true))));
            run();
        }
    }

    private void pass(final long amountNs)
    {
        clock.advance(amountNs, TimeUnit.NANOSECONDS);
        run();
    }

    private long value(final String name)
    {
        return counters.snapshot().stream().filter(sample -> sample.name().equals(name))
            .mapToLong(Counters.Sample::value).sum();
    }

    private void shouldOutlive(final Runnable failure, final String message)
    {
        start();
        submit(20);
        pass(INTERVAL_NS);
        assertEquals(1, value("snapshots_total"));
        final long[] before = journal.snapshots().sequences();
        submit(20);
        onceWritten = failure;
        pass(INTERVAL_NS);
        assertEquals(1, value("snapshots_failed_total"));
        assertTrue(stage.lastFailure().getMessage().contains(message), stage.lastFailure().toString());
        assertArrayEquals(before, journal.snapshots().sequences(), "what could not be read back is thrown away");

        onceWritten = null;
        submit(1);
        pass(INTERVAL_NS);
        assertEquals(2, value("snapshots_total"), "the next one is tried later");
        assertEquals(1, journal.snapshots().sequences().length);
        final long newest = journal.snapshots().sequences()[0];
        journal.close();
        start();
        assertEquals(newest, restored.snapshotSequence());
        assertEquals(410, stages.view().counts().get(LifeState.PENDING));
    }

    @Test
    void shouldOutliveThatThereIsNoMemoryToReadASnapshotBack()
    {
        shouldOutlive(
            () ->
            {
                throw new OutOfMemoryError("Cannot reserve 16777216 bytes of direct buffer memory");
            },
            "MaxDirectMemorySize");
    }

    @Test
    void shouldOutliveThatASnapshotCannotBeReadBack()
    {
        shouldOutlive(
            () ->
            {
                throw new UncheckedIOException(new IOException("no such sector"));
            },
            "no such sector");
    }
}
