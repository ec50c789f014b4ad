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
        sweep(nowNs);
        final long eachNs = Math.max(1, MINUTE_NS / perMinute);
        final AtomicLong full = fullAgainNs.computeIfAbsent(accessKey, key -> new AtomicLong(nowNs));
        while (true)
        {
            final long before = full.get();
            final long owedNs = Math.max(0, before - nowNs);
            if (owedNs + eachNs > MINUTE_NS)
            {
                return new Verdict(false, 0, seconds(owedNs), seconds(owedNs + eachNs - MINUTE_NS));
            }
            if (full.compareAndSet(before, nowNs + owedNs + eachNs))
            {
                final int remaining = (int)((MINUTE_NS - owedNs - eachNs) / eachNs);
                return new Verdict(true, remaining, seconds(owedNs + eachNs), 0);
            }
        }
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
