package io.plimsoll.agent.runtime;

import io.plimsoll.agent.kernel.KernelEnd;
import io.plimsoll.agent.kernel.KernelKey;
import io.plimsoll.transport.sbe.ReportKind;

/** Is told by {@link KernelRuntime#poll} what became of kernels. */
public interface KernelListener
{
    /**
     * It is on its way: PULLING, said again whenever there is progress, then PREPARING.
     *
     * @param key  of the kernel.
     * @param step what it has come to.
     */
    default void onStep(final KernelKey key, final ReportKind step)
    {
    }

    /**
     * The host offers ports of it; before it runs.
     *
     * @param key   of the kernel.
     * @param ports of the kernel with those of the host, as {@code 8080=30000,8081=30001}.
     */
    default void onPublished(final KernelKey key, final String ports)
    {
    }

    /**
     * The workload runs.
     *
     * @param key     of the kernel.
     * @param sinceNs when it started, by the agent's clock.
     * @param cpus    cores it is bound to, as {@code 0-3,8}; empty: not bound.
     * @param devices physical devices by number, as {@code 0=...,1=...}; empty: none.
     */
    void onStarted(KernelKey key, long sinceNs, String cpus, String devices);

    /**
     * It is gone, with all its processes; the last call.
     *
     * @param key of the kernel.
     * @param end how.
     */
    void onEnded(KernelKey key, KernelEnd end);
}
