package io.plimsoll.manager.link;

import io.plimsoll.manager.view.Assignment;
import io.plimsoll.manager.view.LiveViewStore;
import io.plimsoll.manager.view.SessionForm;

/**
 * Tells agents of limits that were changed after a kernel was assigned: at once, and again with each connection, since
 * what is sent to a link that breaks is lost. Who is told twice does nothing the second time. Of the egress stage.
 */
final class ChangedLimits
{
    /** Bit of the changes of an update. */
    static final int WALLTIME = 1 << 1;
    private static final int KERNEL_BITS = 10;

    private final DownlinkPublisher publisher;
    private final LiveViewStore view;
    private final LinkTable table;

    ChangedLimits(final DownlinkPublisher publisher, final LiveViewStore view, final LinkTable table)
    {
        this.publisher = publisher;
        this.view = view;
        this.table = table;
    }

    /** The limit of a session was changed, of which the view learns just now. */
    void onUpdated(final long sessionId, final long walltimeNs)
    {
        final SessionForm form = view.form(sessionId);
        for (int i = 0; null != form && i < form.kernels(); i++)
        {
            final Assignment assignment = view.newestAssignment(sessionId << KERNEL_BITS | i);
            final AgentLink link = null == assignment ? null : table.link(assignment.agentId());
            if (null != link)
            {
                publisher.sendLimit(link, assignment, walltimeNs);
            }
        }
    }

    /** An agent says that it holds a kernel. */
    void onHeld(final AgentLink link, final long kernelId, final long term, final int attempt)
    {
        final SessionForm form = view.form(kernelId >> KERNEL_BITS);
        final Assignment assignment = null == form || !form.limitChanged() ? null : view.newestAssignment(kernelId);
        if (null != assignment && assignment.term() == term && assignment.attempt() == attempt &&
            assignment.agentId() == link.agentId())
        {
            publisher.sendLimit(link, assignment, form.walltimeNs());
        }
    }
}
