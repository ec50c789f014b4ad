package io.plimsoll.bench.harness;

import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;

/**
 * Does something until the compiler of the JVM has little left to do. On two cores it takes as long as what is to be
 * measured, which then comes out at half of what it is some seconds later; how many seconds depends on the machine.
 */
public final class WarmUp
{
    /** Part of a slice that compiling may take, by its own clock. */
    private static final double COMPILING_MAX = 0.1;
    /** Of quiet slices one after the other: what is hot next is often found out a while after what was before it. */
    private static final int QUIET_SLICES = 3;
    private static final long TOTAL_MAX_NS = TimeUnit.SECONDS.toNanos(30);

    private WarmUp()
    {
    }

    /**
     * Repeats it, for 30 s at most; once, if the budget is too small to mean anything.
     *
     * @param budget    of time.
     * @param slicesMax most repetitions.
     * @param slice     takes some tenths of a second.
     */
    public static void until(final Budget budget, final int slicesMax, final Runnable slice)
    {
        final CompilationMXBean compiler = ManagementFactory.getCompilationMXBean();
        final long startNs = System.nanoTime();
        int quiet = 0;
        int slices = 0;
        do
        {
            final long beforeNs = System.nanoTime();
            final long compiledMs = compiledMs(compiler);
            slice.run();
            slices++;
            final double tookMs = (System.nanoTime() - beforeNs) / 1e6;
            quiet = compiledMs(compiler) - compiledMs < COMPILING_MAX * tookMs ? quiet + 1 : 0;
        }
        while (quiet < QUIET_SLICES && slices < slicesMax && !budget.isSmoke() &&
            System.nanoTime() - startNs < TOTAL_MAX_NS);
    }

    /** JVMs without a compiler, or one that does not say, are warm at once. */
    private static long compiledMs(final CompilationMXBean compiler)
    {
        return null == compiler || !compiler.isCompilationTimeMonitoringSupported() ?
            0 : compiler.getTotalCompilationTime();
    }
}
