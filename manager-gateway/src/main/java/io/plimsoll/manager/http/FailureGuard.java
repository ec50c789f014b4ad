package io.plimsoll.manager.http;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Locks out whoever fails to prove itself again and again: after so many failures in a row that name one keypair from
 * one address, what comes from there in its name is refused for a minute, then for two, and so on up to a quarter of an
 * hour. The keypair itself stays open to others, or everybody could lock out anybody. Any thread.
 */
public final class FailureGuard
{
    /** Failures in a row. */
    static final int FAILURES_MAX = 10;
    private static final int ENTRIES_MAX = 10_000;
    private static final long LOCK_NS = TimeUnit.MINUTES.toNanos(1);
    private static final long LOCK_MAX_NS = TimeUnit.MINUTES.toNanos(15);
    private static final long FORGET_NS = TimeUnit.MINUTES.toNanos(30);
    private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);

    /** The longest silent first. */
    private final Map<Suspect, Failures> entries = new LinkedHashMap<>(64, 0.75f, true)
    {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(final Map.Entry<Suspect, Failures> eldest)
        {
            return size() > ENTRIES_MAX;
        }
    };

    /**
     * For how long it is locked out.
     *
     * @param nowNs     monotonic.
     * @param address   of the client.
     * @param accessKey that it names; empty for none.
     * @return seconds, 0: it is not.
     */
    public synchronized int lockedSeconds(final long nowNs, final String address, final String accessKey)
    {
        if (entries.isEmpty())
        {
            return 0;
        }
        final Failures entry = entries.get(new Suspect(address, accessKey));
        final long leftNs = null == entry ? 0 : entry.lockedUntilNs - nowNs;
        return null == entry || !entry.locked || leftNs <= 0 ? 0 : (int)((leftNs + SECOND_NS - 1) / SECOND_NS);
    }

    /**
     * It failed.
     *
     * @param nowNs     monotonic.
     * @param address   of the client.
     * @param accessKey that it names; empty for none.
     * @return whether it is locked out for that.
     */
    public synchronized boolean failed(final long nowNs, final String address, final String accessKey)
    {
        final Failures entry = entries.computeIfAbsent(new Suspect(address, accessKey), key -> new Failures());
        if (entry.failures > 0 && nowNs - entry.lastNs > FORGET_NS)
        {
            entry.failures = 0;
            entry.lockNs = LOCK_NS;
        }
        entry.lastNs = nowNs;
        entry.failures++;
        if (0 != entry.failures % FAILURES_MAX)
        {
            return false;
        }
        entry.locked = true;
        entry.lockedUntilNs = nowNs + entry.lockNs;
        entry.lockNs = Math.min(2 * entry.lockNs, LOCK_MAX_NS);
        return true;
    }

    /**
     * It proved itself.
     *
     * @param address   of the client.
     * @param accessKey that it names; empty for none.
     */
    public synchronized void succeeded(final String address, final String accessKey)
    {
        if (!entries.isEmpty())
        {
            entries.remove(new Suspect(address, accessKey));
        }
    }

    /**
     * What a token says of whose it is: not the secret part.
     *
     * @param token as it came.
     * @return the access key of a keypair; empty for none.
     */
    public static String accessKey(final String token)
    {
        final String[] parts = token.split("\\.", 3);
        return 3 == parts.length ? parts[1] : "";
    }

    /** Who is remembered. */
    synchronized int size()
    {
        return entries.size();
    }

    private record Suspect(String address, String accessKey)
    {
    }

    private static final class Failures
    {
        private int failures;
        private long lastNs;
        private long lockNs = LOCK_NS;
        private boolean locked;
        private long lockedUntilNs;
    }
}
