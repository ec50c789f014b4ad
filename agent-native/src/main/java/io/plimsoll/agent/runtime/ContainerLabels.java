package io.plimsoll.agent.runtime;

import io.plimsoll.agent.kernel.Assignment;
import io.plimsoll.agent.kernel.KernelKey;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/** Labels by which an agent finds its containers again, and people too. */
final class ContainerLabels
{
    static final String AGENT = "io.plimsoll.agent";
    static final String CPUS = "io.plimsoll.cpus";
    static final String PORTS = "io.plimsoll.ports";
    private static final String CLUSTER = "io.plimsoll.cluster";
    private static final String SESSION = "io.plimsoll.session";
    private static final String KERNEL = "io.plimsoll.kernel";
    private static final String INDEX = "io.plimsoll.index";
    private static final String TERM = "io.plimsoll.term";
    private static final String ATTEMPT = "io.plimsoll.attempt";
    private static final int HEX_LENGTH = 16;

    private ContainerLabels()
    {
    }

    static Map<String, String> of(final Assignment assignment, final String agent, final String cpus)
    {
        final KernelKey key = assignment.key();
        final HexFormat hex = HexFormat.of();
        final Map<String, String> labels = new LinkedHashMap<>();
        labels.put(AGENT, agent);
        labels.put(CLUSTER, hex.toHexDigits(key.clusterIdHi()) + hex.toHexDigits(key.clusterIdLo()));
        labels.put(SESSION, Long.toString(assignment.sessionId()));
        labels.put(KERNEL, Long.toString(key.kernelId()));
        labels.put(INDEX, Integer.toString(assignment.kernelIndex()));
        labels.put(TERM, Long.toString(key.term()));
        labels.put(ATTEMPT, Integer.toString(key.attempt()));
        labels.put(CPUS, cpus);
        return labels;
    }

    /** Kernel of a container; null: these are not labels of ours. */
    static KernelKey key(final Map<String, String> labels)
    {
        try
        {
            final String cluster = labels.get(CLUSTER);
            return new KernelKey(
                HexFormat.fromHexDigitsToLong(cluster, 0, HEX_LENGTH),
                HexFormat.fromHexDigitsToLong(cluster, HEX_LENGTH, 2 * HEX_LENGTH),
                Long.parseLong(labels.get(KERNEL)),
                Long.parseLong(labels.get(TERM)),
                Integer.parseInt(labels.get(ATTEMPT)));
        }
        catch (final RuntimeException e)
        {
            return null;
        }
    }
}
