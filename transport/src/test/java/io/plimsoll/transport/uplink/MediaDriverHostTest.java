package io.plimsoll.transport.uplink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.SleepingIdleStrategy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MediaDriverHostTest
{
    @TempDir
    private Path parent;

    @Test
    void shouldLeaveNothingBehind() throws Exception
    {
        final MediaDriverHost host = launch();
        assertTrue(Files.isDirectory(Path.of(host.directory())));
        host.close();
        assertEquals(0, host.errorCount());
        assertFilesLeft(0);
    }

    @Test
    void shouldRemoveWhatAKilledProcessLeftAndNothingThatIsInUse() throws Exception
    {
        Files.createDirectories(parent.resolve("plimsoll-driver-dead/aeron"));
        Files.writeString(parent.resolve("plimsoll-driver-dead/aeron/cnc.dat"), "x");
        Files.createFile(parent.resolve("plimsoll-driver-dead.lock"));
        Files.createFile(parent.resolve("something-else"));
        try (MediaDriverHost first = launch(); MediaDriverHost second = launch())
        {
            assertFalse(Files.exists(parent.resolve("plimsoll-driver-dead")));
            assertTrue(Files.isDirectory(Path.of(first.directory())));
            assertTrue(Files.isDirectory(Path.of(second.directory())));
            assertFilesLeft(5);
        }
        assertFilesLeft(1);
    }

    @Test
    void shouldUseAnExternalDriverAndLeaveItAlone() throws Exception
    {
        try (MediaDriverHost other = launch())
        {
            final MediaDriverHost external = MediaDriverHost.launch(MediaDriverOptions.external(other.directory()));
            try (AeronUplinkReceiver receiver = AeronUplinkReceiver.launch(
                external, UplinkReceiverOptions.of("127.0.0.1", 0)))
            {
                assertTrue(receiver.port() > 0);
            }
            external.close();
            assertTrue(Files.isDirectory(Path.of(other.directory())));
            assertEquals(0, other.errorCount());
        }
    }

    @Test
    void shouldSayThatNoExternalDriverRuns()
    {
        final String path = parent.resolve("none").toString();
        assertEquals(
            "no media driver runs in " + path + ": start one there, or name no directory to have one of ours",
            assertThrows(IOException.class, () -> MediaDriverHost.launch(MediaDriverOptions.external(path)))
                .getMessage());
    }

    @Test
    void shouldNameIdleStrategies()
    {
        assertTrue(IdleStrategies.of("backoff") instanceof BackoffIdleStrategy);
        assertTrue(IdleStrategies.of("sleep-50") instanceof SleepingIdleStrategy);
        assertEquals(
            "nap is not an idle strategy: use backoff, sleep-N (N microseconds), yield or spin",
            assertThrows(IllegalArgumentException.class, () -> IdleStrategies.of("nap")).getMessage());
    }

    @Test
    void shouldCompleteChannels()
    {
        assertEquals(
            "aeron:udp?endpoint=10.0.0.1:4711|term-length=65536",
            UplinkChannels.forSender(UplinkChannels.udp("", 4711), "10.0.0.1", 65536));
        assertEquals(
            "aeron:udp?endpoint=[fe80::1]:4711|term-length=65536",
            UplinkChannels.forSender(UplinkChannels.udp("", 4711), "fe80::1", 65536));
        assertEquals(
            "aeron:udp?endpoint=manager:4711|term-length=65536",
            UplinkChannels.forSender(UplinkChannels.udp("manager", 4711), "10.0.0.1", 65536));
        assertEquals("aeron:ipc?term-length=65536", UplinkChannels.forSender(UplinkChannels.IPC, "", 65536));
    }

    private MediaDriverHost launch() throws IOException
    {
        return MediaDriverHost.launch(new MediaDriverOptions(null, parent, IdleStrategies.BACKOFF, 100));
    }

    private void assertFilesLeft(final int count) throws IOException
    {
        try (Stream<Path> files = Files.list(parent))
        {
            assertEquals(count, files.count());
        }
    }
}
