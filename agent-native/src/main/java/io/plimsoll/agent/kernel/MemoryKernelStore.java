package io.plimsoll.agent.kernel;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** Keeps nothing beyond the process, but hands back what it was given: for virtual agents and tests of restarts. */
public final class MemoryKernelStore implements KernelStore
{
    private final Map<KernelKey, Assignment> assignments = new LinkedHashMap<>();
    private final Map<KernelKey, KernelEnd> verdicts = new LinkedHashMap<>();
    private final Set<KernelKey> acknowledged = new LinkedHashSet<>();

    @Override
    public String tryStore(final Assignment assignment)
    {
        assignments.put(assignment.key(), assignment);
        return null;
    }

    @Override
    public void limit(final Assignment assignment)
    {
        assignments.replace(assignment.key(), assignment);
    }

    @Override
    public boolean tryFence(final KernelKey key, final KernelEnd end)
    {
        assignments.put(key, null);
        verdicts.put(key, end);
        return true;
    }

    @Override
    public void verdict(final KernelKey key, final KernelEnd end)
    {
        verdicts.put(key, end);
    }

    @Override
    public void acknowledged(final KernelKey key)
    {
        acknowledged.add(key);
    }

    @Override
    public void remove(final KernelKey key)
    {
        assignments.remove(key);
        verdicts.remove(key);
        acknowledged.remove(key);
    }

    @Override
    public void load(final Loader loader)
    {
        assignments.forEach(
            (key, assignment) -> loader.onKernel(key, assignment, verdicts.get(key), acknowledged.contains(key)));
    }

    /** How many are kept. */
    public int size()
    {
        return assignments.size();
    }
}
