package io.plimsoll.loadtest.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.journal.Journal;
import io.plimsoll.journal.JournalException;
import io.plimsoll.journal.JournalInspector;
import io.plimsoll.journal.TamperCheck;
import io.plimsoll.journal.TamperReport;
import io.plimsoll.journal.TamperReport.Finding;
import io.plimsoll.journal.checkpoint.CheckpointException;
import io.plimsoll.journal.checkpoint.SignedCheckpoint;
import io.plimsoll.manager.RestoredView;
import io.plimsoll.manager.snapshot.RestoredManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files of a journal are damaged at random, and each time it is either found, with the place, or makes no difference;
 * never is there a wrong state. With {@code -Dplimsoll.damages=10000} so many times.
 */
class DamageCampaignTest
{
    private static final int DAMAGES = Integer.getInteger("plimsoll.damages", 300);
    private static final long SEED = Long.getLong("plimsoll.seed", 4);
    private static final int GO_ON_EVERY = 40;

    @TempDir
    private Path directory;
    private final TreeMap<String, Integer> outcomes = new TreeMap<>();
    private DamageBed bed;

    /** What a start of a manager came to. */
    private record Start(long last, long hash, String refusal)
    {
    }

    @Test
    void shouldFindWhateverWasDoneToAJournalThatWasClosed() throws IOException
    {
        run(new DamageBed(directory, 11, false), 0);
    }

    @Test
    void shouldFindWhateverWasDoneToAJournalOfAKilledManager() throws IOException
    {
        run(new DamageBed(directory, 12, true), 1);
    }

    private void run(final DamageBed damaged, final int half) throws IOException
    {
        bed = damaged;
        assertEquals(new Start(bed.lastSequence(), bed.hash(bed.lastSequence()), null), start(false));
        assertTrue(check().isIntact(), check().toString());
        assertTrue(bed.isPristine());
        assertTrue(bed.segments().size() > 3);
        for (int i = half; i < DAMAGES; i += 2)
        {
            final SplittableRandom random = new SplittableRandom(SEED * 1_000_003 + i);
            final DamageMaker maker = new DamageMaker(bed, random);
            Damage damage = maker.next();
            while (!changesAnything(damage))
            {
                damage = maker.next();
            }
            bed.apply(damage.changed());
            try
            {
                judge(damage, 0 == i / 2 % GO_ON_EVERY);
            }
            catch (final RuntimeException | AssertionError ex)
            {
                throw new AssertionError("damage " + i + ": " + damage.describe() +
                    "; again with -Dplimsoll.seed=" + SEED + " -Dplimsoll.damages=" + DAMAGES, ex);
            }
            bed.undo(damage.changed());
        }
        assertTrue(bed.isPristine(), "every damage was undone");
        final StringBuilder figures = new StringBuilder("seed " + SEED + "\n");
        outcomes.forEach((what, count) -> figures.append(count).append('\t').append(what).append('\n'));
        Files.writeString(Path.of("target", "damage-" + (0 == half ? "closed" : "killed") + ".txt"), figures);
    }

    private boolean changesAnything(final Damage damage)
    {
        return damage.changed().entrySet().stream().anyMatch(
            each -> !Arrays.equals(bed.pristine().get(each.getKey()), each.getValue()));
    }

    private void judge(final Damage damage, final boolean goesOn)
    {
        final TamperReport report = check();
        final String inspection = inspect();
        final Start start = start(damage.isForged());
        judgeStart(damage, start);
        switch (damage.target())
        {
            case RECORD -> judgeRecord(damage, report, inspection, start);
            case MANIFEST ->
            {
                assertFalse(report.isIntact());
                assertTrue(null != start.refusal(), "the manager starts");
            }
            case SNAPSHOT ->
            {
                final String name = damage.changed().keySet().iterator().next().getFileName().toString();
                assertTrue(report.findings().stream().anyMatch(found -> found.place().equals(name)), report.toString());
                assertTrue(inspection.contains(name), inspection);
                assertEquals(bed.lastSequence(), start.last(), start.refusal());
            }
            case CHECKPOINT -> judgeCheckpoint(damage, report, start);
            case LEAVES, METADATA, UNWRITTEN ->
            {
                assertTrue(report.isIntact(), report.toString());
                assertEquals("", inspection);
                assertEquals(bed.lastSequence(), start.last(), start.refusal());
            }
            default ->
            {
                // Chronicle's own, and the mark: no harm, or refused; a wrong state was ruled out already.
            }
        }
        count(damage, report, start);
        if (goesOn && null == start.refusal() && !damage.isForged())
        {
            goOn(start);
        }
    }

