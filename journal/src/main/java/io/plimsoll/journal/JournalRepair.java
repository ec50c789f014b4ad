package io.plimsoll.journal;

import io.plimsoll.core.sbe.ManagerStartedDecoder;
import io.plimsoll.core.sbe.MessageHeaderDecoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Writes a new journal of all that is good in a damaged one, which it only reads. Records are of use only when all
 * before them are there, or a snapshot stands for those; so it takes, of all that lead on from the first record or from
 * a good snapshot, those that reach furthest. Excerpts are copied as they are: whoever vouched for them still does.
 */
public final class JournalRepair
{
    /* For a journal that will only be read, or gone on with by a manager that reserves its own space. */
    private static final int BLOCK_LENGTH = 4 << 20;

    private final JournalStorage source;
    private final Path from;
    private final List<String> leftOut = new ArrayList<>();
    private final List<SnapshotEntry> good = new ArrayList<>();
    private Manifest manifest;
    private final List<RecordRun> runs = new ArrayList<>();
    private RecordRun run;

    private JournalRepair(final Path from)
    {
        this.from = from;
        source = new DirectoryStorage(new JournalContext().directory(from), false);
    }

    /**
     * Repairs a journal.
     *
     * @param from folder of the damaged one.
     * @param to   folder of the new one, which is empty or not there.
     * @return what was written, and what was not.
     * @throws JournalException if nothing of it can be used, or the folder is in use.
     */
    public static RepairReport repair(final Path from, final Path to)
    {
        requireApart(from, to);
        requireEmpty(to);
        return new JournalRepair(from).repair(to);
    }

    /** What is damaged stays as it is: nothing new comes into its folder, by whatever name. */
    private static void requireApart(final Path from, final Path to)
    {
        Path there = to.toAbsolutePath().normalize();
        while (null != there && !Files.exists(there))
        {
            there = there.getParent();
        }
        try
        {
            if (null != there && Files.exists(from) && there.toRealPath().startsWith(from.toRealPath()))
            {
                throw new JournalException(
                    to + " is within the journal that is to be repaired; name a folder beside " + from);
            }
        }
        catch (final IOException ex)
        {
            throw IoFailure.of("cannot write to " + to, ex);
        }
    }

    private static void requireEmpty(final Path to)
    {
        try
        {
            if (Files.exists(to))
            {
                try (Stream<Path> files = Files.list(to))
                {
                    if (files.findAny().isPresent())
                    {
                        throw new JournalException(to + " is not empty; name a folder that is not there yet");
                    }
                }
            }
        }
        catch (final IOException ex)
        {
            throw IoFailure.of("cannot write to " + to, ex);
        }
    }

    private RepairReport repair(final Path to)
    {
        manifest = readManifest();
        readSnapshots();
        readSegments();
        final RecordRun best = runs.stream()
            .filter(run -> 1 == run.first && 0 == run.previousCrc || null != snapshotFor(run))
            .max(Comparator.comparingLong(run -> run.last))
            .orElseThrow(() -> new JournalDamagedException(from.toString(),
                "nothing can be repaired: there is neither the first record nor a good snapshot with records behind" +
                    " it; found was: " + String.join("; ", leftOut)));
        sayWhatIsNot(best);
        return write(best, to);
    }

    private void readSegments()
    {
        final GoodExcerpts excerpts = new GoodExcerpts(source, leftOut);
        for (final SegmentEntry entry : manifest.segments())
        {
            excerpts.walk(entry.name(), endOf(entry), (excerpt, reader) -> onExcerpt(entry.name(), excerpt));
        }
    }

    private void onExcerpt(final String segment, final ExcerptFlyweight excerpt)
    {
        final long sequence = excerpt.record().sequence();
        if (null == run || !run.tryAdd(segment, excerpt))
        {
            run = new RecordRun(sequence, excerpt.previousCrc());
            run.tryAdd(segment, excerpt);
            runs.add(run);
        }
        for (int i = good.size() - 1; i >= 0; i--)
        {
            if (sequence == good.get(i).sequence() && excerpt.crc() != good.get(i).recordCrc())
            {
                leftOut.add(good.remove(i).name() + ": was not made behind the record of its sequence");
            }
        }
    }

