package io.plimsoll.loadtest.sim;

import java.util.ArrayDeque;

/** One connection between a host and the manager: what is under way in both directions, in order. */
final class SimLink
{
    private final long id;
    private final int host;
    private final ArrayDeque<Message> toManager = new ArrayDeque<>();
    private final ArrayDeque<Message> toAgent = new ArrayDeque<>();
    private boolean managerOpen;
    private boolean agentOpen;

    SimLink(final long id, final int host)
    {
        this.id = id;
        this.host = host;
    }

    long id()
    {
        return id;
    }

    int host()
    {
        return host;
    }

    ArrayDeque<Message> toManager()
    {
        return toManager;
    }

    ArrayDeque<Message> toAgent()
    {
        return toAgent;
    }

    boolean managerOpen()
    {
        return managerOpen;
    }

    void managerOpen(final boolean value)
    {
        managerOpen = value;
    }

    boolean agentOpen()
    {
        return agentOpen;
    }

    void agentOpen(final boolean value)
    {
        agentOpen = value;
    }

    /** Both sides know that it is over. */
    boolean isOver()
    {
        return !managerOpen && !agentOpen && toManager.isEmpty() && toAgent.isEmpty();
    }

    /** What a message is. */
    enum Kind
    {
        OPENED, FRAME, CLOSED
    }

    /**
     * Something under way.
     *
     * @param kind    of it.
     * @param dueNs   when it arrives.
     * @param local   whether it is the own side's doing, so that no partition holds it up.
     * @param agentId named by a frame.
     * @param bytes   of a frame.
     */
    record Message(Kind kind, long dueNs, boolean local, long agentId, byte[] bytes)
    {
    }
}
