package io.plimsoll.manager.view;

/**
 * How many agents there are; immutable but for its array, which nobody changes.
 *
 * @param byLiveness  by the ordinal of their liveness.
 * @param away        that are not lost and have no link.
 * @param drained     that an operator keeps new work away from.
 * @param quarantined that get no work because starts failed there.
 */
public record AgentCounts(long[] byLiveness, long away, long drained, long quarantined)
{
}
