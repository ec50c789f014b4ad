/**
 * Runs the real code under load and under faults: simulated agents, recorded traces, and a simulator that steps
 * manager, agents, network and disk in one thread under a seed.
 */
package io.plimsoll.loadtest;
