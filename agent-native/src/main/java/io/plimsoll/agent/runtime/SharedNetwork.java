package io.plimsoll.agent.runtime;

import io.plimsoll.agent.kernel.Assignment;
import io.plimsoll.transport.ContainerSpec;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A network of the operator's that reaches the containers of all hosts, such as an overlay of a swarm. The containers
 * of a session have names of their own there, in a domain of their session's attempt, which only they look into: so the
 * same roles of other sessions are in nobody's way, and whoever comes later is found without being told of. Any thread.
 */
final class SharedNetwork
{
    private static final Logger LOG = LoggerFactory.getLogger(SharedNetwork.class);
    /** Those that every engine has, and that have no names. */
    private static final Set<String> BUILT_IN = Set.of("bridge", "host", "none", "default");
    private static final Set<String> LOCAL = Set.of("bridge", "host", "null");

    private final String name;
    /** Null: it can be used; empty: not known yet. */
    private volatile String problem = "";

    SharedNetwork(final String name)
    {
        this.name = name;
    }

    /** Empty: there is none. */
    String name()
    {
        return name;
    }

    boolean isUsable()
    {
        return !name.isEmpty() && null == problem;
    }

    /** Looks whether an engine has it, and says so when that changes. Waits for the engine. */
    boolean look(final Engine engine) throws EngineException
    {
        if (!name.isEmpty())
        {
            found(engine.network(name));
        }
        return isUsable();
    }

    /** Null: it is not there. */
    void found(final Found found)
    {
        final String now = problem(found);
        final String before = problem;
        problem = now;
        if (null != now && !now.equals(before))
        {
            LOG.warn(
                "the network {} (agent.docker.network) cannot be used: {}; kernels on different hosts reach each " +
                "other by the ports that they publish", name, now);
        }
        else if (null == now && null != before)
        {
            LOG.info("kernels of one session reach each other in the network {}", name);
        }
    }

    private String problem(final Found found)
    {
        if (BUILT_IN.contains(name))
        {
            return "containers have no names there";
        }
        if (null == found)
        {
            return "the engine has no such network";
        }
        return LOCAL.contains(found.driver()) ? "it is a " + found.driver() + " of this host alone" :
            found.attachable() ? null : "it is not attachable: make it with docker network create --attachable";
    }

    /** Domain of a session's attempt, like no other of any cluster. */
    static String domain(final Assignment assignment)
    {
        return "a" + assignment.key().attempt() + ".s" + assignment.sessionId() + "." +
            Long.toHexString(assignment.key().clusterIdHi()) + ".plimsoll";
    }

    /** An address without the mark that its kernel is in the network. */
    static String address(final String text)
    {
        return text.endsWith(ContainerSpec.IN_NETWORK) ?
            text.substring(0, text.length() - ContainerSpec.IN_NETWORK.length()) : text;
    }

    /**
     * A network as an engine tells it.
     *
     * @param driver     of it.
     * @param attachable whether single containers can be in it.
     */
    record Found(String driver, boolean attachable)
    {
        /** Of a swarm, which shows its networks to a worker only while these are in use there. */
        static final Found OF_SWARM = new Found("overlay", true);
    }
}
