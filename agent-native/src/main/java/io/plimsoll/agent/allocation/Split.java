package io.plimsoll.agent.allocation;

/** How an amount is split among devices. */
public enum Split
{
    /** The most free first, each to the full. */
    FILL,
    /** As evenly as can be; what fits one device goes to the one that is left with least. */
    EVENLY
}
