package io.plimsoll.core;

/**
 * The agents on which the last attempts of a session failed. They come after all others, and among themselves the one
 * that failed longest ago comes first: it has had the most time to be mended.
 */
final class FailedAgents
{
    private final SessionTable sessions;
    /** The one that failed longest ago first. */
    private final int[] agents = new int[SessionTable.FAILED_AGENTS_MAX];
    private int count;

    FailedAgents(final SessionTable sessions)
    {
        this.sessions = sessions;
    }

    /** Takes those of a session. */
    void load(final int session)
    {
        count = sessions.failedAgents(session);
        for (int i = 0; i < count; i++)
        {
            agents[i] = sessions.failedAgent(session, count - 1 - i);
        }
    }

    int count()
    {
        return count;
    }

    /** From 0 on, the one that failed longest ago first. */
    int agent(final int i)
    {
        return agents[i];
    }

    /** When it is the turn of an agent: 0 for all on which nothing failed, then from 1 on. */
    int turn(final int agent)
    {
        for (int i = 0; i < count; i++)
        {
            if (agents[i] == agent)
            {
                return i + 1;
            }
        }
        return 0;
    }

    boolean contains(final int agent)
    {
        return 0 != turn(agent);
    }
}
