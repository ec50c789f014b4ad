package io.plimsoll.manager.snapshot;

import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.core.StateImage;
import io.plimsoll.journal.SnapshotPiece;
import io.plimsoll.journal.SnapshotReader;
import java.util.Iterator;
import java.util.function.Consumer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What a manager's snapshot consists of: blocks of the core's state, and the records that readers' view is made of.
 * Those are gathered in pieces as they are asked for, one after the other in the same memory. For one thread.
 */
final class SnapshotPieces implements Iterable<SnapshotPiece>
{
    /** Whole blocks: see {@link StateImage}. */
    static final int CORE = 1;
    /** Whole records: see {@link RecordCompactor}. */
    static final int VIEW = 2;

    /** A piece is longer only if a single record is. */
    private static final int VIEW_LENGTH = 1 << 20;

    private final StateImage core;
    private final RecordCompactor view;
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[VIEW_LENGTH]);

    SnapshotPieces(final StateImage core, final RecordCompactor view)
    {
        this.core = core;
        this.view = view;
    }

    @Override
    public Iterator<SnapshotPiece> iterator()
    {
        return new PieceIterator();
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

    /** First the core, then the view. */
    private final class PieceIterator implements Iterator<SnapshotPiece>
    {
        private final Iterator<RecordFlyweight> records = view.records();
        private int chunk;
        /** Did not fit into the piece before. */
        private RecordFlyweight ahead;

        @Override
        public boolean hasNext()
        {
            return chunk < core.chunks() || null != ahead || records.hasNext();
        }

        @Override
        public SnapshotPiece next()
        {
            if (chunk < core.chunks())
            {
                chunk++;
                return new SnapshotPiece(CORE, core.chunk(chunk - 1), 0, core.chunkLength(chunk - 1));
            }
            if (null == ahead)
            {
                ahead = records.next();
            }
            if (ahead.length() > buffer.capacity())
            {
                buffer.wrap(new byte[ahead.length()]);
            }
            int end = 0;
            while (null != ahead && buffer.capacity() - end >= ahead.length())
            {
                buffer.putBytes(end, ahead.buffer(), ahead.offset(), ahead.length());
                end += ahead.length();
                ahead = records.hasNext() ? records.next() : null;
            }
            return new SnapshotPiece(VIEW, buffer, 0, end);
        }
    }
}
