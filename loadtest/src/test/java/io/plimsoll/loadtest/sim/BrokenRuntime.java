package io.plimsoll.loadtest.sim;

import io.plimsoll.agent.kernel.Assignment;
import io.plimsoll.agent.kernel.KernelKey;
import io.plimsoll.agent.runtime.KernelLaunch;
import io.plimsoll.agent.runtime.KernelListener;
import io.plimsoll.agent.runtime.KernelRuntime;

/** Stands before a runtime and does what it does; what is to be broken is overridden. */
class BrokenRuntime implements KernelRuntime
{
    private final KernelRuntime runtime;

    BrokenRuntime(final KernelRuntime runtime)
    {
        this.runtime = runtime;
    }

    @Override
    public String name()
    {
        return runtime.name();
    }

    @Override
    public boolean tryLaunch(final KernelLaunch launch, final long nowNs)
    {
        return runtime.tryLaunch(launch, nowNs);
    }

    @Override
    public boolean adopt(final Assignment assignment, final long nowNs)
    {
        return runtime.adopt(assignment, nowNs);
    }

    @Override
    public boolean forestall(final KernelKey key)
    {
        return runtime.forestall(key);
    }

    @Override
    public void kill(final KernelKey key, final long graceNs, final long nowNs)
    {
        runtime.kill(key, graceNs, nowNs);
    }

    @Override
    public int poll(final KernelListener listener, final long nowNs)
    {
        return runtime.poll(listener, nowNs);
    }

    @Override
    public int alive()
    {
        return runtime.alive();
    }

    @Override
    public void discard(final KernelKey key)
    {
        runtime.discard(key);
    }

    @Override
    public void close()
    {
        runtime.close();
    }
}
