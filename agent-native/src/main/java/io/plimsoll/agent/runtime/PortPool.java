package io.plimsoll.agent.runtime;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.BitSet;

/**
 * Ports of the host for kernels, first in first out, so that a port that was given back is the last to be given out
 * again, and not before it has cooled down: what a client still sends to the old kernel must not reach the next. Of the
 * agent's thread.
 */
final class PortPool
{
    /** There is none to be had now. */
    static final int NONE = -1;
    private static final int PORT_MAX = 65_535;

    private final int first;
    private final int last;
    private final long coolDownNs;
    private final ArrayDeque<Integer> free = new ArrayDeque<>();
    private final BitSet taken = new BitSet();
    private final long[] coolAtNs;

    /**
     * All free, and cool.
     *
     * @param first      port.
     * @param last       port, and of the pool.
     * @param coolDownNs after a port was given back.
     * @throws IllegalArgumentException if that is no range of ports.
     */
    PortPool(final int first, final int last, final long coolDownNs)
    {
        if (first < 1 || last > PORT_MAX || first > last)
        {
            throw new IllegalArgumentException(
                "the ports " + first + "-" + last + " are no range: use such as 30000-30999, from 1 to " + PORT_MAX);
        }
        this.first = first;
        this.last = last;
        this.coolDownNs = coolDownNs;
        this.coolAtNs = new long[last - first + 1];
        Arrays.fill(coolAtNs, Long.MIN_VALUE);
        for (int port = first; port <= last; port++)
        {
            free.add(port);
        }
    }

    /**
     * The same of a text.
     *
     * @param range      as {@code 30000-30999}.
     * @param coolDownNs after a port was given back.
     * @throws IllegalArgumentException if that is no range of ports.
     */
    static PortPool of(final String range, final long coolDownNs)
    {
        if (!range.matches("[0-9]{1,5}-[0-9]{1,5}"))
        {
            throw new IllegalArgumentException("the ports " + range + " are no range: use such as 30000-30999");
        }
        final int dash = range.indexOf('-');
        return new PortPool(
            Integer.parseInt(range.substring(0, dash)), Integer.parseInt(range.substring(dash + 1)), coolDownNs);
    }

    int size()
    {
        return last - first + 1;
    }

    /** Takes the port that has been free for longest; NONE if there is no cool one. */
    int acquire(final long nowNs)
    {
        final Integer oldest = free.peek();
        if (null == oldest || coolAtNs[oldest - first] > nowNs)
        {
            return NONE;
        }
        free.poll();
        taken.set(oldest);
        return oldest;
    }

    /** Takes a port that a kernel was found to have, cool or not; one outside of the pool is nobody's business. */
    void claim(final int port)
    {
        if (port >= first && port <= last && !taken.get(port))
        {
            free.removeFirstOccurrence(port);
            taken.set(port);
        }
    }

    /** Gives a port back; one that was not taken is ignored. */
    void release(final int port, final long nowNs)
    {
        if (port >= first && port <= last && taken.get(port))
        {
            taken.clear(port);
            coolAtNs[port - first] = nowNs + coolDownNs;
            free.add(port);
        }
    }

    /** Gives a port back that nobody was told of: it is as cool as it was. One that was not cool yet is released. */
    void giveBackUnused(final int port, final long nowNs)
    {
        if (port >= first && port <= last && taken.get(port) && coolAtNs[port - first] <= nowNs)
        {
            taken.clear(port);
            free.addFirst(port);
        }
        else
        {
            release(port, nowNs);
        }
    }
}
