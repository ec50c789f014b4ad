package io.plimsoll.agent.runtime;

import java.util.concurrent.TimeUnit;

/**
 * How long calls of a runtime plugin may take, and how often they are made. Durations in nanoseconds.
 *
 * @param startNs  to start a kernel.
 * @param callNs   for anything else.
 * @param lookNs   between two looks at a kernel.
 * @param retryNs  before something that failed is tried again.
 * @param giveUpNs for how long nothing may be known of a kernel.
 * @param usageNs  between two looks at what it uses.
 */
record PluginDeadlines(long startNs, long callNs, long lookNs, long retryNs, long giveUpNs, long usageNs)
{
    static final PluginDeadlines DEFAULTS = new PluginDeadlines(
        TimeUnit.SECONDS.toNanos(30),
        TimeUnit.SECONDS.toNanos(10),
        TimeUnit.MILLISECONDS.toNanos(200),
        TimeUnit.SECONDS.toNanos(1),
        TimeUnit.SECONDS.toNanos(30),
        TimeUnit.SECONDS.toNanos(2));
}
