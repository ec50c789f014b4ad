package io.plimsoll.loadtest.whatif;

import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.core.pipeline.CommandIngress;
import io.plimsoll.core.sbe.CancelSessionsDecoder;
import io.plimsoll.core.sbe.CancelSessionsEncoder;
import io.plimsoll.core.sbe.EndSessionDecoder;
import io.plimsoll.core.sbe.EndSessionEncoder;
import io.plimsoll.core.sbe.MessageHeaderEncoder;
import io.plimsoll.core.sbe.SubmitSessionsDecoder;
import io.plimsoll.core.sbe.SubmitSessionsEncoder;
import io.plimsoll.core.sbe.UpdateSessionsDecoder;
import io.plimsoll.core.sbe.UpdateSessionsEncoder;
import io.plimsoll.loadtest.whatif.Submission.Piece;
import io.plimsoll.loadtest.whatif.Submission.Scale;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Submits and cancels what a record submits and cancels, without those that a change removes, and with those of which
 * it wants more. Copies come right behind the submission that they copy. One thread.
 */
final class SubmissionTranslator
{
    private static final int BUFFER_LENGTH = 1 << 17;
    private static final int RANGES_MAX = 2_000;

    private final Change change;
    private final IdMap ids;
    private final CommandFeed feed;
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[BUFFER_LENGTH]);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final SubmitSessionsEncoder submit = new SubmitSessionsEncoder();
    private final CancelSessionsEncoder cancel = new CancelSessionsEncoder();
    private final UpdateSessionsEncoder update = new UpdateSessionsEncoder();
    private final EndSessionEncoder end = new EndSessionEncoder();
    /** What rounding has left over of sessions, so that half of many ones is half as many. */
    private final Map<Scale, BigDecimal> carries = new HashMap<>();
    /** Sequence of the record. */
    private long batch;

    SubmissionTranslator(final Change change, final IdMap ids, final CommandFeed feed)
    {
        this.change = change;
        this.ids = ids;
        this.feed = feed;
    }

    /** Whether the change says anything about a submission. */
    boolean isTouched(final SubmitSessionsDecoder command, final RecordFlyweight record)
    {
        final Submission submission = new Submission(command);
        long id = RecordedAnswers.firstId(record);
        for (final Submission.Entry entry : submission.entries)
        {
            final Scale scale = change.scale(submission.ownerId, entry.group);
            if (null != scale && !scale.isNothing() || removed(submission.ownerId, entry, id).size() > 0)
            {
                return true;
            }
            id += IdMap.NONE == id ? 0 : entry.count;
        }
        return false;
    }

    /** Parts of an entry that are removed, as pairs of offset and end. */
    private List<long[]> removed(final int ownerId, final Submission.Entry entry, final long firstId)
    {
        final List<long[]> ranges = new ArrayList<>();
        for (final Selector selector : change.removed())
        {
            if (selector.isByOwnerAndGroup(ownerId, entry.group))
            {
                final long from = selector.isById() ? Math.max(0, selector.firstId() - firstId) : 0;
                final long to =
                    selector.isById() ? Math.min(entry.count, selector.lastId() - firstId + 1) : entry.count;
                if (from < to && (!selector.isById() || IdMap.NONE != firstId))
                {
                    ranges.add(new long[]{from, to});
                }
            }
        }
        ranges.sort((left, right) -> Long.compare(left[0], right[0]));
        return ranges;
    }

    /* Submissions. */

    void translate(final SubmitSessionsDecoder command, final RecordFlyweight record)
    {
        final long recordedFirst = RecordedAnswers.firstId(record);
        if (!change.isAboutSubmissions() && !ids.isShifted())
        {
            ids.expect(List.of(new IdMap.Run(record.sequence(), recordedFirst, 0, 0, false, null, null)));
            feed.feed(record.buffer(), record.commandOffset(), record.commandLength());
            return;
        }
        batch = record.sequence();
        final Submission submission = new Submission(command);
        final List<Piece> pieces = new ArrayList<>();
        final List<IdMap.Run> runs = new ArrayList<>();
        final List<List<Piece>> copies = new ArrayList<>();
        final List<List<IdMap.Run>> copiedRuns = new ArrayList<>();
        long id = recordedFirst;
        for (int i = 0; i < submission.entries.size(); i++)
        {
            final Submission.Entry entry = submission.entries.get(i);
            for (final Piece kept : kept(submission.ownerId, i, entry, id))
            {
                final long first = IdMap.NONE == id ? IdMap.NONE : id + kept.offset();
                add(kept, 0, first, pieces, runs);
                long more = more(kept);
                for (int copy = 0; more > 0; copy++)
                {
                    if (copies.size() == copy)
                    {
                        copies.add(new ArrayList<>());
                        copiedRuns.add(new ArrayList<>());
                    }
                    final long count = Math.min(more, kept.count());
                    add(
                        new Piece(i, kept.offset(), count, kept.scale()), 1, first, copies.get(copy),
                        copiedRuns.get(copy));
                    more -= count;
                }
                if (more < 0)
                {
                    drop(-more, first, pieces, runs);
                }
            }
            id += IdMap.NONE == id ? 0 : entry.count;
        }
        submit(submission, pieces, runs, true);
        for (int copy = 0; copy < copies.size(); copy++)
        {
            submit(submission, copies.get(copy), copiedRuns.get(copy), false);
        }
    }

    private void add(
        final Piece piece,
        final int copy,
        final long recordedFirst,
        final List<Piece> pieces,
        final List<IdMap.Run> runs)
    {
        pieces.add(piece);
        final BigDecimal duration = null == piece.scale() ? null : piece.scale().duration();
        runs.add(new IdMap.Run(batch, recordedFirst, 0, piece.count(), copy > 0, duration, null));
    }

    private List<Piece> kept(final int ownerId, final int index, final Submission.Entry entry, final long firstId)
    {
        final Scale scale = change.scale(ownerId, entry.group);
        final List<Piece> kept = new ArrayList<>();
        long from = 0;
        for (final long[] range : removed(ownerId, entry, firstId))
        {
            if (range[0] > from)
            {
                kept.add(new Piece(index, from, range[0] - from, scale));
            }
            if (IdMap.NONE != firstId && range[1] > from)
            {
                ids.removed(firstId + Math.max(from, range[0]), range[1] - Math.max(from, range[0]));
            }
            from = Math.max(from, range[1]);
        }
        if (from < entry.count)
        {
            kept.add(new Piece(index, from, entry.count - from, scale));
        }
        return kept;
    }

    /** How many sessions of a piece there are in addition; negative: fewer. */
    private long more(final Piece piece)
    {
        if (null == piece.scale() || null == piece.scale().count())
        {
            return 0;
        }
        final BigDecimal exact = piece.scale().count().multiply(BigDecimal.valueOf(piece.count()))
            .add(carries.getOrDefault(piece.scale(), BigDecimal.ZERO));
        final BigDecimal whole = exact.setScale(0, RoundingMode.FLOOR);
        carries.put(piece.scale(), exact.subtract(whole));
        return whole.longValue() - piece.count();
    }

    /** Takes sessions from the end of the last piece. */
    private void drop(
        final long count, final long recordedFirst, final List<Piece> pieces, final List<IdMap.Run> runs)
    {
        final Piece last = pieces.remove(pieces.size() - 1);
        runs.remove(runs.size() - 1);
        final long left = last.count() - count;
        if (left > 0)
        {
            add(new Piece(last.entry(), last.offset(), left, last.scale()), 0, recordedFirst, pieces, runs);
        }
        if (IdMap.NONE != recordedFirst)
        {
            ids.removed(recordedFirst + left, count);
        }
    }

    private void submit(
        final Submission submission, final List<Piece> pieces, final List<IdMap.Run> runs, final boolean keyed)
    {
        if (pieces.isEmpty())
        {
            return;
        }
        final int length = submission.encode(buffer, header, submit, pieces, keyed, ids);
        if (length > CommandIngress.COMMAND_LENGTH_MAX && pieces.size() > 1)
        {
            // An array that fell apart needs more bytes than it had.
            final int half = pieces.size() / 2;
            submit(submission, pieces.subList(0, half), runs.subList(0, half), false);
            submit(
                submission, pieces.subList(half, pieces.size()), runs.subList(half, runs.size()), false);
            return;
        }
        ids.expect(List.copyOf(runs));
        feed.feed(buffer, 0, length);
    }

    /* Cancellations. */

    void translate(final CancelSessionsDecoder command, final RecordFlyweight record)
    {
        if (!ids.isShifted())
        {
            feed.feed(record.buffer(), record.commandOffset(), record.commandLength());
            return;
        }
        final long correlationId = command.correlationId();
        final int source = command.source();
        final int ownerId = command.ownerId();
        final List<long[]> ours = new ArrayList<>();
        for (final CancelSessionsDecoder.RangesDecoder range : command.ranges())
        {
            ours.addAll(ids.ours(range.firstId(), range.lastId()));
        }
        for (int from = 0; from < ours.size(); from += RANGES_MAX)
        {
            final List<long[]> some = ours.subList(from, Math.min(ours.size(), from + RANGES_MAX));
            cancel.wrapAndApplyHeader(buffer, 0, header).correlationId(correlationId).source(source).ownerId(ownerId);
            final CancelSessionsEncoder.RangesEncoder ranges = cancel.rangesCount(some.size());
            some.forEach(range -> ranges.next().firstId(range[0]).lastId(range[1]));
            feed.feed(buffer, 0, MessageHeaderEncoder.ENCODED_LENGTH + cancel.encodedLength());
        }
    }

    /** What was not used in the one world would not have been in the other, if it runs there at the time. */
    void translate(final EndSessionDecoder command, final RecordFlyweight record)
    {
        final long sessionId = command.sessionId();
        for (final long[] range : ids.ours(sessionId, sessionId))
        {
            buffer.putBytes(0, record.buffer(), record.commandOffset(), record.commandLength());
            end.wrap(buffer, MessageHeaderEncoder.ENCODED_LENGTH).sessionId(range[0]);
            feed.feed(buffer, 0, record.commandLength());
        }
    }

    /* Changes of sessions. */

    void translate(final UpdateSessionsDecoder command, final RecordFlyweight record)
    {
        if (!ids.isShifted())
        {
            feed.feed(record.buffer(), record.commandOffset(), record.commandLength());
            return;
        }
        final long firstId = command.firstId();
        final long lastId = command.lastId();
        for (final long[] range : ids.ours(firstId, lastId))
        {
            buffer.putBytes(0, record.buffer(), record.commandOffset(), record.commandLength());
            update.wrap(buffer, MessageHeaderEncoder.ENCODED_LENGTH).firstId(range[0]).lastId(range[1]);
            feed.feed(buffer, 0, record.commandLength());
        }
    }
}
