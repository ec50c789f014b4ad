package io.plimsoll.manager.http;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Requests of each keypair against a number a minute: that many at once, and then as they come back one by one. The
 * generic cell rate algorithm (ITU-T I.371): kept is the time at which all that was let in has come back. Any thread.
 */
final class RateLimiter
{
    private static final long MINUTE_NS = TimeUnit.MINUTES.toNanos(1);
    private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long SWEEP_NS = 2 * MINUTE_NS;

    private final Map<String, AtomicLong> fullAgainNs = new ConcurrentHashMap<>();
    private final AtomicLong sweptNs;

    RateLimiter(final long nowNs)
    {
        sweptNs = new AtomicLong(nowNs);
    }

    /**
     * What is to be said of a request.
     *
     * @param allowed           whether it is let in.
     * @param remaining         further ones that would be, now.
     * @param resetSeconds      until as many as ever would be.
     * @param retryAfterSeconds until one would be; 0: now.
     */
    record Verdict(boolean allowed, int remaining, int resetSeconds, int retryAfterSeconds)
    {
    }

    /**
     * Takes note of a request.
     *
     * @param nowNs     monotonic.
     * @param accessKey that sends it.
     * @param perMinute requests, at least 1.
     */
    Verdict admit(final long nowNs, final String accessKey, final int perMinute)
    {
        final long eachNs = eachNs(perMinute);
        final long taken = take(nowNs, accessKey, eachNs);
        return taken < 0 ?
            new Verdict(false, 0, seconds(~taken), seconds(~taken + eachNs - MINUTE_NS)) :
            new Verdict(true, (int)((MINUTE_NS - taken) / eachNs), seconds(taken), 0);
    }

    /**
     * As {@link #admit}, for who wants to know no more; allocates nothing.
     *
     * @return seconds until the request would be let in; 0: it is.
     */
    int tryAdmit(final long nowNs, final String accessKey, final int perMinute)
    {
        final long eachNs = eachNs(perMinute);
        final long taken = take(nowNs, accessKey, eachNs);
        return taken < 0 ? seconds(~taken + eachNs - MINUTE_NS) : 0;
    }

    /** What is owed with the request, in ns; if that would be too much: the complement of what is owed without it. */
    private long take(final long nowNs, final String accessKey, final long eachNs)
    {
        sweep(nowNs);
        AtomicLong full = fullAgainNs.get(accessKey);
        if (null == full)
        {
            full = fullAgainNs.computeIfAbsent(accessKey, key -> new AtomicLong(nowNs));
        }
        while (true)
        {
            final long before = full.get();
            final long owedNs = Math.max(0, before - nowNs);
            if (owedNs + eachNs > MINUTE_NS)
            {
                return ~owedNs;
            }
            if (full.compareAndSet(before, nowNs + owedNs + eachNs))
            {
                return owedNs + eachNs;
            }
        }
    }

    private static long eachNs(final int perMinute)
    {
        return Math.max(1, MINUTE_NS / perMinute);
    }

    /** Keypairs of which something is remembered. */
    int size()
    {
        return fullAgainNs.size();
    }

    private void sweep(final long nowNs)
    {
        final long last = sweptNs.get();
        if (nowNs - last > SWEEP_NS && sweptNs.compareAndSet(last, nowNs))
        {
            fullAgainNs.values().removeIf(full -> full.get() - nowNs < -MINUTE_NS);
        }
    }

    private static int seconds(final long durationNs)
    {
        return (int)((durationNs + SECOND_NS - 1) / SECOND_NS);
    }
}
