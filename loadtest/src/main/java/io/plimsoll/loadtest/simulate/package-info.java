/**
 * The real core on a scenario, in virtual time: one thread, no clock, the same result on every machine.
 * {@link io.plimsoll.loadtest.simulate.ScenarioRun} is where to start reading; what a scenario may say is in
 * {@link io.plimsoll.loadtest.simulate.ScenarioParser}, what the core is told in
 * {@link io.plimsoll.loadtest.simulate.ScenarioCommands}.
 */
package io.plimsoll.loadtest.simulate;
