/**
 * Whole clusters in virtual time: a workload on a fleet, under the real core, with the delays and failures of machines.
 * {@link io.plimsoll.loadtest.virtual.ClusterRun} is where to start reading.
 */
package io.plimsoll.loadtest.virtual;
