/**
 * Logs of real machines in the Standard Workload Format of the Parallel Workloads Archive, as jobs for a simulation.
 * Start reading at {@link io.plimsoll.loadtest.swf.SwfReader}.
 */
package io.plimsoll.loadtest.swf;
