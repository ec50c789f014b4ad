package io.plimsoll.manager.snapshot;

import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.core.StateImage;
import io.plimsoll.journal.SnapshotPiece;
import io.plimsoll.journal.SnapshotReader;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/** What a manager's snapshot consists of: blocks of the core's state, and the records that readers' view is made of. */
final class SnapshotPieces
{
    /** Whole blocks: see {@link StateImage}. */
    static final int CORE = 1;
    /** Whole records: see {@link RecordCompactor}. */
    static final int VIEW = 2;

    private static final int VIEW_LENGTH_MAX = 1 << 24;
    /** For the record behind those that live. */
    private static final int END_LENGTH = 1 << 8;

    private SnapshotPieces()
    {
    }

    static List<SnapshotPiece> of(final StateImage core, final RecordCompactor view)
    {
        final List<SnapshotPiece> pieces = new ArrayList<>();
        for (int i = 0; i < core.chunks(); i++)
        {
            pieces.add(new SnapshotPiece(CORE, core.chunk(i), 0, core.chunkLength(i)));
        }
        final ViewPieces records = new ViewPieces(pieces, view.liveBytes());
        view.forEach(records);
        records.finish();
        return pieces;
    }

    /** Hands over the records of a piece. */
    static void forEachRecord(final SnapshotReader reader, final Consumer<RecordFlyweight> consumer)
    {
        final RecordFlyweight record = new RecordFlyweight();
        int position = 0;
        while (position < reader.length())
        {
            final boolean hasHeader = reader.length() - position >= RecordFlyweight.COMMAND_OFFSET;
            final int length = hasHeader ? record.wrap(reader.content(), position).length() : 0;
            if (length < RecordFlyweight.COMMAND_OFFSET || length > reader.length() - position ||
                !record.isWhole(length))
            {
                throw reader.damage("no record at " + position + " of a piece");
            }
            consumer.accept(record);
            position += length;
        }
    }

    /** Gathers records in pieces. */
    private static final class ViewPieces implements Consumer<RecordFlyweight>
    {
        private final List<SnapshotPiece> pieces;
        private long bytesLeft;
        private UnsafeBuffer buffer;
        private int end;

        private ViewPieces(final List<SnapshotPiece> pieces, final long bytesAhead)
        {
            this.pieces = pieces;
            bytesLeft = bytesAhead + END_LENGTH;
        }

        @Override
        public void accept(final RecordFlyweight record)
        {
            final int length = record.length();
            if (null == buffer || buffer.capacity() - end < length)
            {
                finish();
                final int wanted = (int)Math.min(VIEW_LENGTH_MAX, bytesLeft);
                buffer = new UnsafeBuffer(BufferUtil.allocateDirectAligned(Math.max(wanted, length), Long.BYTES));
                end = 0;
            }
            buffer.putBytes(end, record.buffer(), record.offset(), length);
            end += length;
            bytesLeft -= length;
        }

        private void finish()
        {
            if (null != buffer)
            {
                pieces.add(new SnapshotPiece(VIEW, buffer, 0, end));
            }
        }
    }
}
