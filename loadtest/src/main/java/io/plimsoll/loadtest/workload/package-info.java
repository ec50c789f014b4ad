/**
 * Commands for a scheduling core without a cluster around it: a seeded generator, the agents that its script plays, and
 * an audit that holds the events to what must never happen. Benchmarks and determinism tests share them. Start reading
 * at {@link io.plimsoll.loadtest.workload.CoreWorkload}.
 */
package io.plimsoll.loadtest.workload;
