package io.plimsoll.manager.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.journal.JournalException;
import io.plimsoll.manager.view.SessionView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReplayedClusterTest
{
    private final RecordedLife life = new RecordedLife();

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({"0, 0, 0", "1073741824, 2, 1", "1073741824, 5, 3", "2000000, 3, 2", "1, 3, 2"})
    void shouldBeAnywhereAsItWasThere(final long imageBytes, final long imageRecords, final long near)
        throws IOException
    {
        Files.createDirectories(directory.resolve("journal"));
        life.write(directory.resolve("journal")).close();
        final List<Long> hashes = new ArrayList<>();
        final List<List<SessionView>> sessions = new ArrayList<>();
        try (ReplayedCluster cluster = open())
        {
            if (imageRecords > 0)
            {
                cluster.keepImages(imageBytes, imageRecords, near);
            }
            do
            {
                hashes.add(cluster.core().stateHash());
                sessions.add(sessions(cluster));
            }
            while (cluster.next());
            assertEquals(life.bed.journal.size(), cluster.sequence());
            assertEquals("", cluster.fault());
            final SplittableRandom random = new SplittableRandom(1);
            for (int i = 0; i < 100; i++)
            {
                final int sequence = random.nextInt(hashes.size());
                cluster.moveTo(sequence);
                assertEquals(sequence, cluster.sequence());
                assertEquals(hashes.get(sequence), cluster.core().stateHash());
                assertEquals(sessions.get(sequence), sessions(cluster));
            }
        }
    }

    @Test
    void shouldFollowAJournalInUseWithoutTouchingIt() throws IOException
    {
        try (RecordedLife.Writing writing = life.write(directory); ReplayedCluster cluster = open())
        {
            final Map<String, FileTime> before = files();
            cluster.moveToEnd();
            assertEquals(life.bed.journal.size(), cluster.sequence());
            assertEquals(LifeState.PENDING, cluster.view().session(10).state());
            assertFalse(cluster.next());
            cluster.moveTo(3);
            assertNull(cluster.view().session(10));
            assertEquals(before, files());

            life.end(life.agent.assigned.get(5));
            writing.writeOn();
            cluster.moveToEnd();
            assertEquals(life.bed.journal.size(), cluster.sequence());
            assertEquals(LifeState.SCHEDULED, cluster.view().session(10).state());
        }
    }

    @Test
    void shouldGoToMoments()
    {
        life.write(directory).close();
        try (ReplayedCluster cluster = open())
        {
            move(cluster, "end");
            final long lastNs = cluster.timestampNs();
            final long last = cluster.sequence();
            assertEquals(lastNs, cluster.endTimestampNs());
            move(cluster, "-2s");
            assertTrue(cluster.sequence() < last);
            assertTrue(cluster.timestampNs() <= lastNs - 2_000_000_000L);
            assertTrue(cluster.hasNext());
            assertTrue(cluster.peek().timestampNs() > lastNs - 2_000_000_000L);
            move(cluster, "+1h");
            assertEquals(last, cluster.sequence());
            move(cluster, "7");
            assertEquals(7, cluster.sequence());
            final String time = ReplayedCluster.time(lastNs);
            move(cluster, "start");
            assertEquals(0, cluster.sequence());
            move(cluster, time.replace("Z", ""));
            assertEquals(last, cluster.sequence());
            move(cluster, time);
            assertEquals(last, cluster.sequence());
        }
    }

    /** Beyond what nanoseconds can count. */
    @Test
    void shouldGoToTheEndWhenATimeIsCenturiesAway() throws IOException
    {
        life.write(directory).close();
        try (ReplayedCluster cluster = open())
        {
            for (final String far : List.of("2999-01-01T00:00:00Z", "2999-01-01T00:00", "+106000d"))
            {
                move(cluster, "5");
                move(cluster, far);
                assertEquals(life.bed.journal.size(), cluster.sequence(), far);
            }
            assertRefused("the journal begins later, at ", () -> move(cluster, "1500-01-01T00:00:00Z"));
        }
    }

    @Test
    void shouldSayWhatIsNotThere() throws IOException
    {
        life.write(directory).close();
        try (ReplayedCluster cluster = open())
        {
            assertRefused("the last that can be read is " + life.bed.journal.size(), () -> move(cluster, "100000"));
            assertRefused("the journal begins later, at ", () -> move(cluster, "1969-01-01T00:00:00Z"));
            for (final String wrong : List.of("", "soon", "-soon", "-", "12:00", "2026-13-01T00:00", "1x", "-5"))
            {
                assertRefused("is no place in a journal: right is a sequence", () -> move(cluster, wrong));
            }
        }
        final Path empty = Files.createDirectory(directory.resolve("empty"));
        assertThrows(JournalException.class, () -> ReplayedCluster.open(empty));
    }

    private void assertRefused(final String expected, final org.junit.jupiter.api.function.Executable action)
    {
        final ReplayException refused = assertThrows(ReplayException.class, action);
        assertTrue(refused.getMessage().contains(expected), refused.getMessage());
        assertFalse(refused.getMessage().contains("Exception"), refused.getMessage());
    }

    private ReplayedCluster open()
    {
        return ReplayedCluster.open(directory);
    }

    private static void move(final ReplayedCluster cluster, final String moment)
    {
        ReplayMoment.parse(moment, ZoneOffset.UTC).move(cluster);
    }

    private static List<SessionView> sessions(final ReplayedCluster cluster)
    {
        final List<SessionView> list = new ArrayList<>();
        for (long id = 1; id <= 10; id++)
        {
            list.add(cluster.view().session(id));
        }
        return list;
    }

    private Map<String, FileTime> files() throws IOException
    {
        final Map<String, FileTime> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(directory))
        {
            for (final Path file : all.toList())
            {
                files.put(file.toString(), Files.getLastModifiedTime(file));
            }
        }
        return files;
    }
}
