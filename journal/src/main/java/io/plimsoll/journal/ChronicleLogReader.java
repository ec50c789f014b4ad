package io.plimsoll.journal;

import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.file.Path;

/**
 * Reads the file of a Chronicle queue as what it is: documents of four bytes {length, meta, not complete} and a body,
 * aligned to four bytes. Chronicle's own reader is not used, for three reasons: it takes a damaged header for the end,
 * it keeps locks and listings that touch what a live manager writes, and it cannot be asked what stands behind the end.
 */
final class ChronicleLogReader implements LogReader
{
    private static final int HEADER_LENGTH = 4;
    private static final int LENGTH_MASK = 0x3FFF_FFFF;
    private static final int META = 0x4000_0000;
    private static final int NOT_COMPLETE = 0x8000_0000;

    private final SegmentBytes file;
    private final CommitMark mark;
    private final ExcerptFlyweight candidate = new ExcerptFlyweight();
    private final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);
    private int mappedLength;
    private int position;
    private int excerptPosition;
    private int excerptLength;
    private int endPosition;

    ChronicleLogReader(final Path file, final CommitMark mark)
    {
        this(new MappedSegment(file), mark);
    }

    /**
     * Begins at the beginning; closes both with itself.
     *
     * @param file to read.
     * @param mark of the segment, null if it has none.
     */
    ChronicleLogReader(final SegmentBytes file, final CommitMark mark)
    {
        this.file = file;
        this.mark = mark;
        mappedLength = file.view(buffer);
    }

    @Override
    public boolean next()
    {
        while (isMapped(position, HEADER_LENGTH))
        {
            final int header = buffer.getIntVolatile(position);
            final int length = header & LENGTH_MASK;
            if (0 == header || 0 != (header & NOT_COMPLETE) || !isMapped(position, HEADER_LENGTH + length))
            {
                return false;
            }
            final int body = position + HEADER_LENGTH;
            position = BitUtil.align(body + length, HEADER_LENGTH);
            if (0 == (header & META))
            {
                excerptPosition = body;
                excerptLength = length;
                endPosition = position;
                return true;
            }
        }
        return false;
    }

    @Override
    public DirectBuffer buffer()
    {
        return buffer;
    }

    @Override
    public int offset()
    {
        return excerptPosition;
    }

    @Override
    public int length()
    {
        return excerptLength;
    }

    @Override
    public long position()
    {
        return excerptPosition - HEADER_LENGTH;
    }

    @Override
    public long endPosition()
    {
        return endPosition;
    }

    @Override
    public void seek(final long newPosition)
    {
        position = Math.toIntExact(newPosition);
        endPosition = position;
    }

    @Override
    public void seekExcerpt(final long newPosition)
    {
        excerptPosition = Math.toIntExact(newPosition) + HEADER_LENGTH;
        excerptLength = candidate.wrap(buffer, excerptPosition).length();
        position = BitUtil.align(excerptPosition + excerptLength, HEADER_LENGTH);
        endPosition = position;
    }

    @Override
    public boolean hasRemains()
    {
        return isMapped(position, HEADER_LENGTH) && 0 != buffer.getInt(position);
    }

    @Override
    public long findBeyond(final long nextSequence, final int previousCrc)
    {
        int from = behindMeta(endPosition);
        if (isUndeclared(from) && isFrame(from + HEADER_LENGTH) &&
            nextSequence == candidate.record().sequence() && previousCrc == candidate.previousCrc())
        {
            // The process ended between the last byte of a record and the header that declares it: a torn tail too.
            from = BitUtil.align(from + HEADER_LENGTH + candidate.length(), HEADER_LENGTH);
        }
        int at = BitUtil.align(from, Long.BYTES);
        if (at != from && isFrame(from + HEADER_LENGTH))
        {
            return from;
        }
        // Two words at a time: the space behind the end is long, and almost all of it is zero.
        while (at <= mappedLength - Long.BYTES)
        {
            if (0 != buffer.getLong(at))
            {
                if (isFrame(at))
                {
                    return at - HEADER_LENGTH;
                }
                if (isFrame(at + HEADER_LENGTH))
                {
                    return at;
                }
            }
            at += Long.BYTES;
        }
        return -1;
    }

    @Override
    public long markedSequence()
    {
        return null == mark ? 0 : mark.bindingSequence();
    }

    @Override
    public long forcedSequence()
    {
        return null == mark ? 0 : mark.forcedSequence();
    }

    @Override
    public void close()
    {
        buffer.wrap(0, 0);
        if (null != mark)
        {
            mark.close();
        }
        file.close();
    }

    /** Documents of Chronicle's own stand before the first record, and anywhere between others. */
    private int behindMeta(final int position)
    {
        int at = position;
        while (isMapped(at, HEADER_LENGTH) && META == (buffer.getIntVolatile(at) & (META | NOT_COMPLETE)) &&
            !isFrame(at + HEADER_LENGTH) &&
            isMapped(at, HEADER_LENGTH + (buffer.getIntVolatile(at) & LENGTH_MASK)))
        {
            at = BitUtil.align(at + HEADER_LENGTH + (buffer.getIntVolatile(at) & LENGTH_MASK), HEADER_LENGTH);
        }
        return at;
    }

    /** Still zero, as Chronicle leaves it until the body is there; or marked as unfinished, as its format allows. */
    private boolean isUndeclared(final int at)
    {
        return isMapped(at, HEADER_LENGTH) &&
            (0 == buffer.getIntVolatile(at) || 0 != (buffer.getIntVolatile(at) & NOT_COMPLETE));
    }

    private boolean isFrame(final int at)
    {
        return at >= HEADER_LENGTH &&
            at + ExcerptFlyweight.LENGTH_MIN <= mappedLength &&
            ExcerptFlyweight.MAGIC == buffer.getInt(at + ExcerptFlyweight.MAGIC_OFFSET) &&
            null == candidate.wrap(buffer, at).findFault(mappedLength - at);
    }

    private boolean isMapped(final int at, final int length)
    {
        if ((long)at + length <= mappedLength)
        {
            return true;
        }
        if (file.length() > mappedLength)
        {
            mappedLength = file.view(buffer);
        }
        return (long)at + length <= mappedLength;
    }
}
