package io.plimsoll.manager.http;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Lets each signed request in once, and only near its date. Nonces are remembered for as long as their date would be
 * accepted, up to a number for each keypair; where that is reached, the oldest second is forgotten, and requests that
 * old are refused from then on: what is forgotten is never let in. So whoever sends very much narrows their own window
 * alone. Any thread.
 */
final class ReplayGuard
{
    private static final long SECOND_MS = 1_000;
    /** By so much may the clock go back without letting in again what was forgotten. */
    private static final long MARGIN_S = 60;

    private final long skewMaxMs;
    private final int noncesMax;
    private final Map<String, Window> windows = new HashMap<>();
    private long sweptMs;

    /**
     * Makes one that has seen nothing.
     *
     * @param skewMaxMs how far a date may be off, either way.
     * @param noncesMax of a keypair, that are remembered.
     */
    ReplayGuard(final long skewMaxMs, final int noncesMax)
    {
        this.skewMaxMs = skewMaxMs;
        this.noncesMax = noncesMax;
    }

    /** What is to be said of a request. */
    enum Verdict
    {
        /** It is new. */
        FRESH,
        /** Its date is too far off. */
        SKEWED,
        /** It was let in before. */
        REPLAYED,
        /** It may have been let in before. */
        FORGOTTEN
    }

    /**
     * Takes note of a request whose signature is right.
     *
     * @param nowMs     epoch milliseconds.
     * @param dateMs    of the request.
     * @param accessKey that signed it.
     * @param nonce     of the request.
     */
    synchronized Verdict admit(final long nowMs, final long dateMs, final String accessKey, final String nonce)
    {
        if (Math.abs(nowMs - dateMs) > skewMaxMs)
        {
            return Verdict.SKEWED;
        }
        if (nowMs - sweptMs > SECOND_MS || nowMs < sweptMs)
        {
            sweep(nowMs);
        }
        final Window window = windows.computeIfAbsent(accessKey, key -> new Window());
        final long second = Math.floorDiv(dateMs, SECOND_MS);
        if (second < window.floor)
        {
            return Verdict.FORGOTTEN;
        }
        if (!window.seconds.computeIfAbsent(second, key -> new HashSet<>()).add(nonce))
        {
            return Verdict.REPLAYED;
        }
        window.count++;
        while (window.count > noncesMax)
        {
            window.forget();
        }
        return second < window.floor ? Verdict.FORGOTTEN : Verdict.FRESH;
    }

    /** Keypairs of which something is remembered. */
    synchronized int size()
    {
        return windows.size();
    }

    private void sweep(final long nowMs)
    {
        sweptMs = nowMs;
        final long oldest = Math.floorDiv(nowMs - skewMaxMs, SECOND_MS);
        final Iterator<Window> each = windows.values().iterator();
        while (each.hasNext())
        {
            final Window window = each.next();
            while (!window.seconds.isEmpty() && window.seconds.firstKey() < oldest)
            {
                window.forget();
            }
            if (window.seconds.isEmpty() && window.floor + MARGIN_S <= oldest)
            {
                each.remove();
            }
        }
    }

    /** Of one keypair. */
    private static final class Window
    {
        private final TreeMap<Long, Set<String>> seconds = new TreeMap<>();
        /** The first second of which all is remembered. */
        private long floor = Long.MIN_VALUE;
        private int count;

        void forget()
        {
            final Map.Entry<Long, Set<String>> oldest = seconds.pollFirstEntry();
            count -= oldest.getValue().size();
            floor = oldest.getKey() + 1;
        }
    }
}
