package io.plimsoll.manager.view;

import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.Reason;
import io.plimsoll.transport.ContainerSpec;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;

/**
 * A kernel of a session; immutable.
 *
 * @param kernelId  sessionId &lt;&lt; 10 | index.
 * @param index     0 is main.
 * @param state     of the current attempt.
 * @param reason    why this state was entered.
 * @param attempt   number of the attempt.
 * @param agentId   0: not placed.
 * @param agent     name of the agent, empty while not placed.
 * @param cpus      cores it is pinned to, as {@code 0-3,8}; empty until known.
 * @param devices   devices by number, as the agent reported.
 * @param exitCode  -1: none.
 * @param startedNs when it came to run.
 * @param endedNs   when it ended.
 * @param detail    what the agent had to say of it, see {@link #remark} and {@link #ports}.
 */
public record KernelView(
    long kernelId,
    int index,
    LifeState state,
    Reason reason,
    int attempt,
    int agentId,
    String agent,
    String cpus,
    String devices,
    int exitCode,
    long startedNs,
    long endedNs,
    String detail)
{
    /** The same as the agent tells them, {@code 8080=30000,8081=30001}; empty: none, or it does not run. */
    public String published()
    {
        final StringJoiner text = new StringJoiner(",");
        ports().forEach((port, where) -> text.add(port + "=" + where.substring(where.lastIndexOf(':') + 1)));
        return text.toString();
    }

    /** Ports of the kernel with where they are found, as {@code 8080} to {@code worker-7:30000}; while it runs. */
    public Map<Integer, String> ports()
    {
        if (!detail.startsWith(ContainerSpec.PORTS_DETAIL) || LifeState.RUNNING != state)
        {
            return Map.of();
        }
        final Map<Integer, String> ports = new TreeMap<>();
        for (final String pair : detail.substring(ContainerSpec.PORTS_DETAIL.length()).split(","))
        {
            // What agents say is not to be trusted.
            if (pair.matches("[0-9]{1,5}=[0-9]{1,5}"))
            {
                final int equals = pair.indexOf('=');
                ports.put(Integer.parseInt(pair.substring(0, equals)), agent + ':' + pair.substring(equals + 1));
            }
        }
        return ports;
    }

    /** What there is to say of how it went. */
    public String remark()
    {
        return detail.startsWith(ContainerSpec.PORTS_DETAIL) ? "" : detail;
    }
}