    /** Whatever was hit: no start with a wrong state, or without what was promised. */
    private void judgeStart(final Damage damage, final Start start)
    {
        if (null == start.refusal() && !damage.isForged())
        {
            assertEquals(bed.hash(start.last()), start.hash(), "state of sequence " + start.last());
            assertTrue(start.last() >= bed.promised(), "ends with sequence " + start.last());
        }
        else if (null == start.refusal() && "lose the end".equals(damage.kind()))
        {
            assertEquals(damage.sequence() - 1, start.last());
            assertEquals(bed.hash(start.last()), start.hash(), "state of sequence " + start.last());
        }
    }

    private void judgeRecord(
        final Damage damage, final TamperReport report, final String inspection, final Start start)
    {
        if (damage.sequence() > bed.kept().checkpoint().sequence())
        {
            // Promised to nobody: cut off, or refused because good records follow.
            assertTrue(null == start.refusal() || start.refusal().contains("sequence=" + damage.sequence()),
                start.refusal());
            return;
        }
        assertFalse(report.isIntact(), "not found");
        final Finding first = report.findings().get(0);
        assertTrue(first.place().contains(damage.segment()), first.toString());
        if (first.sequence() >= 0)
        {
            assertEquals(damage.sequence(), first.sequence(), first.toString());
            assertEquals(damage.index(), first.index(), first.toString());
        }
        else
        {
            assertEquals(0, damage.index(), first.toString());
        }
        if (!damage.isForged())
        {
            assertTrue(inspection.contains(damage.segment()), inspection);
            assertTrue(null == start.refusal() || start.refusal().contains("segment-"), start.refusal());
        }
    }

    private void judgeCheckpoint(final Damage damage, final TamperReport report, final Start start)
    {
        final Path file = damage.changed().keySet().iterator().next();
        final byte[] content = damage.changed().get(file);
        final List<Path> all =
            bed.pristine().keySet().stream().filter(each -> each.startsWith(bed.checkpoints())).toList();
        final int index = all.indexOf(file);
        // Nobody misses the oldest, which is what retention removes, nor the newest, but those who kept it.
        if (null != content || index > 0 && index < all.size() - 1)
        {
            assertFalse(report.isIntact(), "not found");
            final Path named = null == content ? all.get(index + 1) : file;
            assertTrue(report.findings().get(0).place().contains(named.getFileName().toString()), report.toString());
        }
        assertEquals(bed.lastSequence(), start.last(), start.refusal());
        if (null != content)
        {
            assertFalse(isAccepted(content), "the damaged checkpoint is believed");
        }
    }

    private static boolean isAccepted(final byte[] content)
    {
        try
        {
            final SignedCheckpoint checkpoint = SignedCheckpoint.parse(content, "damaged");
            return checkpoint.isSignedBy(checkpoint.key());
        }
        catch (final CheckpointException ex)
        {
            return false;
        }
    }

    private TamperReport check()
    {
        return TamperCheck.check(
            bed.journal(), bed.checkpoints(), Map.of("kept", bed.kept()), bed.kept().key());
    }

    /** Problems, empty if there are none. */
    private String inspect()
    {
        try
        {
            return String.join("\n", JournalInspector.inspect(bed.journal()).problems());
        }
        catch (final JournalException ex)
        {
            return ex.getMessage();
        }
    }

    private Start start(final boolean isForged)
    {
        final RestoredManager<RestoredView> restored =
            new RestoredManager<>(bed.options(), RestoredView::new, RestoredView::onRecord);
        try (Journal journal = Journal.open(bed.context()))
        {
            final long last = journal.restore(restored);
            return new Start(last, restored.core().stateHash(), null);
        }
        catch (final JournalException ex)
        {
            return new Start(-1, 0, ex.getMessage());
        }
        catch (final RuntimeException ex)
        {
            // What a forger wrote may be nothing that a core can become; checksums let nothing else through.
            assertTrue(isForged, () -> "not refused but " + ex);
            return new Start(-1, 0, String.valueOf(ex));
        }
    }

    /** A manager that starts also writes, and starts again with the same. */
    private void goOn(final Start start)
    {
        try (Journal journal = Journal.open(bed.context()))
        {
            journal.restore(new RestoredManager<>(bed.options(), RestoredView::new, RestoredView::onRecord));
            journal.startWriting();
        }
        assertEquals(start, start(false));
    }

    private void count(final Damage damage, final TamperReport report, final Start start)
    {
        outcomes.merge(damage.target() + " " + damage.kind() + " " +
            (report.isIntact() ? "" : "found ") + (null == start.refusal() ? "right" : "refused"), 1, Integer::sum);
    }
}
