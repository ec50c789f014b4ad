package io.plimsoll.core;

/** Keeps room on agents for somebody else than the session that is being placed. */
@FunctionalInterface
interface PlacementGuard
{
    /**
     * How many kernels of the session may go to an agent.
     *
     * @param agent that it asks for.
     * @param most  that it asks for.
     * @return at most that.
     */
    int kernelsMax(int agent, int most);
}