    private static long endOf(final SegmentEntry entry)
    {
        return entry.closed() ? entry.lastSequence() : Long.MAX_VALUE;
    }

    /** Oldest good snapshot that stands for all before a run, or for some of it too. */
    private SnapshotEntry snapshotFor(final RecordRun run)
    {
        return good.stream()
            .filter(snapshot -> snapshot.sequence() >= run.first && snapshot.sequence() <= run.last ||
                snapshot.sequence() == run.first - 1 && snapshot.recordCrc() == run.previousCrc)
            .findFirst().orElse(null);
    }

    private void sayWhatIsNot(final RecordRun best)
    {
        long next = 1;
        for (final RecordRun run : runs)
        {
            if (run.first > next && (run != runs.get(0) || run != best))
            {
                leftOut.add("sequences " + next + " to " + (run.first - 1) + ": not there, or unreadable");
            }
            if (run != best)
            {
                leftOut.add("sequences " + run.first + " to " + run.last + ": whole, but " +
                    (run.last < best.first ? "nothing leads on from them" : "nothing leads to them"));
            }
            next = Math.max(next, run.last + 1);
        }
        good.removeIf(snapshot ->
        {
            final boolean isUsed = snapshot.sequence() >= best.first - 1 && snapshot.sequence() <= best.last;
            if (!isUsed)
            {
                leftOut.add(snapshot.name() + ": its records are not among those that were taken");
            }
            return !isUsed;
        });
    }

    /* What there is to read. */

    private Manifest readManifest()
    {
        try
        {
            final byte[] content = source.readManifest();
            if (null != content)
            {
                return Manifest.decode(content, from.resolve(DirectoryStorage.MANIFEST_FILE).toString());
            }
            leftOut.add(DirectoryStorage.MANIFEST_FILE + ": missing; made anew from what the folder holds");
        }
        catch (final JournalDamagedException ex)
        {
            leftOut.add(DirectoryStorage.MANIFEST_FILE + ": " + ex.getMessage() +
                "; made anew from what the folder holds");
        }
        return inferManifest();
    }

    private Manifest inferManifest()
    {
        UUID clusterId = null;
        final List<SegmentEntry> entries = new ArrayList<>();
        final ExcerptFlyweight excerpt = new ExcerptFlyweight();
        for (final String name : source.segments())
        {
            try (LogReader reader = source.open(name))
            {
                if (reader.next() && null == excerpt.wrap(reader.buffer(), reader.offset()).findFault(reader.length()))
                {
                    final long first = excerpt.record().sequence();
                    if (!entries.isEmpty())
                    {
                        // Nothing in a segment counts from where the next one begins.
                        final SegmentEntry last = entries.get(entries.size() - 1);
                        entries.set(entries.size() - 1, last.close(first - 1, excerpt.previousCrc(), null));
                    }
                    clusterId = null == clusterId ? clusterIdOf(excerpt) : clusterId;
                    entries.add(SegmentEntry.open(name, first, excerpt.previousCrc()));
                }
                else
                {
                    entries.add(SegmentEntry.open(name, 1, 0));
                }
            }
            catch (final JournalException ex)
            {
                leftOut.add(name + ": " + ex.getMessage());
            }
        }
        final Manifest result = new Manifest(null == clusterId ? UUID.randomUUID() : clusterId);
        result.segments().addAll(entries);
        for (final String name : snapshotNames())
        {
            inferSnapshot(name, result);
        }
        return result;
    }

    private List<String> snapshotNames()
    {
        try (Stream<Path> files = Files.list(from))
        {
            return files.map(file -> file.getFileName().toString())
                .filter(name -> name.startsWith(DirectoryStorage.SNAPSHOT_PREFIX) &&
                    !name.endsWith(DirectorySnapshotFile.UNFINISHED_SUFFIX))
                .sorted()
                .toList();
        }
        catch (final IOException ex)
        {
            throw IoFailure.of("cannot list " + from, ex);
        }
    }

