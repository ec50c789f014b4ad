package io.plimsoll.ops.cli;

import io.plimsoll.loadtest.live.LoadPlan;
import io.plimsoll.loadtest.live.LoadResult;
import io.plimsoll.loadtest.live.Percentiles;
import io.plimsoll.loadtest.live.StepResult;
import io.plimsoll.loadtest.live.SubmitApi;
import io.plimsoll.transport.Amounts;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A load test for people. */
final class LoadtestText
{
    private static final double MILLI = 1e3;

    private LoadtestText()
    {
    }

    static List<String> lines(final LoadPlan plan, final LoadResult result)
    {
        final List<String> lines = new ArrayList<>();
        lines.add(String.format(
            Locale.ROOT, "%,d sessions in %.1f s on %,d agents: %,.0f a second%s", result.sessions(),
            result.seconds(), plan.agents(), result.sessions() / Math.max(1e-9, result.seconds()),
            null != result.failure() ? " (could not go on)" : result.isInterrupted() ? " (ended early)" : ""));
        lines.add(String.format(
            Locale.ROOT, "lost %s, doubled %,d%s%s%s",
            null == result.lostOrUnknown() ?
                String.format(Locale.ROOT, "unknown (%,d accepted and not ended)", result.unfinished()) :
                String.format(Locale.ROOT, "%,d", result.lostOrUnknown()),
            result.doubled(),
            0 == result.audit().repeated() ?
                "" : String.format(Locale.ROOT, ", repeated after a start too late %,d", result.audit().repeated()),
            null == result.lostOrUnknown() || 0 == result.unfinished() ?
                "" : String.format(Locale.ROOT, ", accepted and not ended by then %,d", result.unfinished()),
            result.isSound() ? "" : ": THIS IS WRONG"));
        if (!result.isSound())
        {
            result.audit().examples().forEach(example -> lines.add("  " + example));
        }
        percentiles(lines, "submitted to assigned", result.assigned());
        percentiles(lines, "submitted to answered", result.replied());
        percentiles(lines, "list of 100 sessions", result.reads().lists());
        percentiles(lines, "explain", result.reads().explains());
        percentiles(lines, "first event", result.reads().events());
        for (final StepResult step : result.steps())
        {
            lines.add(String.format(
                Locale.ROOT, "%,10.0f a second  %s", step.rate(),
                null == step.broken() ? "holds" : "breaks: " + step.broken()));
            percentiles(lines, "", step.latencies());
        }
        final LoadResult.Usage usage = result.usage();
        if (null != usage.managerCpuSeconds())
        {
            lines.add(String.format(
                Locale.ROOT, "manager: %.1f s of processor time (%.2f cores), at most %s of memory",
                usage.managerCpuSeconds(), usage.managerCpuSeconds() / Math.max(1e-9, result.seconds()),
                Amounts.humanBytes(usage.managerPeakMemoryBytes())));
        }
        lines.add(String.format(
            Locale.ROOT, "agents: connected in %.1f s over %,d links; their process took %.1f s and at most %s",
            result.readySeconds(), result.traffic().links(), usage.loaderCpuSeconds(),
            Amounts.humanBytes(usage.loaderPeakMemoryBytes())));
        lines.add(String.format(
            Locale.ROOT, "requests%s: %,d submissions answered, %,d refused for now, %,d without an answer",
            SubmitApi.BINARY == plan.api() ? " (binary)" : "",
            result.traffic().submissions(), result.traffic().refusals(), result.traffic().outages()));
        result.traffic().losses().forEach((reason, count) -> lines.add(String.format(
            Locale.ROOT, "links of agents lost: %,d times, %s", count, reason)));
        if (plan.chaos().isAny())
        {
            lines.add(String.format(
                Locale.ROOT, "chaos: %,d links dropped, all of them %,d times, %,d slow agents, %d manager kills",
                result.chaos().flaps(), result.chaos().storms(), result.chaos().slowAgents(),
                result.chaos().killSeconds().size()));
        }
        return lines;
    }

    private static void percentiles(final List<String> lines, final String what, final Percentiles of)
    {
        if (of.count() > 0)
        {
            lines.add(String.format(
                Locale.ROOT, "%22s  p50 %,.2f  p90 %,.2f  p99 %,.2f  p99.9 %,.2f  max %,.2f ms", what,
                of.p50Micros() / MILLI, of.p90Micros() / MILLI, of.p99Micros() / MILLI, of.p999Micros() / MILLI,
                of.maxMicros() / MILLI));
        }
    }
}
