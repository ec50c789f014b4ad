/**
 * The real manager and real agents in one thread under a seed: their duty cycles stepped, their clock told what time it
 * is, their links, disks and kernels in memory, and everything between them allowed to go wrong. Start reading at
 * {@link io.plimsoll.loadtest.sim.Simulation}.
 */
package io.plimsoll.loadtest.sim;
