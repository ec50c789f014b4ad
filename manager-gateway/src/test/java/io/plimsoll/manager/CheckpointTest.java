package io.plimsoll.manager;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.journal.CheckpointOptions;
import io.plimsoll.journal.CommitMode;
import io.plimsoll.journal.Retention;
import io.plimsoll.journal.TamperCheck;
import io.plimsoll.journal.TamperReport;
import io.plimsoll.journal.checkpoint.CheckpointDirectory;
import io.plimsoll.journal.checkpoint.CheckpointKey;
import io.plimsoll.journal.checkpoint.SignedCheckpoint;
import io.plimsoll.manager.bed.ManagerBed;
import io.plimsoll.manager.control.SubmitRequest;
import io.plimsoll.manager.snapshot.SnapshotOptions;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real manager whose journal is signed while it is written and pruned, and when it ends. */
class CheckpointTest
{
    private static final long DEADLINE_NS = TimeUnit.SECONDS.toNanos(120);

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
            .checkpoints(CheckpointOptions.beside(journal()).withIntervalNs(1))
            .gatewayLauncher(GatewayLauncher.NONE)
            .fatalHandler(
                (exitCode, cause) ->
                {
                    throw new IllegalStateException("exitCode=" + exitCode, cause);
                });
    }

    private Path journal()
    {
        return directory.resolve("journal");
    }

    private static void submit(final Manager manager, final int submissions) throws Exception
    {
        for (int i = 0; i < submissions; i++)
        {
            manager.services().control()
                .submit(new SubmitRequest(0, null, new byte[0], List.of(ManagerBed.session("n" + i, 1, 10, true))))
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

    private SignedCheckpoint newest()
    {
        return CheckpointDirectory.read(
            new CheckpointDirectory(directory.resolve("checkpoints")).newest());
    }

    private TamperReport check(final SignedCheckpoint checkpoint)
    {
        return TamperCheck.check(
            journal(),
            directory.resolve("checkpoints"),
            Map.of("kept", checkpoint),
            CheckpointKey.openPublic(directory.resolve("checkpoint-key.pub")));
    }

    @Test
    void shouldSignWhatIsWrittenPrunedAndLeftAtTheEnd() throws Exception
    {
        final SignedCheckpoint early;
        try (Manager manager = Manager.launch(context()))
        {
            submit(manager, 5);
            final long deadlineNs = System.nanoTime() + DEADLINE_NS;
            while (counter(manager, "checkpoints_total") < 2)
            {
                assertTrue(System.nanoTime() - deadlineNs < 0, "nothing was signed");
                submit(manager, 1);
            }
            early = newest();
            assertTrue(check(early).isIntact(), check(early).toString());
            while (1 == newest().checkpoint().keptFrom())
            {
                submit(manager, 20);
                assertTrue(System.nanoTime() - deadlineNs < 0, "nothing was pruned");
                assertEquals(0, counter(manager, "checkpoint_failed"));
            }
        }
        final TamperReport report = check(early);
        assertTrue(report.isIntact(), report.toString());
        assertTrue(report.keptFrom() > 1);
        assertEquals(report.lastSequence(), report.sequence(), "the end is signed too");
        try (Manager manager = Manager.launch(context()))
        {
            submit(manager, 1);
        }
        final TamperReport later = check(early);
        assertTrue(later.isIntact(), later.toString());
        assertTrue(later.sequence() > report.sequence());
        assertEquals(later.lastSequence(), later.sequence());
    }

    @Test
    void shouldMakeNoneIfToldSo()
    {
        try (Manager manager =
            Manager.launch(context().checkpoints(CheckpointOptions.beside(journal()).withIntervalNs(0))))
        {
            assertEquals(0, counter(manager, "checkpoint_failed"));
        }
        assertFalse(Files.exists(directory.resolve("checkpoint-key")));
        assertFalse(Files.exists(directory.resolve("checkpoints")));
    }

    @Test
    void shouldNotStartWithAKeyThatIsNone() throws IOException
    {
        final Path key = directory.resolve("key.pem");
        Files.writeString(key, "no key\n");
        final String message = assertThrows(IllegalArgumentException.class, () -> Manager.launch(
            context().checkpoints(CheckpointOptions.beside(journal()).withKey(key)))).getMessage();
        assertTrue(message.contains(key.toString()), message);
    }
}
