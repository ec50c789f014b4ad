package io.plimsoll.manager.link;

/** Tracked agents in a row, each in one list at most; in and out take the same time however many there are. */
final class AgentList
{
    private TrackedAgent first;
    private TrackedAgent last;

    boolean isEmpty()
    {
        return null == first;
    }

    /** Null if it is empty. */
    TrackedAgent first()
    {
        return first;
    }

    /** Puts an agent behind all others, out of the list that it was in. */
    void add(final TrackedAgent agent)
    {
        remove(agent);
        agent.list = this;
        agent.before = last;
        if (null == last)
        {
            first = agent;
        }
        else
        {
            last.behind = agent;
        }
        last = agent;
    }

    /** Takes an agent out of the list that it is in, if it is in one. */
    static void remove(final TrackedAgent agent)
    {
        final AgentList list = agent.list;
        if (null == list)
        {
            return;
        }
        if (null == agent.before)
        {
            list.first = agent.behind;
        }
        else
        {
            agent.before.behind = agent.behind;
        }
        if (null == agent.behind)
        {
            list.last = agent.before;
        }
        else
        {
            agent.behind.before = agent.before;
        }
        agent.list = null;
        agent.before = null;
        agent.behind = null;
    }

    /** Puts all of another list behind those of this one. */
    void addAll(final AgentList other)
    {
        while (!other.isEmpty())
        {
            add(other.first());
        }
    }
}
