package io.plimsoll.loadtest.sim;

import io.plimsoll.agent.kernel.Assignment;
import io.plimsoll.agent.kernel.KernelKey;
import io.plimsoll.agent.kernel.SlotGrant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What really runs, on all hosts together: the place where "nothing runs in two epochs at once" and "no device is given
 * twice" are true or not, whatever manager and agents believe.
 */
final class KernelWorld
{
    private static final String CPU = "cpu";
    private static final String MEM = "mem";
    private static final String SHARES = ".shares";
    private static final char NUMBER = '#';
    private static final long THOUSAND = 1_000;

    private final Map<KernelKey, Running> alive = new LinkedHashMap<>();
    private final Map<Long, KernelKey> aliveByKernelId = new HashMap<>();
    private final Set<KernelKey> started = new HashSet<>();
    private final Set<KernelKey> erased = new HashSet<>();
    private final Map<Integer, Map<String, Long>> capacityByHost = new HashMap<>();
    private Predicate<KernelKey> orphan = key -> false;
    private Predicate<KernelKey> mayStartAgain = key -> false;
    private long starts;

    /** Whose assignment is no longer in the journal: nobody can count with it. */
    void orphans(final Predicate<KernelKey> isOrphan)
    {
        orphan = isOrphan;
        aliveByKernelId.values().removeIf(isOrphan);
    }

    /** Whose start, as far as the journal knows, may not have happened. */
    void mayStartAgain(final Predicate<KernelKey> may)
    {
        mayStartAgain = may;
    }

    void capacity(final int host, final String slot, final long amount)
    {
        capacityByHost.computeIfAbsent(host, key -> new HashMap<>()).put(slot, amount);
    }

    void onStart(final Assignment assignment, final int host)
    {
        final KernelKey key = assignment.key();
        starts++;
        // What the journal has lost, no manager can tell a host that has forgotten it too.
        if (!started.add(key) && !(erased.remove(key) && (mayStartAgain.test(key) || orphan.test(key))))
        {
            throw new SimulationException("started twice: " + key + " on host " + host);
        }
        final Running running = new Running(assignment, host);
        if (!orphan.test(key))
        {
            final KernelKey other = aliveByKernelId.put(key.kernelId(), key);
            if (null != other)
            {
                throw new SimulationException(
                    "two epochs at once: " + key + " starts on host " + host + " beside " + other);
            }
            checkRoom(running);
        }
        alive.put(key, running);
    }

    void onEnd(final KernelKey key)
    {
        if (null == alive.remove(key))
        {
            throw new IllegalStateException("ended without a start: " + key);
        }
        aliveByKernelId.remove(key.kernelId(), key);
    }

    /** Power was lost on the host that it ran on, and with it, perhaps, all memory of it there. */
    void onErased(final KernelKey key)
    {
        if (started.contains(key))
        {
            erased.add(key);
        }
    }

    /** Kernels that run now. */
    int alive()
    {
        return alive.size();
    }

    /** Kernels that ever ran, each epoch counted. */
    long starts()
    {
        return starts;
    }

    private void checkRoom(final Running fresh)
    {
        final Map<String, Long> used = new HashMap<>();
        add(used, fresh.assignment);
        for (final Running other : alive.values())
        {
            if (other.host == fresh.host && !orphan.test(other.assignment.key()))
            {
                add(used, other.assignment);
            }
        }
        final Map<String, Long> capacity = capacityByHost.get(fresh.host);
        used.forEach((what, amount) ->
        {
            final long most = what.indexOf(NUMBER) > 0 ? THOUSAND : capacity.getOrDefault(what, 0L);
            if (amount > most)
            {
                throw new SimulationException("given twice: host " + fresh.host + " has " + what + "=" + most +
                    " and runs kernels with " + amount + ", the last " + fresh.assignment.key());
            }
        });
    }

    /** Of devices each is counted by itself, in thousandths. */
    private static void add(final Map<String, Long> used, final Assignment assignment)
    {
        used.merge(CPU, assignment.cpuMillis(), Long::sum);
        used.merge(MEM, assignment.memoryBytes(), Long::sum);
        for (final SlotGrant slot : assignment.slots())
        {
            final boolean shared = slot.name().endsWith(SHARES);
            for (long left = slot.devices(); 0 != left; left &= left - 1)
            {
                final String kind = slot.name().substring(0, slot.name().lastIndexOf('.'));
                used.merge(
                    kind + NUMBER + Long.numberOfTrailingZeros(left), shared ? slot.amount() : THOUSAND, Long::sum);
            }
            if (0 == slot.devices())
            {
                used.merge(slot.name(), slot.amount(), Long::sum);
            }
        }
    }

    private record Running(Assignment assignment, int host)
    {
    }
}