    private static UUID clusterIdOf(final ExcerptFlyweight excerpt)
    {
        final MessageHeaderDecoder header = new MessageHeaderDecoder();
        final int command = excerpt.record().commandOffset();
        header.wrap(excerpt.record().buffer(), command);
        if (ManagerStartedDecoder.TEMPLATE_ID != header.templateId())
        {
            return null;
        }
        final ManagerStartedDecoder started =
            new ManagerStartedDecoder().wrapAndApplyHeader(excerpt.record().buffer(), command, header);
        return new UUID(started.clusterIdHi(), started.clusterIdLo());
    }

    private void inferSnapshot(final String name, final Manifest target)
    {
        try (SnapshotFile file = source.openSnapshot(name))
        {
            target.snapshots().add(SnapshotFormat.describe(name, from.resolve(name).toString(), file));
        }
        catch (final JournalException ex)
        {
            leftOut.add(name + ": " + ex.getMessage());
        }
    }

    private void readSnapshots()
    {
        for (final SnapshotEntry entry : manifest.snapshots())
        {
            try (SnapshotFile file = source.openSnapshot(entry.name());
                SnapshotReader reader = new SnapshotReader(from.resolve(entry.name()).toString(), entry, file))
            {
                reader.checkRest();
                good.add(entry);
            }
            catch (final JournalException ex)
            {
                leftOut.add(entry.name() + ": " + ex.getMessage());
            }
        }
    }

    /* The new journal. */

    private RepairReport write(final RecordRun best, final Path to)
    {
        final JournalContext context = new JournalContext()
            .directory(to).blockLength(BLOCK_LENGTH).reserveLength(0).reserveFileLength(0);
        final JournalStorage target = new DirectoryStorage(context, true);
        try
        {
            final Manifest repaired = new Manifest(manifest.clusterId());
            int crc = best.previousCrc;
            long first = best.first;
            for (final String segment : best.segments)
            {
                final SegmentEntry entry = copy(segment, SegmentEntry.open(segment, first, crc), best.last, target);
                repaired.segments().add(entry);
                crc = entry.lastCrc();
                first = entry.lastSequence() + 1;
            }
            for (final SnapshotEntry snapshot : good)
            {
                copy(snapshot, target);
                repaired.snapshots().add(snapshot);
            }
            target.writeManifest(repaired.encode());
        }
        finally
        {
            target.close();
        }
        return new RepairReport(
            to.toString(),
            best.first,
            best.last,
            1 == best.first ? 0 : snapshotFor(best).sequence(),
            good.stream().map(SnapshotEntry::name).toList(),
            List.copyOf(leftOut));
    }

    private SegmentEntry copy(
        final String segment, final SegmentEntry begun, final long last, final JournalStorage target)
    {
        final SegmentEntry old =
            manifest.segments().stream().filter(entry -> segment.equals(entry.name())).findFirst().orElseThrow();
        final SegmentEntry[] entry = {begun};
        try (RecordLog log = target.create(segment))
        {
            new GoodExcerpts(source, new ArrayList<>()).walk(
                segment,
                Math.min(last, endOf(old)),
                (excerpt, reader) ->
                {
                    if (excerpt.record().sequence() == entry[0].lastSequence() + 1 &&
                        excerpt.previousCrc() == entry[0].lastCrc())
                    {
                        log.append(reader.buffer(), reader.offset(), excerpt.length());
                        entry[0] = begun.close(excerpt.record().sequence(), excerpt.crc(), null);
                    }
                });
            log.sync();
            target.trim(segment, log.length());
        }
        return entry[0];
    }

    private void copy(final SnapshotEntry snapshot, final JournalStorage target)
    {
        try (SnapshotFile from = source.openSnapshot(snapshot.name());
            SnapshotFile to = target.createSnapshot(snapshot.name(), snapshot.length()))
        {
            SnapshotFormat.copy(from, to);
        }
    }
}
