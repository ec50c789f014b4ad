package io.plimsoll.manager;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.journal.CommitMode;
import io.plimsoll.manager.bed.ManagerBed;
import io.plimsoll.manager.control.SubmitReply;
import io.plimsoll.manager.control.SubmitRequest;
import io.plimsoll.manager.identity.Caller;
import io.plimsoll.manager.view.SessionView;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real files, sockets, media driver and threads. */
class ManagerTest
{
    @TempDir
    Path directory;

    private ManagerContext context()
    {
        return new ManagerContext()
            .dataDirectory(directory)
            .apiAddress(new InetSocketAddress("127.0.0.1", 0))
            .commitMode(CommitMode.ASYNC)
            .gatewayLauncher(GatewayLauncher.NONE)
            .fatalHandler(
                (exitCode, cause) ->
                {
                    throw new IllegalStateException("exitCode=" + exitCode, cause);
                });
    }

    private static List<SubmitReply> submit(final Manager manager, final int count) throws Exception
    {
        return manager.services().control()
            .submit(
                new SubmitRequest(0, null, new byte[0], List.of(ManagerBed.session("real", 1, count, count > 1))))
            .get(120, TimeUnit.SECONDS);
    }

    @Test
    void shouldRestoreWhatWasAcceptedBefore() throws Exception
    {
        final String clusterId;
        final SessionView before;
        try (Manager manager = Manager.launch(context()))
        {
            assertEquals(1, submit(manager, 1).get(0).firstId());
            assertEquals(2, submit(manager, 100).get(0).firstId());
            clusterId = manager.services().info().get().clusterId();
            before = manager.services().view().session(50);
            assertNotNull(before);
            assertTrue(manager.services().health().get().ready());
        }
        try (Manager manager = Manager.launch(context()))
        {
            assertEquals(clusterId, manager.services().info().get().clusterId());
            assertEquals(2, manager.services().info().get().term());
            assertEquals(before, manager.services().view().session(50));
            assertEquals(101L, manager.services().view().counts().get(LifeState.PENDING));
            assertEquals(102, submit(manager, 1).get(0).firstId());
        }
    }

    @Test
    void shouldKeepSecretsToTheOwner() throws Exception
    {
        try (Manager manager = Manager.launch(context()))
        {
            final String token = Files.readString(directory.resolve("token")).strip();
            assertEquals(Caller.ADMINISTRATOR, manager.services().tokens().callerOf(token));
            assertNull(manager.services().tokens().callerOf(token + "x"));
            for (final String secret : List.of("token", "join-token", "agent-credentials"))
            {
                assertEquals(
                    "rw-------",
                    PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve(secret))),
                    secret);
            }
        }
    }

    @Test
    void shouldPublishWhatItsLinksCount()
    {
        try (Manager manager = Manager.launch(context()))
        {
            final List<String> rising = manager.services().counters().snapshot().stream()
                .filter(Counters.Sample::monotonic)
                .map(Counters.Sample::name)
                .toList();
            assertTrue(
                rising.containsAll(List.of("downlink_bad_frames_total", "uplink_forged_total")), rising.toString());
        }
    }

    @Test
    void shouldNameTheHolderOfTheDirectory()
    {
        try (Manager manager = Manager.launch(context()))
        {
            final DataDirectoryInUseException refused =
                assertThrows(DataDirectoryInUseException.class, () -> Manager.launch(context()));
            assertTrue(
                refused.getMessage().contains("process " + ProcessHandle.current().pid()), refused.getMessage());
            assertTrue(manager.agentPort() > 0);
        }
    }

    @Test
    void shouldRefuseLeaseThatOutlivesTheLoss()
    {
        final ManagerContext wrong = context();
        wrong.agentSide(
            wrong.agentSide().withTimes(
                TimeUnit.SECONDS.toNanos(1),
                TimeUnit.SECONDS.toNanos(50),
                TimeUnit.SECONDS.toNanos(3),
                TimeUnit.SECONDS.toNanos(60)));
        final IllegalArgumentException refused =
            assertThrows(IllegalArgumentException.class, () -> Manager.launch(wrong));
        assertTrue(refused.getMessage().contains("could run twice"), refused.getMessage());
    }
}
