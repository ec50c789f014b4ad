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
    /**
     * This one and the one behind it as one: rates are means, of latencies the worst is kept, all else is as it stood
     * last.
     *
     * @param weight of this one; that of the other is 1.
     * @param next   the one behind it.
     */
    Sample with(final int weight, final Sample next)
    {
        return new Sample(
            next.seconds,
            mean(weight, submitted, next.submitted),
            mean(weight, assigned, next.assigned),
            mean(weight, ended, next.ended),
            Math.max(p50Micros, next.p50Micros),
            Math.max(p99Micros, next.p99Micros),
            next.agents,
            managerCores < 0 || next.managerCores < 0 ?
                Math.max(managerCores, next.managerCores) : mean(weight, managerCores, next.managerCores),
            Math.max(managerBytes, next.managerBytes));
    }

    private static double mean(final int weight, final double one, final double other)
    {
        return (weight * one + other) / (weight + 1);
    }
}
