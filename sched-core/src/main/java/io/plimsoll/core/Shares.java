package io.plimsoll.core;

import io.plimsoll.core.policy.AgentView;

/**
 * What a request for shares of devices means, in thousandths: up to a whole one comes from one device; more come from
 * as few devices as can hold them, from each the same amount, rounded up.
 */
final class Shares
{
    private Shares()
    {
    }

    /** How many devices an amount takes shares of. */
    static long devices(final long thousandths)
    {
        return (thousandths + AgentView.WHOLE - 1) / AgentView.WHOLE;
    }

    /** Thousandths of each of these devices. */
    static long ofEach(final long thousandths)
    {
        final long devices = devices(thousandths);
        return 0 == devices ? 0 : (thousandths + devices - 1) / devices;
    }
}
