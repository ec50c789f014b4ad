package io.plimsoll.manager.callback;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Where callbacks may go, and how patient the manager is with those who do not take them.
 *
 * @param allow     hosts ({@code hooks.example.org}, {@code *.example.org}) and networks ({@code 10.0.0.0/8}) that they
 *                  may go to; empty: anywhere but to what nobody should be able to reach through the manager.
 * @param deny      hosts and networks that they may not go to in any case.
 * @param giveUpNs  after which one that was not taken is given up.
 * @param timeoutNs of one attempt, from looking up the name to the answer.
 * @param caFile    certificates (PEM) of the authorities that are trusted, and no others; null: those of the JDK.
 */
public record CallbackOptions(List<String> allow, List<String> deny, long giveUpNs, long timeoutNs, Path caFile)
{
    /** Anywhere outside of this host, for a day. */
    public static final CallbackOptions DEFAULTS =
        new CallbackOptions(List.of(), List.of(), TimeUnit.HOURS.toNanos(24), TimeUnit.SECONDS.toNanos(10), null);

    /** Options that trust the authorities of the JDK. */
    public CallbackOptions(
        final List<String> allow, final List<String> deny, final long giveUpNs, final long timeoutNs)
    {
        this(allow, deny, giveUpNs, timeoutNs, null);
    }
}
