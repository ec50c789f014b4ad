package io.plimsoll.core;

import static org.junit.jupiter.api.Assertions.assertTrue;

/** Holds what plans are kept of agents to plans that are made from the tables. */
final class PlanAudit
{
    private PlanAudit()
    {
    }

    /** Returns how many were looked at. */
    static int check(final CoreState state, final int group)
    {
        int checked = 0;
        if (state.schedule.queue(group) instanceof final ConservativeQueue queue)
        {
            final AgentProfile made = new AgentProfile(state, state.schedule.kernelEnds);
            for (int agent = 1; agent < state.agents.highWater(); agent++)
            {
                final AgentProfile kept = queue.profiles().present(agent);
                if (null != kept)
                {
                    checked++;
                    made.build(agent, kept.isOpen(), null);
                    assertTrue(kept.isSame(made), "agentId=" + agent + " sequence=" + state.sequence);
                }
            }
        }
        return checked;
    }
}
