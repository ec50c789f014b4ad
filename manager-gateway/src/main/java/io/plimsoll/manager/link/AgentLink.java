package io.plimsoll.manager.link;

/**
 * An attached agent on its link. Made by egress, which also sets what the core said of it; read by the thread of the
 * links.
 */
public final class AgentLink
{
    private final long linkId;
    private final int agentId;
    private final long connection;
    private final int groupId;
    private final String address;
    private volatile boolean reconciled;
    private volatile long returnsReleased;
    /** Egress only: highest report journalled since the last acknowledgement, 0 if none. */
    private long reportNoDue;

    AgentLink(
        final long linkId, final int agentId, final long connection, final int groupId, final String address)
    {
        this.address = address;
        this.linkId = linkId;
        this.agentId = agentId;
        this.connection = connection;
        this.groupId = groupId;
    }

    public long linkId()
    {
        return linkId;
    }

    public int agentId()
    {
        return agentId;
    }

    public long connection()
    {
        return connection;
    }

    public int groupId()
    {
        return groupId;
    }

    /** From which it comes, see {@link AgentAddresses}. */
    String address()
    {
        return address;
    }

    void reconciled(final boolean value)
    {
        reconciled = value;
    }

    /** The core has taken the agent back after it was lost, and what follows from that is queued on the link. */
    void onReturnReleased()
    {
        // Written by egress only.
        returnsReleased = returnsReleased + 1;
    }

    /**
     * Whether a lease may be granted. Not before the inventory is dealt with, and after a loss not before the core has
     * taken the agent back: until then the agent may hold an assignment that was given to another, and a lease would
     * let it start. Kills that say so are queued on the link before this turns true. While the cluster has lost its
     * tail, nobody is reconciled and nothing is placed, so leases are granted: what runs must not die of our loss.
     *
     * @param returnsTold how often the tracker told the core that this connection returned.
     * @param lostTail    whether the cluster has lost its tail.
     */
    boolean mayHaveLease(final long returnsTold, final boolean lostTail)
    {
        return (reconciled || lostTail) && returnsReleased >= returnsTold;
    }

    /** Egress only. Returns whether it is the first since the last acknowledgement. */
    boolean reportJournalled(final long reportNo)
    {
        final boolean first = 0 == reportNoDue;
        reportNoDue = Math.max(reportNoDue, reportNo);
        return first;
    }

    /** Egress only. */
    long takeReportNoDue()
    {
        final long due = reportNoDue;
        reportNoDue = 0;
        return due;
    }
}
