package io.plimsoll.loadtest.sim;

import io.plimsoll.core.CoreOptions;
import java.util.SplittableRandom;

/**
 * What outlives the manager's process.
 *
 * @param clock   of the manager's machine.
 * @param disk    of it.
 * @param ledger  the true history.
 * @param network links to agents.
 * @param uplink  on which they report.
 * @param wiring  between all of it.
 * @param random  of everything that nothing else says.
 */
record SimWorld(
    SimClock clock,
    SimDisk disk,
    Ledger ledger,
    SimNetwork network,
    SimUplink uplink,
    SimWiring wiring,
    SplittableRandom random)
{
    /** Tables that begin small, since many cores are made; and ended sessions that are soon forgotten. */
    static final CoreOptions CORE_OPTIONS = CoreOptions.defaults()
        .withSessionsInitial(64)
        .withForgetting(30 * SimTime.SECOND_NS, 200);
}
