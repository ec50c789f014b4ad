/**
 * Capacity: how many machines a workload needs, and how much load a fleet carries. {@link
 * io.plimsoll.loadtest.plan.Planner} is where to start reading.
 */
package io.plimsoll.loadtest.plan;
