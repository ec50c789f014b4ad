/**
 * What happened in a cluster between two moments, for a review of an incident, from its journal. Reading starts at
 * {@link io.plimsoll.loadtest.report.IncidentReport}; what the figures mean is in docs/REPORT.md.
 */
package io.plimsoll.loadtest.report;
