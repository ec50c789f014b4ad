package io.plimsoll.manager.link;

/** How many agents of a group are silent, kept as that changes. The thread of the links. */
final class GroupSilence
{
    /** Fewest silent agents that are taken for a broken network. */
    static final int MASS_SILENCE_MIN = 2;

    private static final int MASS_SILENCE_DIVISOR = 4;

    final String name;
    /** Silent for so long that they may be lost, but for what is held back. */
    final AgentList overdue = new AgentList();
    /** Those of them that an operator has released. */
    final AgentList released = new AgentList();
    /** All but those that the core was told to be lost. */
    int agents;
    /** Of them. */
    int silent;
    /** Silence after which they may be lost; 0 until it is known. */
    long lostNs;
    /** Whether losses are held back, as of the last scan. */
    boolean isMass;

    GroupSilence(final String name)
    {
        this.name = name;
    }

    /** Looks whether so many are silent at once that a network is down rather than they. */
    void judge()
    {
        isMass = silent >= MASS_SILENCE_MIN && silent * MASS_SILENCE_DIVISOR > agents;
    }

    boolean isHeld()
    {
        return isMass && !(overdue.isEmpty() && released.isEmpty());
    }
}
