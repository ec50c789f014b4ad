package io.plimsoll.loadtest.sim;

import io.plimsoll.agent.kernel.KernelKey;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What really runs, on all hosts together: the place where "nothing runs in two epochs at once" is true or not,
 * whatever manager and agents believe.
 */
final class KernelWorld
{
    private final Map<Long, KernelKey> aliveByKernelId = new HashMap<>();
    private final Set<KernelKey> started = new HashSet<>();

    void onStart(final KernelKey key, final int host)
    {
        final KernelKey other = aliveByKernelId.put(key.kernelId(), key);
        if (null != other)
        {
            throw new SimulationException(
                "two epochs at once: " + key + " starts on host " + host + " beside " + other);
        }
        if (!started.add(key))
        {
            throw new SimulationException("started twice: " + key + " on host " + host);
        }
    }

    void onEnd(final KernelKey key)
    {
        if (!aliveByKernelId.remove(key.kernelId(), key))
        {
            throw new IllegalStateException("ended without a start: " + key);
        }
    }

    /** Kernels that run now. */
    int alive()
    {
        return aliveByKernelId.size();
    }

    /** Kernels that ever ran, each epoch counted. */
    int starts()
    {
        return started.size();
    }
}
