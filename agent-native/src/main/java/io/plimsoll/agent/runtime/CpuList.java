package io.plimsoll.agent.runtime;

import java.util.BitSet;

/** Lists of numbers as the kernel of the system writes them: {@code 0-3,8}. */
public final class CpuList
{
    /** No processor has this number or a higher one. */
    public static final int END = 1 << 16;

    private CpuList()
    {
    }

    /** Writes it. */
    public static String format(final BitSet cpus)
    {
        final StringBuilder text = new StringBuilder();
        int first = cpus.nextSetBit(0);
        while (first >= 0)
        {
            final int end = cpus.nextClearBit(first);
            text.append(0 == text.length() ? "" : ",").append(first);
            if (end - first > 1)
            {
                text.append('-').append(end - 1);
            }
            first = cpus.nextSetBit(end);
        }
        return text.toString();
    }

    /** Reads it. */
    public static BitSet parse(final String list)
    {
        final BitSet cpus = new BitSet();
        for (final String range : list.strip().split(","))
        {
            if (!range.isEmpty())
            {
                final int dash = range.indexOf('-');
                final int first = Integer.parseInt(dash < 0 ? range : range.substring(0, dash));
                final int last = dash < 0 ? first : Integer.parseInt(range.substring(dash + 1));
                if (last >= END)
                {
                    throw new NumberFormatException("there is no processor " + last);
                }
                cpus.set(first, last + 1);
            }
        }
        return cpus;
    }
}
