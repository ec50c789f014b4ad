package io.plimsoll.manager.link;

/** An authenticated agent that waits for the core. Made by the thread of the links, answered by egress. */
final class Handshake
{
    private final long correlationId;
    private final long linkId;
    private final String newCredential;
    private final String address;
    private final long deadlineNs;
    private volatile AgentLink attached;
    private volatile boolean refused;

    Handshake(
        final long correlationId,
        final long linkId,
        final String newCredential,
        final String address,
        final long deadlineNs)
    {
        this.address = address;
        this.correlationId = correlationId;
        this.linkId = linkId;
        this.newCredential = newCredential;
        this.deadlineNs = deadlineNs;
    }

    long correlationId()
    {
        return correlationId;
    }

    long linkId()
    {
        return linkId;
    }

    /** Made for an agent that joined by token, else empty. */
    String newCredential()
    {
        return newCredential;
    }

    /** From which its link comes, see {@link AgentAddresses}. */
    String address()
    {
        return address;
    }

    long deadlineNs()
    {
        return deadlineNs;
    }

    /** Null until the core has answered. */
    AgentLink attached()
    {
        return attached;
    }

    boolean isRefused()
    {
        return refused;
    }

    void onAttached(final AgentLink link)
    {
        attached = link;
    }

    void onRefused()
    {
        refused = true;
    }
}
