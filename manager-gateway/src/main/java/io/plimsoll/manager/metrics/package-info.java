/**
 * What the manager counts of its decisions and its journal. Exposition is in {@code manager.http}, where
 * {@code MetricsPage} is the place to start reading.
 */
package io.plimsoll.manager.metrics;
