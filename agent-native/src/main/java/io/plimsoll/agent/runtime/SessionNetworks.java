package io.plimsoll.agent.runtime;

import io.plimsoll.agent.kernel.Assignment;
import io.plimsoll.transport.ContainerSpec;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A bridge network for each session that has several kernels here, in which they find each other by role. It is made
 * by the first container that needs it, goes when the last kernel has been told to have ended, and is found by its
 * label after an agent that was killed. Kernels on other hosts are found by entries for their hosts' addresses, or all
 * of them in the {@link SharedNetwork}. Of the agent's thread, but for what says otherwise.
 */
final class SessionNetworks
{
    private static final Logger LOG = LoggerFactory.getLogger(SessionNetworks.class);
    private static final long RETRY_NS = TimeUnit.SECONDS.toNanos(2);
    private static final long LOOK_INTERVAL_NS = TimeUnit.MINUTES.toNanos(1);
    private static final int PREFIX_LENGTH = 8;

    private final DockerCycle cycle;
    private final String agent;
    private final SharedNetwork shared;
    private final Map<String, Integer> users = new HashMap<>();
    private final Map<String, Long> toRemove = new LinkedHashMap<>();
    private final Set<String> removing = new HashSet<>();
    /** The engine takes two networks of one name, if asked for both at once. */
    private final ReentrantLock making = new ReentrantLock();
    private long nextLookNs = Long.MIN_VALUE;

    SessionNetworks(final DockerCycle cycle, final String agent, final SharedNetwork shared)
    {
        this.shared = shared;
        this.cycle = cycle;
        this.agent = agent;
    }

    /** What a kernel is to be in, as far as the assignment says; hosts are not looked up yet. */
    ContainerPlan.Network of(final Assignment assignment, final Map<Integer, Integer> published)
    {
        final List<String> nodes = assignment.hosts();
        final List<String> addresses = assignment.addresses();
        final int own = assignment.kernelIndex();
        if (assignment.kernelCount() < 2 || own >= nodes.size())
        {
            return new ContainerPlan.Network("", "", "", List.of(), published);
        }
        final boolean isEverywhere = shared.isUsable() && isIn(addresses, own);
        final List<String> others = new ArrayList<>();
        boolean isShared = false;
        for (int i = 0; i < nodes.size(); i++)
        {
            if (isEverywhere && isIn(addresses, i))
            {
                // It is found there by its name.
                continue;
            }
            if (!nodes.get(i).equals(nodes.get(own)))
            {
                final String address = SharedNetwork.address(i < addresses.size() ? addresses.get(i) : "");
                others.add(LaunchEnvironment.role(i) + ':' + (address.isEmpty() ? nodes.get(i) : address));
            }
            else
            {
                isShared |= i != own;
            }
        }
        if (isEverywhere)
        {
            final String domain = SharedNetwork.domain(assignment);
            return new ContainerPlan.Network(
                shared.name(), LaunchEnvironment.role(own) + '.' + domain, domain, others, published);
        }
        return new ContainerPlan.Network(
            isShared ? name(assignment) : "", isShared ? LaunchEnvironment.role(own) : "", "", others, published);
    }

    private static boolean isIn(final List<String> addresses, final int index)
    {
        return index < addresses.size() && addresses.get(index).endsWith(ContainerSpec.IN_NETWORK);
    }

    private String name(final Assignment assignment)
    {
        return "plimsoll-" + agent.substring(0, PREFIX_LENGTH) + '-' +
            Long.toHexString(assignment.key().clusterIdHi()) + '-' + assignment.sessionId();
    }

    /** With what the names of hosts stand for; those that stand for nothing a container can reach are left out. */
    static ContainerPlan.Network resolved(final ContainerPlan.Network network)
    {
        final List<String> entries = new ArrayList<>();
        for (final String other : network.hosts())
        {
            final int colon = other.indexOf(':');
            final String node = other.substring(colon + 1);
            try
            {
                final InetAddress address = InetAddress.getByName(node);
                if (!node.isEmpty() && !address.isLoopbackAddress())
                {
                    entries.add(other.substring(0, colon + 1) + address.getHostAddress());
                }
            }
            catch (final UnknownHostException e)
            {
                LOG.debug("nobody knows the address of {}", node);
            }
        }
        return new ContainerPlan.Network(
            network.name(), network.alias(), network.domain(), entries, network.published());
    }

    /** Makes it unless it is there. Any thread that may wait for the engine. */
    void ensure(final String name) throws EngineException
    {
        if (!isOwn(name))
        {
            return;
        }
        try
        {
            making.lockInterruptibly();
        }
        catch (final InterruptedException e)
        {
            Thread.currentThread().interrupt();
            throw new EngineException(EngineException.Kind.NO_ANSWER, "interrupted", e);
        }
        try
        {
            if (!cycle.engine().hasNetwork(name))
            {
                cycle.engine().createNetwork(name, Map.of(ContainerLabels.AGENT, agent));
            }
        }
        finally
        {
            making.unlock();
        }
    }

    /** One that comes and goes with a session. */
    private boolean isOwn(final String name)
    {
        return !name.isEmpty() && !name.equals(shared.name());
    }

    void join(final String name)
    {
        if (isOwn(name))
        {
            users.merge(name, 1, Integer::sum);
            toRemove.remove(name);
        }
    }

    void leave(final String name)
    {
        if (isOwn(name) && null == users.computeIfPresent(name, (same, count) -> 1 == count ? null : count - 1))
        {
            toRemove.put(name, cycle.nowNs);
        }
    }

    /** Whether it is about to go, so that nothing can be started in it now. */
    boolean isGoing(final String name)
    {
        return removing.contains(name);
    }

    int poll()
    {
        if (!cycle.up)
        {
            nextLookNs = Long.MIN_VALUE;
            return 0;
        }
        int workCount = 0;
        if (cycle.nowNs >= nextLookNs)
        {
            nextLookNs = cycle.nowNs + LOOK_INTERVAL_NS;
            look();
            if (!shared.name().isEmpty())
            {
                cycle.calls.submit("network " + shared.name(), () -> shared.look(cycle.engine()), (usable, failure) ->
                    LOG.debug("network {}: usable={} {}", shared.name(), usable, failure));
            }
            workCount++;
        }
        for (final Map.Entry<String, Long> entry : toRemove.entrySet())
        {
            if (cycle.nowNs >= entry.getValue() && removing.add(entry.getKey()))
            {
                remove(entry.getKey());
                workCount++;
            }
        }
        return workCount;
    }

    /** For what an earlier life has left, or a call that nobody waited for any more. */
    private void look()
    {
        cycle.calls.submit("networks", () -> cycle.engine().networks(ContainerLabels.AGENT, agent), (names, failure) ->
        {
            if (null != failure)
            {
                LOG.debug("asked again later: {}", failure.getMessage());
                return;
            }
            for (final String name : names)
            {
                if (!users.containsKey(name))
                {
                    toRemove.putIfAbsent(name, cycle.nowNs);
                }
            }
        });
    }

    private void remove(final String name)
    {
        cycle.calls.submit("remove network " + name, () ->
        {
            cycle.engine().removeNetwork(name);
            return null;
        }, (nothing, failure) ->
        {
            removing.remove(name);
            if (null == failure)
            {
                toRemove.remove(name);
            }
            else
            {
                // Its containers go first.
                toRemove.replace(name, cycle.nowNs + RETRY_NS);
            }
        });
    }
}
