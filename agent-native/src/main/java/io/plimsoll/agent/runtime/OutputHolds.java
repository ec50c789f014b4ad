package io.plimsoll.agent.runtime;

import io.plimsoll.agent.usage.ControlGroups;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that the output of containers is held, see {@link OutputHold}: beside their starts, which do not wait for
 * it, several by one look at the host's processes. Of the agent's thread.
 */
final class OutputHolds
{
    private static final Logger LOG = LoggerFactory.getLogger(OutputHolds.class);
    private static final long RETRY_NS = TimeUnit.SECONDS.toNanos(1);
    private static final int TRIES_MAX = 3;

    private final DockerCycle cycle;
    private final SupervisorScript script;
    private final ControlGroups groups = ControlGroups.ofHost();
    private final boolean isAble = 0 == Libc.geteuid();
    private final ArrayDeque<Wanted> wanted = new ArrayDeque<>();
    private boolean isBusy;
    private long dueNs = Long.MIN_VALUE;

    OutputHolds(final DockerCycle cycle, final SupervisorScript script)
    {
        this.cycle = cycle;
        this.script = script;
    }

    /** Takes those that have begun to run. */
    int poll()
    {
        while (!cycle.begun.isEmpty())
        {
            final DockerKernel kernel = cycle.begun.poll();
            if (isAble)
            {
                wanted.add(new Wanted(kernel, 1));
            }
        }
        if (isBusy || wanted.isEmpty() || cycle.nowNs < dueNs)
        {
            return 0;
        }
        isBusy = true;
        final List<Wanted> now = new ArrayList<>(wanted);
        wanted.clear();
        now.removeIf(one -> DockerKernel.Step.RUNNING != one.kernel.step);
        cycle.calls.submit("holding output", () -> begin(now), (missed, failure) ->
        {
            isBusy = false;
            for (final Wanted one : null == failure ? missed : now)
            {
                if (one.tries < TRIES_MAX && DockerKernel.Step.RUNNING == one.kernel.step)
                {
                    wanted.add(new Wanted(one.kernel, one.tries + 1));
                    dueNs = cycle.nowNs + RETRY_NS;
                }
            }
        });
        return 1;
    }

    /** Gives those that are not held. On another thread. */
    private List<Wanted> begin(final List<Wanted> all)
    {
        final Set<String> containers = new HashSet<>();
        all.forEach(one -> containers.add(one.kernel.container));
        final Map<String, Long> shims = OutputHold.shims(containers);
        final List<Wanted> missed = new ArrayList<>();
        for (final Wanted one : all)
        {
            final String container = one.kernel.container;
            final Long shim = shims.get(container);
            try
            {
                if (null == shim)
                {
                    missed.add(one);
                }
                else
                {
                    OutputHold.begin(script, groups, one.kernel, container, shim);
                }
            }
            catch (final IOException e)
            {
                LOG.debug("the output of {} is not held: {}", container, e.toString());
                missed.add(one);
            }
        }
        return missed;
    }

    private record Wanted(DockerKernel kernel, int tries)
    {
    }
}
