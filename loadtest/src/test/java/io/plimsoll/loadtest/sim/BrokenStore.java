package io.plimsoll.loadtest.sim;

import io.plimsoll.agent.kernel.Assignment;
import io.plimsoll.agent.kernel.KernelEnd;
import io.plimsoll.agent.kernel.KernelKey;
import io.plimsoll.agent.kernel.KernelStore;

/** Stands before an agent's store and does what it does; what is to be broken is overridden. */
class BrokenStore implements KernelStore
{
    private final KernelStore store;

    BrokenStore(final KernelStore store)
    {
        this.store = store;
    }

    @Override
    public String tryStore(final Assignment assignment)
    {
        return store.tryStore(assignment);
    }

    @Override
    public void limit(final Assignment assignment)
    {
        store.limit(assignment);
    }

    @Override
    public boolean tryFence(final KernelKey key, final KernelEnd end)
    {
        return store.tryFence(key, end);
    }

    @Override
    public void verdict(final KernelKey key, final KernelEnd end)
    {
        store.verdict(key, end);
    }

    @Override
    public void acknowledged(final KernelKey key)
    {
        store.acknowledged(key);
    }

    @Override
    public void remove(final KernelKey key)
    {
        store.remove(key);
    }

    @Override
    public void load(final Loader loader)
    {
        store.load(loader);
    }
}
