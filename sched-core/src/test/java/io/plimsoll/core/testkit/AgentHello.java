package io.plimsoll.core.testkit;

import java.util.Map;
import java.util.TreeMap;

/** What an agent says of itself when it connects. */
public final class AgentHello
{
    public long correlationId = 3;
    public long uuid;
    public String name;
    public String group = "default";
    public long clusterIdHi;
    public long clusterIdLo;
    public long seenTerm;
    public long seenTermNonce;
    public long seenSequence;
    public int kernelsMax = -1;
    public String arch = "x86_64";
    public final Map<String, Long> slots = new TreeMap<>();
    public final Map<String, String> labels = new TreeMap<>();

    public AgentHello(final long uuid, final long cpuMillis, final long memoryBytes)
    {
        this.uuid = uuid;
        name = "agent-" + uuid;
        slots.put("cpu", cpuMillis);
        slots.put("mem", memoryBytes);
    }

    public AgentHello slot(final String slot, final long capacity)
    {
        slots.put(slot, capacity);
        return this;
    }

    public AgentHello label(final String key, final String value)
    {
        labels.put(key, value);
        return this;
    }

    public AgentHello named(final String agentName)
    {
        name = agentName;
        return this;
    }

    public AgentHello in(final String groupName)
    {
        group = groupName;
        return this;
    }

    /** It has seen our cluster before. */
    public AgentHello seen(final long term, final long nonce, final long sequence)
    {
        clusterIdHi = Commands.CLUSTER_HI;
        clusterIdLo = Commands.CLUSTER_LO;
        seenTerm = term;
        seenTermNonce = nonce;
        seenSequence = sequence;
        return this;
    }
}
