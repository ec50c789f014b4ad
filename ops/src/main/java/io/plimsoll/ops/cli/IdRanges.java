package io.plimsoll.ops.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/** Session ids as people write them: {@code 5}, {@code 5-204}, {@code 1,7,10-12}. */
public final class IdRanges
{
    private static final long EXPANDED_MAX = 1_000_000;

    private final List<long[]> ranges = new ArrayList<>();

    /**
     * Reads arguments.
     *
     * @throws CliException with the offending text.
     */
    public static IdRanges parse(final List<String> texts)
    {
        final IdRanges ids = new IdRanges();
        for (final String text : texts)
        {
            for (final String part : text.split(",", -1))
            {
                ids.add(part.strip());
            }
        }
        return ids;
    }

    /** Reads one id that is not a range. */
    public static long parseId(final String text)
    {
        final long id = number(text);
        if (id < 1)
        {
            throw malformed(text);
        }
        return id;
    }

    /** Each range as the API takes it. */
    public List<String> texts()
    {
        final List<String> texts = new ArrayList<>();
        for (final long[] range : ranges)
        {
            texts.add(range[0] == range[1] ? Long.toString(range[0]) : range[0] + "-" + range[1]);
        }
        return texts;
    }

    /**
     * The same in parts, as the API takes them.
     *
     * @param idsMax    most ids of a part.
     * @param rangesMax most ranges of a part.
     * @throws CliException if there are more ids than can be named one by one.
     */
    List<List<String>> parts(final int idsMax, final int rangesMax)
    {
        requireFew();
        final List<List<String>> parts = new ArrayList<>();
        List<String> part = new ArrayList<>();
        long room = idsMax;
        for (final long[] range : ranges)
        {
            long first = range[0];
            while (first <= range[1])
            {
                if (0 == room || rangesMax == part.size())
                {
                    parts.add(part);
                    part = new ArrayList<>();
                    room = idsMax;
                }
                final long last = Math.min(range[1], first + room - 1);
                part.add(first == last ? Long.toString(first) : first + "-" + last);
                room -= last - first + 1;
                first = last + 1;
            }
        }
        if (!part.isEmpty())
        {
            parts.add(part);
        }
        return parts;
    }

    /** Hands over each id by itself, however many there are. */
    public void forEachId(final LongConsumer consumer)
    {
        for (final long[] range : ranges)
        {
            for (long id = range[0]; id <= range[1]; id++)
            {
                consumer.accept(id);
            }
        }
    }

    private void requireFew()
    {
        long count = 0;
        for (final long[] range : ranges)
        {
            if (range[1] - range[0] >= EXPANDED_MAX - count)
            {
                throw new CliException(
                    ExitCode.USAGE,
                    range[0] + "-" + range[1] + " are too many ids at once; at most " + EXPANDED_MAX + " can be named");
            }
            count += range[1] - range[0] + 1;
        }
    }

    /** Each id by itself. */
    public List<Long> ids()
    {
        requireFew();
        final List<Long> ids = new ArrayList<>();
        forEachId(ids::add);
        return ids;
    }

    private void add(final String text)
    {
        final int dash = text.indexOf('-');
        final long first = number(dash < 0 ? text : text.substring(0, dash));
        final long last = dash < 0 ? first : number(text.substring(dash + 1));
        if (first < 1 || last < first)
        {
            throw malformed(text);
        }
        ranges.add(new long[]{first, last});
    }

    private static long number(final String text)
    {
        if (text.isEmpty() || text.length() > 18 || !text.chars().allMatch(c -> '0' <= c && c <= '9'))
        {
            return -1;
        }
        return Long.parseLong(text);
    }

    private static CliException malformed(final String text)
    {
        return new CliException(
            ExitCode.USAGE, "'" + text + "' is not a session id; ids are whole numbers from 1, ranges look like 5-204");
    }
}
