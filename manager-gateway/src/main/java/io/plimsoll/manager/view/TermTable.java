package io.plimsoll.manager.view;

import java.util.Arrays;

/** Reigns of this cluster as the journal knows them. One writer; the current reign may be read by any thread. */
public final class TermTable
{
    private long[] terms = new long[8];
    private long[] nonces = new long[8];
    private long[] firstSequences = new long[8];
    private int count;
    private volatile Reign current = new Reign(0, 0, 0, 0);
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
        current = new Reign(current.clusterIdHi(), current.clusterIdLo(), term, nonce);
    }

    void copyFrom(final TermTable other)
    {
        terms = other.terms.clone();
        nonces = other.nonces.clone();
        firstSequences = other.firstSequences.clone();
        count = other.count;
        current = other.current;
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
