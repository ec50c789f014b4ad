/**
 * Fleets: the machines that a workload may run on. {@link io.plimsoll.loadtest.fleet.Fleet} is where to start reading.
 */
package io.plimsoll.loadtest.fleet;
