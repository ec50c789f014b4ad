package io.plimsoll.manager.http;

import io.plimsoll.manager.TokenCheck;
import io.plimsoll.manager.identity.Caller;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.concurrent.TimeUnit;

/**
 * Spares the hash of a token that was right a moment ago, since most requests come with the same one. A token that is
 * taken back is refused after a second at the latest. Compares in constant time. Any thread.
 */
final class TokenCache implements TokenCheck
{
    private static final long LIFE_NS = TimeUnit.SECONDS.toNanos(1);

    private final TokenCheck tokens;
    private volatile Entry last;

    TokenCache(final TokenCheck tokens)
    {
        this.tokens = tokens;
    }

    @Override
    public Caller callerOf(final String token)
    {
        final byte[] bytes = token.getBytes(StandardCharsets.UTF_8);
        final Entry entry = last;
        final long nowNs = System.nanoTime();
        if (null != entry && nowNs - entry.sinceNs < LIFE_NS && MessageDigest.isEqual(entry.token, bytes))
        {
            return entry.caller;
        }
        final Caller caller = tokens.callerOf(token);
        if (null != caller)
        {
            last = new Entry(bytes, caller, nowNs);
        }
        return caller;
    }

    private record Entry(byte[] token, Caller caller, long sinceNs)
    {
    }
}
