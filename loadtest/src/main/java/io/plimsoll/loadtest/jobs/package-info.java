/**
 * Workloads: what users ask for, and when, whatever told of it: a public trace, a journal, a generator.
 * {@link io.plimsoll.loadtest.jobs.Workload} is where to start reading.
 */
package io.plimsoll.loadtest.jobs;
