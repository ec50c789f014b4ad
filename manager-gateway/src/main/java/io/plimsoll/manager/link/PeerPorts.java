package io.plimsoll.manager.link;

import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.manager.view.Assignment;
import io.plimsoll.manager.view.KernelView;
import io.plimsoll.manager.view.LiveViewStore;
import io.plimsoll.manager.view.SessionForm;
import io.plimsoll.manager.view.SessionView;
import java.util.Map;
import java.util.TreeMap;

/**
 * Tells kernels of one session where the ports are that the others publish: who comes to run is told of all that run,
 * and they of it. Agents report what runs with every connection, so that what was lost with a link is told again. Of
 * the egress stage.
 */
final class PeerPorts
{
    /** Of a session beyond which it would be as many frames as a link has no room for. */
    private static final int KERNELS_MAX = 256;
    private static final int KERNEL_BITS = 10;
    private static final int KERNEL_MASK = (1 << KERNEL_BITS) - 1;

    private final DownlinkPublisher publisher;
    private final LiveViewStore view;
    private final LinkTable table;

    PeerPorts(final DownlinkPublisher publisher, final LiveViewStore view, final LinkTable table)
    {
        this.publisher = publisher;
        this.view = view;
        this.table = table;
    }

    /** A kernel is reported to run, and the view knows. */
    void onRunning(final long kernelId)
    {
        final long sessionId = kernelId >> KERNEL_BITS;
        final SessionForm form = view.form(sessionId);
        if (null == form || form.kernels() < 2 || form.kernels() > KERNELS_MAX || !view.publishes(kernelId))
        {
            return;
        }
        final SessionView session = view.session(sessionId);
        final int index = (int)kernelId & KERNEL_MASK;
        final KernelView own = session.kernels().get(index);
        final Map<Integer, String> others = new TreeMap<>();
        for (final KernelView other : session.kernels())
        {
            final String published = other.published();
            if (index != other.index() && !published.isEmpty())
            {
                others.put(other.index(), published);
            }
            if (index != other.index() && LifeState.RUNNING == other.state() && LifeState.RUNNING == own.state())
            {
                tell(other, Map.of(index, own.published()));
            }
        }
        if (!others.isEmpty())
        {
            tell(own, others);
        }
    }

    private void tell(final KernelView kernel, final Map<Integer, String> ports)
    {
        final Assignment assignment = view.newestAssignment(kernel.kernelId());
        final AgentLink link = null == assignment ? null : table.link(assignment.agentId());
        if (null != link && assignment.attempt() == kernel.attempt())
        {
            publisher.sendPeerPorts(link, kernel, assignment.term(), ports);
        }
    }
}
