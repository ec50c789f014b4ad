package io.plimsoll.manager.view;

import java.util.Arrays;
import java.util.Locale;

/** Reigns of this cluster as the journal knows them. One writer; the current reign may be read by any thread. */
public final class TermTable
{
    private long[] terms = new long[8];
    private long[] nonces = new long[8];
    private long[] firstSequences = new long[8];
    private int count;
    private volatile Reign current = new Reign(0, 0, 0, 0);
    private volatile Reigns reigns = new Reigns(new String[0], new long[0]);
    private volatile long seenTermMax;

    void begin(final long term, final long nonce, final long sequence)
    {
        if (count == terms.length)
        {
            terms = Arrays.copyOf(terms, count * 2);
            nonces = Arrays.copyOf(nonces, count * 2);
            firstSequences = Arrays.copyOf(firstSequences, count * 2);
        }
        terms[count] = term;
        nonces[count] = nonce;
        firstSequences[count] = sequence;
        count++;
        reigns = reigns.with(label(nonce), sequence);
        current = new Reign(current.clusterIdHi(), current.clusterIdLo(), term, nonce);
    }

    void copyFrom(final TermTable other)
    {
        terms = other.terms.clone();
        nonces = other.nonces.clone();
        firstSequences = other.firstSequences.clone();
        count = other.count;
        current = other.current;
        reigns = other.reigns;
        seenTermMax = other.seenTermMax;
    }

    void clusterId(final long hi, final long lo)
    {
        current = new Reign(hi, lo, current.term(), current.nonce());
    }

    void seen(final long term)
    {
        seenTermMax = Math.max(seenTermMax, term);
    }

    public Reign current()
    {
        return current;
    }

    /** Highest term that any agent has told of; after a lost tail it may be above the current one. */
    public long seenTermMax()
    {
        return seenTermMax;
    }

    /** Nonce of the newest reign of a number, 0 if there was none. */
    public long nonce(final long term)
    {
        for (int i = count - 1; i >= 0; i--)
        {
            if (terms[i] == term)
            {
                return nonces[i];
            }
        }
        return 0;
    }

    /**
     * Whether something that another party remembers stands in this journal.
     *
     * @param term     of the reign that wrote it.
     * @param nonce    of that reign; two reigns on copies of one journal share the number, not the nonce.
     * @param sequence that it was written with.
     * @return whether this journal holds that sequence of that reign.
     */
    public boolean holds(final long term, final long nonce, final long sequence)
    {
        for (int i = count - 1; i >= 0; i--)
        {
            if (terms[i] == term)
            {
                final boolean ended = i + 1 < count;
                return nonces[i] == nonce && sequence >= firstSequences[i] &&
                    (!ended || sequence < firstSequences[i + 1]);
            }
        }
        return false;
    }

    private static String label(final long nonce)
    {
        return String.format(Locale.ROOT, "%08x", (int)nonce);
    }

    /** Which reign wrote a sequence, as readers of events are told it; empty if that is not known. Any thread. */
    public String reign(final long sequence)
    {
        final Reigns known = reigns;
        final int index = known.at(sequence);
        return index < 0 ? "" : known.labels()[index];
    }

    /**
     * Up to where this journal holds what a reader has seen. Any thread.
     *
     * @param reign    as {@link #reign} tells it.
     * @param sequence that was seen of it.
     * @return the sequence, or the last one of that reign if it is lower; 0 if this journal does not know the reign.
     */
    public long common(final String reign, final long sequence)
    {
        final Reigns known = reigns;
        for (int i = known.labels().length - 1; i >= 0; i--)
        {
            if (known.labels()[i].equals(reign))
            {
                final long end = i + 1 < known.labels().length ? known.firsts()[i + 1] - 1 : Long.MAX_VALUE;
                return Math.min(sequence, end);
            }
        }
        return 0;
    }

    /** What other threads may look at. Immutable. */
    private record Reigns(String[] labels, long[] firsts)
    {
        Reigns with(final String label, final long first)
        {
            final int length = labels.length;
            final String[] moreLabels = Arrays.copyOf(labels, length + 1);
            final long[] moreFirsts = Arrays.copyOf(firsts, length + 1);
            moreLabels[length] = label;
            moreFirsts[length] = first;
            return new Reigns(moreLabels, moreFirsts);
        }

        /** Index of the reign of a sequence, -1 if it is before all of them. */
        int at(final long sequence)
        {
            final int found = Arrays.binarySearch(firsts, sequence);
            return found >= 0 ? found : -found - 2;
        }
    }

    /**
     * A manager's reign.
     *
     * @param clusterIdHi first half of the cluster's id.
     * @param clusterIdLo second half.
     * @param term        number of the reign, 0 before the first.
     * @param nonce       random, tells apart reigns of one number.
     */
    public record Reign(long clusterIdHi, long clusterIdLo, long term, long nonce)
    {
    }
}
