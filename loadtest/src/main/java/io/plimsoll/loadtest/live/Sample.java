package io.plimsoll.loadtest.live;

/**
 * How it stood at a time.
 *
 * @param seconds      from the start.
 * @param submitted    sessions accepted since the sample before, a second.
 * @param assigned     sessions assigned since the sample before, a second.
 * @param ended        kernels ended since the sample before, a second.
 * @param p50Micros    from submission to assignment, of those assigned since; negative: there were none.
 * @param p99Micros    the same.
 * @param agents       connected and reconciled.
 * @param managerCores processor time a second; negative: not known.
 * @param managerBytes resident; negative: not known.
 */
public record Sample(
    double seconds,
    double submitted,
    double assigned,
    double ended,
    double p50Micros,
    double p99Micros,
    int agents,
    double managerCores,
    long managerBytes)
{
}
