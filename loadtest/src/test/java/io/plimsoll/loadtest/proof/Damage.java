package io.plimsoll.loadtest.proof;

import io.plimsoll.loadtest.proof.SegmentBytes.Document;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Something done to the files of a journal.
 *
 * @param kind     what was done.
 * @param target   what it hit.
 * @param changed  the files as they are then; null: gone.
 * @param segment  that holds the first record that was hit or hidden; null: none.
 * @param index    of this record in its segment.
 * @param sequence of this record, 0: none.
 * @param isForged whether all checksums were made right again, so that only a checkpoint can tell.
 */
record Damage(
    String kind,
    Target target,
    Map<Path, byte[]> changed,
    String segment,
    int index,
    long sequence,
    boolean isForged)
{
    /** What is hit, by what must come of it. */
    enum Target
    {
        /** A record or its header. */
        RECORD,
        /** What Chronicle keeps beside records in the same file. */
        STRUCTURE,
        /** Bytes of a segment's file that were never written. */
        UNWRITTEN,
        MANIFEST,
        SNAPSHOT,
        CHECKPOINT,
        LEAVES,
        MARK,
        METADATA
    }

    /** Damage of a file that is no segment. */
    static Damage of(final String kind, final Target target, final Path file, final byte[] content)
    {
        final Map<Path, byte[]> changed = new HashMap<>();
        changed.put(file, content);
        return new Damage(kind, target, changed, null, 0, 0, false);
    }

    /** Damage of a segment: what it hit follows from the bytes that differ. */
    static Damage ofSegment(
        final String kind, final DamageBed bed, final String segment, final byte[] content, final boolean isForged)
    {
        final Map<Path, byte[]> changed = new HashMap<>();
        changed.put(bed.file(segment), content);
        final SegmentBytes was = bed.segments().get(segment);
        Target target = Target.UNWRITTEN;
        for (int at = 0; at < was.bytes().length; at++)
        {
            if (at >= content.length || content[at] != was.bytes()[at])
            {
                final Document document = was.at(at);
                if (null != document && document.sequence() > 0)
                {
                    return new Damage(kind, Target.RECORD, changed, segment,
                        was.records().indexOf(document), document.sequence(), isForged);
                }
                target = null == document ? target : Target.STRUCTURE;
            }
        }
        return new Damage(kind, target, changed, null, 0, 0, isForged);
    }

    /** For messages. */
    String describe()
    {
        return kind + " of " + target + " in " + changed.keySet() +
            (null == segment ? "" : ", first hit " + segment + " excerpt " + index + " sequence " + sequence);
    }
}
