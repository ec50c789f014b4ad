package io.plimsoll.manager.replay;

import io.plimsoll.transport.Amounts;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.function.LongSupplier;
import java.util.function.LongUnaryOperator;

/**
 * A place in a journal as people name it: a sequence, a time, a time before its end or from where a replay stands.
 * {@link #move} goes there.
 */
public final class ReplayMoment
{
    /** What is understood, for help and messages. */
    public static final String FORMS =
        "a sequence such as 4711, a time such as 2026-11-22T10:00:00Z or 2026-11-22T10:00 (here), a time before the" +
            " end such as -10m, one from here such as +30s, start or end";

    private static final long NS_PER_SECOND = 1_000_000_000L;

    private enum Kind
    {
        START,
        SEQUENCE,
        TIME,
        BEFORE_END,
        FROM_HERE,
        END
    }

    private final Kind kind;
    private final long value;

    private ReplayMoment(final Kind kind, final long value)
    {
        this.kind = kind;
        this.value = value;
    }

    /**
     * Reads a moment.
     *
     * @param text to read.
     * @param zone of times without one.
     * @return the moment.
     * @throws ReplayException that says what would be right.
     */
    public static ReplayMoment parse(final String text, final ZoneId zone)
    {
        final String clean = text.strip();
        final String folded = clean.toLowerCase(Locale.ROOT);
        if ("end".equals(folded) || "start".equals(folded))
        {
            return new ReplayMoment("end".equals(folded) ? Kind.END : Kind.START, 0);
        }
        if (clean.matches("[0-9]+"))
        {
            return new ReplayMoment(Kind.SEQUENCE, new BigInteger(clean).min(BigInteger.valueOf(Long.MAX_VALUE))
                .longValue());
        }
        try
        {
            if (clean.startsWith("-") || clean.startsWith("+"))
            {
                return new ReplayMoment(
                    clean.startsWith("-") ? Kind.BEFORE_END : Kind.FROM_HERE, Amounts.durationNs(clean.substring(1)));
            }
            return new ReplayMoment(Kind.TIME, epochNs(clean, zone));
        }
        catch (final DateTimeException | IllegalArgumentException ex)
        {
            throw new ReplayException("'" + text + "' is no place in a journal: right is " + FORMS);
        }
    }

    /**
     * Reads a time. One that is too far away to be counted in nanoseconds is before or behind every record.
     *
     * @param text with an offset, or without.
     * @param zone of times without one.
     * @return epoch nanoseconds.
     * @throws DateTimeException if it is none.
     */
    public static long epochNs(final String text, final ZoneId zone)
    {
        Instant instant;
        try
        {
            instant = OffsetDateTime.parse(text).toInstant();
        }
        catch (final DateTimeParseException local)
        {
            instant = LocalDateTime.parse(text).atZone(zone).toInstant();
        }
        try
        {
            return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), NS_PER_SECOND), instant.getNano());
        }
        catch (final ArithmeticException ex)
        {
            return instant.isBefore(Instant.EPOCH) ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
    }

    private long behind(final long hereNs)
    {
        return hereNs > Long.MAX_VALUE - value ? Long.MAX_VALUE : hereNs + value;
    }

    /** Whether it is the end, whatever is there. */
    public boolean isEnd()
    {
        return Kind.END == kind;
    }

    /** Whether it is where that begins which is kept. */
    public boolean isStart()
    {
        return Kind.START == kind;
    }

    /** Whether it counts from where a replay stands. */
    public boolean isFromHere()
    {
        return Kind.FROM_HERE == kind;
    }

    /** Whether it is a sequence. */
    public boolean isSequence()
    {
        return Kind.SEQUENCE == kind;
    }

    /** The sequence, if it is one. */
    public long sequence()
    {
        return value;
    }

    /**
     * The time, if it is one.
     *
     * @param endNs epoch nanoseconds of the end.
     */
    public long epochNs(final long endNs)
    {
        return Kind.BEFORE_END == kind ? endNs - value : value;
    }

    /**
     * Goes there.
     *
     * @param cluster to move.
     * @throws ReplayException if that is not in the journal.
     */
    public void move(final ReplayedCluster cluster)
    {
        switch (kind)
        {
            case START -> cluster.moveToStart();
            case SEQUENCE -> cluster.moveTo(value);
            case TIME -> cluster.moveToTime(value);
            case FROM_HERE -> cluster.moveToTime(behind(cluster.timestampNs()));
            case BEFORE_END -> cluster.moveToTime(cluster.endTimestampNs() - value);
            default -> cluster.moveToEnd();
        }
    }

    /** Whether it names a record, rather than a time at which there may be none. */
    public boolean isRecord()
    {
        return Kind.START == kind || Kind.SEQUENCE == kind || Kind.END == kind;
    }

    /** Whether both name a record by its sequence, and this one the earlier. */
    public boolean isRecordBefore(final ReplayMoment other)
    {
        final boolean isEarlyEnd = Kind.START == kind || Kind.SEQUENCE == kind;
        return isEarlyEnd && Kind.SEQUENCE == other.kind && value < other.value;
    }

    /**
     * The time of it.
     *
     * @param timeOfSequence tells that of a record; 0 is before the first.
     * @param endNs          tells that of the end.
     * @param hereNs         from where times from here count.
     * @return epoch nanoseconds.
     */
    public long epochNs(final LongUnaryOperator timeOfSequence, final LongSupplier endNs, final long hereNs)
    {
        return switch (kind)
        {
            case START, SEQUENCE -> timeOfSequence.applyAsLong(value);
            case TIME -> value;
            case FROM_HERE -> behind(hereNs);
            case BEFORE_END -> endNs.getAsLong() - value;
            default -> endNs.getAsLong();
        };
    }
}
