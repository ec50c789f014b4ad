package io.plimsoll.manager.http;

import io.plimsoll.core.QueueTally;
import io.plimsoll.core.sbe.Liveness;
import io.plimsoll.manager.Counters;
import io.plimsoll.manager.ManagerServices;
import io.plimsoll.manager.view.AgentCounts;
import io.plimsoll.manager.view.QueueCounts;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** All that the manager shows to Prometheus. Event loops only. */
final class MetricsPage
{
    static final String TYPE = "text/plain; version=0.0.4; charset=utf-8";

    /** A core that is busy for longer than that is told of without its queues. */
    private static final long COUNT_TIMEOUT_MS = 1_000;
    private static final int NANO = 9;

    private final ManagerServices services;
    private final HttpMeters meters;
    private final List<Route> routes;

    /**
     * The page.
     *
     * @param services of the manager.
     * @param meters   of the HTTP API.
     * @param routes   whose metrics are shown; may be filled later.
     */
    MetricsPage(final ManagerServices services, final HttpMeters meters, final List<Route> routes)
    {
        this.services = services;
        this.meters = meters;
        this.routes = routes;
    }

    void answer(final Exchange exchange)
    {
        final CompletableFuture<QueueCounts> counts = null == services.explanations() ?
            CompletableFuture.completedFuture(null) :
            services.explanations().counts().thenApply(counted -> counted)
                .completeOnTimeout(null, COUNT_TIMEOUT_MS, TimeUnit.MILLISECONDS)
                .exceptionally(thrown -> null);
        exchange.whenDone(counts, counted -> exchange.text(200, TYPE, text(counted)));
    }

    /** The whole of it; null: nobody has counted who waits. */
    private String text(final QueueCounts counts)
    {
        final MetricsText page = new MetricsText();
        for (final Counters.Sample sample : services.counters().snapshot())
        {
            if (sample.monotonic())
            {
                page.counter(sample.name(), sample.help(), sample.value());
            }
            else
            {
                page.gauge(sample.name(), sample.help(), sample.value());
            }
        }
        services.counters().histograms().forEach(
            histogram -> page.histogram(histogram.name(), histogram.help(), histogram.values()));
        page.gauge("ready", "1 if the manager can do its work", services.health().get().ready() ? 1 : 0);
        agents(page);
        if (null != counts)
        {
            queues(page, counts);
        }
        new OwnerMetrics(page).append(services.view());
        new UsageMetrics(page.text()).append(services);
        meters.append(page.text(), routes);
        JvmMetrics.append(page.text());
        return page.text().toString();
    }

    /** What the view knows and no counter does. */
    private void agents(final MetricsText page)
    {
        final AgentCounts counts = services.view().agentCounts();
        for (final Liveness liveness : ApiNames.LIVENESS)
        {
            page.gauge("agents{state=\"" + liveness + "\"}", "Agents that are known, by state",
                counts.byLiveness()[liveness.ordinal()]);
        }
        page.gauge("agents_away", "Agents that are not lost and have no link", counts.away());
        page.gauge("agents_drained", "Agents that an operator keeps new work away from", counts.drained());
        page.gauge("agents_quarantined", "Agents that get no work because starts failed there", counts.quarantined());
    }

    private static void queues(final MetricsText page, final QueueCounts counts)
    {
        counts.byGroup().forEach((name, group) ->
        {
            for (final QueueTally.Reason reason : QueueTally.Reason.values())
            {
                page.gauge(
                    "queue_sessions{group=\"" + Counters.label(name) + "\",reason=\"" +
                        reason.name().toLowerCase(Locale.ROOT) + "\"}",
                    "Sessions that wait, by what they wait for", group.sessions(reason));
            }
        });
        counts.byGroup().forEach((name, group) -> page.gauge(
            "queue_oldest_wait_seconds{group=\"" + Counters.label(name) + "\"}",
            "How long the session has waited that has waited longest for room", group.oldestWaitNs(), NANO));
    }
}
