package io.plimsoll.agent.runtime;

import io.plimsoll.agent.kernel.KernelDirectory;
import io.plimsoll.agent.kernel.KernelKey;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps this agent's containers and its kernels in step: hears of ends as they happen, looks at all containers now and
 * then, removes those whose end was told, and deals with those that nobody knows. Containers without the label of this
 * agent are never seen. Of the agent's thread.
 */
final class ContainerSweep
{
    private static final Logger LOG = LoggerFactory.getLogger(ContainerSweep.class);
    private static final long RETRY_NS = TimeUnit.SECONDS.toNanos(1);
    private static final int REMOVING_MAX = 2;
    private static final int DIED_MAX = 1024;

    private final DockerCycle cycle;
    private final String agent;
    private final Set<String> died = Collections.newSetFromMap(new LinkedHashMap<>()
    {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(final Map.Entry<String, Boolean> eldest)
        {
            return size() > DIED_MAX;
        }
    });
    private final Map<String, Long> toRemove = new LinkedHashMap<>();
    private final Set<String> removing = new HashSet<>();
    private final Set<String> reported = new HashSet<>();
    private final Set<String> freshlyDied = new LinkedHashSet<>();
    private Closeable events;
    private boolean areEventsOpen;
    private boolean isWanted = true;
    private boolean isListing;
    private long nextListNs;
    private List<ContainerState> listed;
    private long listBegunNs;

    ContainerSweep(final DockerCycle cycle, final String agent)
    {
        this.cycle = cycle;
        this.agent = agent;
    }

    /** Looks at all containers as soon as can be. */
    void want()
    {
        isWanted = true;
    }

    /** Whether that container was heard to have ended; of late. */
    boolean hasDied(final String container)
    {
        return died.contains(container);
    }

    /** Removes a container of a kernel whose end was told. */
    void remove(final String container)
    {
        toRemove.put(container, cycle.nowNs);
    }

    /**
     * Carries on.
     *
     * @param onListed told what there is of each kernel that may have a container; null: nothing.
     * @param onDied   told of kernels whose container was heard to end.
     */
    int poll(final BiConsumer<DockerKernel, ContainerState> onListed, final Consumer<DockerKernel> onDied)
    {
        int workCount = 0;
        for (final String container : freshlyDied)
        {
            final DockerKernel kernel = cycle.byContainer.get(container);
            if (null != kernel)
            {
                onDied.accept(kernel);
            }
            workCount++;
        }
        freshlyDied.clear();
        if (null != listed)
        {
            final List<ContainerState> states = listed;
            listed = null;
            compare(states, onListed);
            workCount++;
        }
        if (cycle.up)
        {
            hear();
            list();
            workCount += remove();
        }
        return workCount;
    }

    private void hear()
    {
        if (areEventsOpen)
        {
            return;
        }
        areEventsOpen = true;
        isWanted = true;
        // What ended with the connection may not be all there was; an engine that came back soon is not seen otherwise.
        final boolean wasAway = null != events;
        cycle.held.values().forEach(kernel ->
        {
            kernel.wasAlone |= wasAway;
            kernel.log.again();
        });
        events = cycle.engine().watch(ContainerLabels.AGENT, agent, new Engine.EventSink()
        {
            @Override
            public void onDied(final String container)
            {
                cycle.calls.tell(() ->
                {
                    died.add(container);
                    freshlyDied.add(container);
                });
            }

            @Override
            public void onEnd(final Throwable failure)
            {
                cycle.calls.tell(() -> areEventsOpen = false);
            }
        });
    }

    private void list()
    {
        if (isListing || !isWanted && cycle.nowNs < nextListNs)
        {
            return;
        }
        isListing = true;
        isWanted = false;
        nextListNs = cycle.nowNs + 2 * cycle.options.watchIntervalNs();
        listBegunNs = cycle.nowNs;
        cycle.calls.submit("list", () -> cycle.engine().list(ContainerLabels.AGENT, agent), (states, failure) ->
        {
            isListing = false;
            listed = states;
        });
    }

    private void compare(final List<ContainerState> states, final BiConsumer<DockerKernel, ContainerState> onListed)
    {
        final Map<KernelKey, ContainerState> best = new HashMap<>();
        for (final ContainerState state : states)
        {
            final KernelKey key = ContainerLabels.key(state.labels());
            final DockerKernel kernel = cycle.held.get(key);
            if (null == key || null == kernel)
            {
                leftover(state, key);
            }
            else
            {
                best.merge(key, state, ContainerSweep::further);
            }
        }
        for (final DockerKernel kernel : new ArrayList<>(cycle.held.values()))
        {
            final ContainerState state = best.get(kernel.assignment.key());
            if (null != state || kernel.stepSinceNs < listBegunNs)
            {
                onListed.accept(kernel, state);
            }
        }
        reported.retainAll(ids(states));
    }

    private static Set<String> ids(final List<ContainerState> states)
    {
        final Set<String> ids = new HashSet<>();
        states.forEach(state -> ids.add(state.id()));
        return ids;
    }

    /** Of two for one kernel, one was made by a call that outlived its agent, and never started. */
    private static ContainerState further(final ContainerState one, final ContainerState other)
    {
        return "created".equals(one.status()) ? other : one;
    }

    private void leftover(final ContainerState state, final KernelKey key)
    {
        if (toRemove.containsKey(state.id()) || removing.contains(state.id()))
        {
            return;
        }
        final Path directory = null == key ? null : cycle.directory(key);
        if (null != directory && KernelFiles.exists(directory, KernelDirectory.ASSIGNMENT))
        {
            if (KernelFiles.exists(directory, KernelDirectory.EXIT) ||
                KernelFiles.exists(directory, KernelDirectory.VERDICT))
            {
                LOG.info("removing container {} of a kernel that has ended", state.name());
                remove(state.id());
            }
            // Else it is about to be started, and its start finds the container.
            return;
        }
        final boolean remove = DockerOptions.LeftoverPolicy.REMOVE == cycle.options.leftovers();
        if (reported.add(state.id()))
        {
            LOG.warn("container {} ({}) is this agent's, but of no kernel that it knows{}",
                state.name(), state.status(), remove ? "; removing it" : "; it is left alone");
        }
        if (remove)
        {
            remove(state.id());
        }
    }

    private int remove()
    {
        int workCount = 0;
        if (removing.size() >= REMOVING_MAX)
        {
            return 0;
        }
        for (final Map.Entry<String, Long> entry : toRemove.entrySet())
        {
            if (removing.size() >= REMOVING_MAX)
            {
                break;
            }
            if (cycle.nowNs >= entry.getValue() && removing.add(entry.getKey()))
            {
                submitRemoval(entry.getKey());
                workCount++;
            }
        }
        return workCount;
    }

    private void submitRemoval(final String container)
    {
        cycle.calls.submit("remove " + container, () ->
        {
            cycle.engine().remove(container);
            return null;
        }, (nothing, failure) ->
        {
            removing.remove(container);
            if (null == failure)
            {
                toRemove.remove(container);
            }
            else
            {
                LOG.debug("container {} stays until the next sweep: {}", container, failure.getMessage());
                toRemove.put(container, cycle.nowNs + RETRY_NS);
            }
        });
    }

    void close()
    {
        if (null != events)
        {
            try
            {
                events.close();
            }
            catch (final IOException e)
            {
                LOG.debug("closing", e);
            }
        }
    }
}
