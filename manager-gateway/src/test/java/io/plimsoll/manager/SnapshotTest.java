package io.plimsoll.manager;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.journal.CommitMode;
import io.plimsoll.journal.JournalReader;
import io.plimsoll.journal.Retention;
import io.plimsoll.manager.bed.ManagerBed;
import io.plimsoll.manager.control.SubmitRequest;
import io.plimsoll.manager.snapshot.SnapshotOptions;
import io.plimsoll.manager.view.SessionView;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real manager that makes snapshots, loses the records before them, and goes on as if it had them. */
class SnapshotTest
{
    private static final long DEADLINE_NS = TimeUnit.SECONDS.toNanos(120);
    private static final int ELEMENTS = 10;

    @TempDir
    private Path directory;

    private ManagerContext context()
    {
        return new ManagerContext()
            .dataDirectory(directory)
            .apiAddress(new InetSocketAddress("127.0.0.1", 0))
            .commitMode(CommitMode.ASYNC)
            .segmentLength(1 << 17)
            .snapshots(new SnapshotOptions(1, 1, new Retention(1, 0, 0)))
            .gatewayLauncher(GatewayLauncher.NONE)
            .fatalHandler(
                (exitCode, cause) ->
                {
                    throw new IllegalStateException("exitCode=" + exitCode, cause);
                });
    }

    private static void submit(final Manager manager, final int submissions) throws Exception
    {
        for (int i = 0; i < submissions; i++)
        {
            manager.services().control()
                .submit(new SubmitRequest(
                    0, null, new byte[0], List.of(ManagerBed.session("n" + i, 1, ELEMENTS, true))))
                .get(120, TimeUnit.SECONDS);
        }
    }

    private static long counter(final Manager manager, final String name)
    {
        return manager.services().counters().snapshot().stream()
            .filter(sample -> sample.name().equals(name))
            .mapToLong(Counters.Sample::value)
            .sum();
    }

    private long oldestSequence()
    {
        try (JournalReader reader = JournalReader.open(directory.resolve("journal")))
        {
            return reader.cursor().oldestSequence();
        }
    }

    @Test
    void shouldGoOnFromASnapshotWhenTheRecordsBeforeItAreGone() throws Exception
    {
        final SessionView before;
        try (Manager manager = Manager.launch(context()))
        {
            final long deadlineNs = System.nanoTime() + DEADLINE_NS;
            while (oldestSequence() == 1)
            {
                submit(manager, 20);
                assertTrue(System.nanoTime() - deadlineNs < 0, "nothing was pruned");
                assertEquals(0, counter(manager, "snapshots_failed_total"));
            }
            assertTrue(counter(manager, "snapshots_total") > 0);
            before = manager.services().view().session(7);
            assertEquals("n0", before.name());
        }
        assertTrue(oldestSequence() > 1);
        final long pending;
        try (Manager manager = Manager.launch(context()))
        {
            assertEquals(before, manager.services().view().session(7));
            pending = manager.services().view().counts().get(LifeState.PENDING);
            assertEquals(0, pending % ELEMENTS);
            submit(manager, 1);
        }
        try (Manager manager = Manager.launch(context()))
        {
            assertEquals(before, manager.services().view().session(7));
            assertEquals(pending + ELEMENTS, manager.services().view().counts().get(LifeState.PENDING));
            assertEquals(3, manager.services().info().get().term());
        }
    }

    @Test
    void shouldKeepADamagedSnapshotOfWhichAGoodCopyIsTheOnlyWayToStartAgain() throws Exception
    {
        try (Manager manager = Manager.launch(context()))
        {
            final long deadlineNs = System.nanoTime() + DEADLINE_NS;
            while (oldestSequence() == 1)
            {
                submit(manager, 20);
                assertTrue(System.nanoTime() - deadlineNs < 0, "nothing was pruned");
            }
        }
        final ManagerContext seldom = context().snapshots(new SnapshotOptions(
            TimeUnit.HOURS.toNanos(1), Long.MAX_VALUE, new Retention(1, 0, 0)));
        final Path snapshot;
        final byte[] good;
        final long pending;
        try (Manager manager = Manager.launch(seldom))
        {
            snapshot = onlySnapshot();
            good = Files.readAllBytes(snapshot);
            final byte[] damaged = good.clone();
            damaged[damaged.length / 2] ^= 1;
            Files.write(snapshot, damaged);
            submit(manager, 1);
            pending = manager.services().view().counts().get(LifeState.PENDING);
        }
        assertEquals(snapshot, onlySnapshot(), "none could be made, and none went");
        Files.write(snapshot, good);
        try (Manager manager = Manager.launch(seldom))
        {
            assertEquals(pending, manager.services().view().counts().get(LifeState.PENDING));
        }
    }

    private Path onlySnapshot() throws IOException
    {
        try (Stream<Path> files = Files.list(directory.resolve("journal")))
        {
            final List<Path> snapshots =
                files.filter(file -> file.getFileName().toString().startsWith("snapshot-")).toList();
            assertEquals(1, snapshots.size(), snapshots.toString());
            return snapshots.get(0);
        }
    }

    @Test
    void shouldEndWithASnapshotThatTheNextStartBeginsWith() throws Exception
    {
        final ManagerContext context = context().snapshots(new SnapshotOptions(
            TimeUnit.HOURS.toNanos(1), Long.MAX_VALUE, Retention.DEFAULT));
        final long released;
        try (Manager manager = Manager.launch(context))
        {
            submit(manager, 20);
            assertEquals(0, counter(manager, "snapshots_total"));
            released = manager.services().view().sequence();
        }
        try (JournalReader reader = JournalReader.open(directory.resolve("journal")))
        {
            final long[] sequences = reader.snapshotSequences();
            assertEquals(1, sequences.length);
            assertTrue(sequences[0] >= released, sequences[0] + " " + released);
        }
        try (Manager manager = Manager.launch(context))
        {
            assertEquals("n19", manager.services().view().session(19 * ELEMENTS + 1).name());
        }
    }
}
