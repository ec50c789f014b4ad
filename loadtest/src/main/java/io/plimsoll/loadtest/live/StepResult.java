package io.plimsoll.loadtest.live;

/**
 * What came of a step.
 *
 * @param rate      asked for, sessions a second.
 * @param due       sessions that were due in it.
 * @param submitted of these, when it was judged.
 * @param assigned  of these, when it was judged.
 * @param latencies from when they were due to their assignment, of those assigned by the end of the run.
 * @param broken    why it counts as broken; null: it does not.
 */
public record StepResult(
    double rate, long due, long submitted, long assigned, Percentiles latencies, String broken)
{
}
