package io.plimsoll.manager;

import io.plimsoll.core.SchedulerCore;
import io.plimsoll.core.pipeline.CommandIngress;
import io.plimsoll.core.pipeline.FatalHandler;
import io.plimsoll.core.pipeline.Pipeline;
import io.plimsoll.core.pipeline.PipelineContext;
import io.plimsoll.core.pipeline.PipelineCounter;
import io.plimsoll.core.pipeline.PipelineLatency;
import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.ManagerStartedEncoder;
import io.plimsoll.core.sbe.MessageHeaderEncoder;
import io.plimsoll.core.sbe.Reason;
import io.plimsoll.manager.callback.CallbackStage;
import io.plimsoll.manager.control.CancelReply;
import io.plimsoll.manager.control.ClusterControl;
import io.plimsoll.manager.control.ClusterControlAdapter;
import io.plimsoll.manager.control.CommandSource;
import io.plimsoll.manager.control.Configuration;
import io.plimsoll.manager.control.ConfigurationAdapter;
import io.plimsoll.manager.control.CorrelationIds;
import io.plimsoll.manager.control.Explanations;
import io.plimsoll.manager.control.ExplanationsAdapter;
import io.plimsoll.manager.control.GroupOption;
import io.plimsoll.manager.control.GroupOptions;
import io.plimsoll.manager.control.OwnerShares;
import io.plimsoll.manager.control.WorkGate;
import io.plimsoll.manager.egress.EgressReleaser;
import io.plimsoll.manager.egress.PendingReplies;
import io.plimsoll.manager.egress.RecordDispatcher;
import io.plimsoll.manager.egress.RequestOrigins;
import io.plimsoll.manager.egress.SessionTap;
import io.plimsoll.manager.idle.IdleStage;
import io.plimsoll.manager.link.AgentLinks;
import io.plimsoll.manager.link.AssignmentReleaser;
import io.plimsoll.manager.link.Handshakes;
import io.plimsoll.manager.link.HostDocuments;
import io.plimsoll.manager.link.LinkParts;
import io.plimsoll.manager.link.LinkStreams;
import io.plimsoll.manager.link.LinkTable;
import io.plimsoll.manager.link.LivenessTracker;
import io.plimsoll.manager.link.LogStreams;
import io.plimsoll.manager.link.TerminalStreams;
import io.plimsoll.manager.link.UplinkAdapter;
import io.plimsoll.manager.metrics.DecisionMeter;
import io.plimsoll.manager.usage.UsageStore;
import io.plimsoll.manager.usage.UsageView;
import io.plimsoll.manager.view.EventFeedStore;
import io.plimsoll.manager.view.GroupView;
import io.plimsoll.manager.view.LiveViewStore;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.CompositeAgent;
import org.agrona.concurrent.UnsafeBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A manager without threads, sockets, files or clocks: its duty cycles wired up over {@link ManagerPorts}. Production
 * gives them threads ({@link Manager}); tests and the fault simulator step them, all in one thread if they like,
 * through {@link #step()}. Start reading at {@link EgressReleaser} for what follows from a record, at
 * {@link AgentLinks} for what comes from agents.
 */
public final class ManagerStages
{
    private static final Logger LOG = LoggerFactory.getLogger(ManagerStages.class);

    private final LiveViewStore view;
    private final Counters counters = new Counters();
    private final Pipeline pipeline;
    private final PendingReplies replies;
    private final ClusterControlAdapter control;
    private final ConfigurationAdapter configuration;
    private final ExplanationsAdapter explanations;
    private final AgentLinks links;
    private final LivenessTracker liveness;
    private final LogStreams logs;
    private final TerminalStreams terminals;
    private final EventFeedStore feed;
    private final UsageStore usage;
    private final IdleStage idle;
    private final CallbackStage callbacks;
    private final HostDocuments hosts;
    private final SweepAgent sweep;
    private final SessionTap tap;
    private final CompositeAgent ioStage;
    private final ManagerPorts ports;
    private final long term;

    /**
     * Wires the stages up and offers the first commands of this reign; nothing runs yet.
     *
     * @param context  values; its directories and addresses are not looked at.
     * @param ports    outside.
     * @param restored view, filled from the same journal as the core.
     * @param clocks   time and randomness.
     * @param feedWake ends the wait of the feed's thread.
     * @param fatal    ends the process.
     */
    public ManagerStages(
        final ManagerContext context,
        final ManagerPorts ports,
        final RestoredView restored,
        final ManagerClocks clocks,
        final Runnable feedWake,
        final FatalHandler fatal)
    {
        ManagerContextValidator.validate(context.agentSide(), context.killMarginNs());
        this.ports = ports;
        view = restored.view();
        term = view.terms().current().term() + 1;
        final CorrelationIds correlationIds = new CorrelationIds(term);
        final LinkParts parts = new LinkParts(
            ports.endpoint(), ports.uplink(), new LinkTable(), new Handshakes(), context.agentSide(),
            new HostDocuments(counters));
        hosts = parts.hosts();
        replies = new PendingReplies(context.replyTimeoutNs(), ManagerDefaults.REPLIES_MAX, counters);
        feed = new EventFeedStore(
            ports.records(), view, replies.origins(), feedWake, ManagerDefaults.SUBSCRIPTIONS_MAX, counters);
        tap = new SessionTap(replies.origins(), view);
        final AssignmentReleaser releaser = new AssignmentReleaser(
            parts, view, replies.origins(), clocks.random(), counters);
        usage = new UsageStore(view, clocks.epoch(), counters);
        idle = new IdleStage(view, usage, this::end, clocks.epoch(), clocks.monotonic(), counters);
        callbacks = new CallbackStage(
            ports.records(), view, ports.clusterId().toString(), ports.callbacks(), clocks.epoch(), clocks.monotonic(),
            counters);
        final EgressReleaser egress = new EgressReleaser(
            new RecordDispatcher(
                replies.origins(), restored.specs(), releaser, view, usage, idle, callbacks,
                new DecisionMeter(view, counters), tap, replies, replies.watches()),
            counters,
            releaser::onBatchEnd,
            feed::onReleased);
        final AtomicLong arrivedNs = new AtomicLong(clocks.monotonic().nanoTime());
        pipeline = new Pipeline(
            pipelineContext(context, clocks, fatal).arrivedNs(arrivedNs::getAcquire),
            ports.core(),
            ports.journal(),
            egress);
        final CommandIngress ingress =
            new PoisonGuard(
                pipeline, restored.poison().refused(context.build()), replies::refusePoisoned, counters);
        logs = new LogStreams(parts, view, counters, idle);
        terminals = new TerminalStreams(parts, view, counters, idle);
        final long lostMinNs = context.agentSide().leaseNs() + context.killMarginNs() + 1;
        liveness = new LivenessTracker(parts, ingress, view, clocks.monotonic(), counters, lostMinNs);
        links = new AgentLinks(
            parts, ingress, ports.authority(), correlationIds, liveness, new LinkStreams(logs, terminals),
            clocks.monotonic(), counters);
        sweep = new SweepAgent(replies, ports.spaceKept(), clocks.monotonic());
        // Three quarters of the ring are what it takes of users.
        final OwnerShares shares = new OwnerShares(context.ownerInFlightMax(), context.ringSize() / 4 * 3);
        counters.counter(
            "owner_busy_total", "Commands that found the share of their account in the ring taken",
            shares::refusedCount);
        control = new ClusterControlAdapter(
            ingress, replies, correlationIds, view, new WorkGate(shares, sweep::spaceKept), clocks::randomLong,
            clocks.monotonic(), counters);
        configuration = new ConfigurationAdapter(
            ingress, replies, correlationIds, view, shares, clocks.monotonic(), lostMinNs);
        explanations = new ExplanationsAdapter(pipeline, view, clocks.monotonic(), context.replyTimeoutNs());
        ioStage = new CompositeAgent(
            liveness,
            links,
            new UplinkAdapter(
                ports.uplink(), ingress, liveness, links, usage, clocks.monotonic(), arrivedNs, counters),
            sweep);
        registerGauges(parts.table());
        registerPoisonGauges(restored.poison(), context.build());
        begin(context, clocks, correlationIds);
    }

    private CompletableFuture<CancelReply> end(final long sessionId, final int attempt, final Reason reason)
    {
        return control.end(sessionId, attempt, reason);
    }

    private static PipelineContext pipelineContext(
        final ManagerContext context, final ManagerClocks clocks, final FatalHandler fatal)
    {
        return new PipelineContext()
            .ringSize(context.ringSize())
            .recordBufferLength(context.recordBufferLength())
            .threadingMode(context.threadingMode())
            .idleKind(context.idleKind())
            .epochClock(clocks.epoch())
            .nanoClock(clocks.monotonic())
            .fatalHandler(fatal);
    }

    private void begin(
        final ManagerContext context, final ManagerClocks clocks, final CorrelationIds correlationIds)
    {
        final UUID clusterId = ports.clusterId();
        final UnsafeBuffer command = new UnsafeBuffer(new byte[GroupOptions.COMMAND_LENGTH_MAX]);
        final MessageHeaderEncoder header = new MessageHeaderEncoder();
        final ManagerStartedEncoder started = new ManagerStartedEncoder();
        started.wrapAndApplyHeader(command, 0, header)
            .clusterIdHi(clusterId.getMostSignificantBits())
            .clusterIdLo(clusterId.getLeastSignificantBits())
            .term(term)
            .termNonce(clocks.randomLong())
            .decisionVersion(SchedulerCore.DECISION_VERSION)
            .forgetAfterNs(context.coreOptions().forgetAfterNs())
            .endedMax(context.coreOptions().endedMax())
            .build(context.build());
        publish(command, MessageHeaderEncoder.ENCODED_LENGTH + started.encodedLength());
        configureGroups(context.groups(), command, correlationIds, clocks.monotonic().nanoTime());
    }

    /** Groups of the configuration, and the one that every cluster has; those that are so already are left alone. */
    private void configureGroups(
        final Map<String, Map<String, String>> configured,
        final UnsafeBuffer command,
        final CorrelationIds correlationIds,
        final long nowNs)
    {
        final Map<String, Map<String, String>> groups = new LinkedHashMap<>(configured);
        groups.putIfAbsent(ManagerDefaults.GROUP, Map.of());
        groups.forEach(
            (name, changes) ->
            {
                final GroupView current = view.group(name);
                GroupOptions options = null == current ? GroupOptions.DEFAULTS : current.options();
                for (final Map.Entry<String, String> change : changes.entrySet())
                {
                    options = options.with(GroupOption.of(change.getKey()), change.getValue());
                }
                if (null == current || !options.equals(current.options()))
                {
                    final long correlationId = correlationIds.next();
                    replies.register(correlationId, nowNs).whenComplete((done, error) -> logged(name, error));
                    publish(command, options.encode(command, correlationId, CommandSource.MANAGER, name));
                }
            });
    }

    private static void logged(final String group, final Throwable error)
    {
        if (null != error)
        {
            LOG.error("group {} of the configuration was refused: {}", group, error.getMessage());
        }
    }

    private void publish(final UnsafeBuffer command, final int length)
    {
        if (!pipeline.tryPublish(command, 0, length))
        {
            throw new IllegalStateException("the ring refuses the first commands: ringSize=" + pipeline.ringSize());
        }
    }

    private void registerPoisonGauges(final PoisonHistory poison, final String build)
    {
        final int poisonedCount = poison.count();
        final int inRow = poison.inRow(build);
        counters.gauge("poisoned_commands", "Commands that broke the core and are refused since", () -> poisonedCount);
        counters.gauge("poisoned_in_a_row", "Starts of this build that one error ended, one after the other",
            () -> inRow);
    }

    private void registerGauges(final LinkTable table)
    {
        counters.gauge("ring_occupancy", "Entries of the input ring that are taken", pipeline::occupancy);
        counters.gauge("ring_size", "Entries of the input ring", pipeline::ringSize);
        counters.gauge("replies_pending", "Calls that wait for their command", replies::size);
        counters.gauge("waiters", "Calls that wait for the end of a session", view::waiterCount);
        counters.gauge("agents_connected", "Agents with an open link", table::size);
        counters.gauge("log_streams", "Open log streams", logs::size);
        counters.gauge("terminals", "Open terminals", terminals::size);
        counters.gauge("feed_subscriptions", "Subscriptions to events", feed::size);
        counters.gauge("released_sequence", "Journal sequence released last", view::sequence);
        counters.gauge("lost_tail", "1 while nothing is placed because the journal lost its tail",
            () -> view.lostTail() ? 1 : 0);
        counters.gauge("space_kept", "1 while the journal's space reserve holds", () -> sweep.spaceKept() ? 1 : 0);
        for (final LifeState state : LifeState.values())
        {
            if (state.value() <= LifeState.ERROR.value())
            {
                counters.gauge("sessions{state=\"" + state + "\"}", "Sessions known, by state",
                    () -> view.counts().get(state));
            }
        }
        for (final PipelineCounter counter : PipelineCounter.values())
        {
            counters.gauge("pipeline_" + counter.label(), "See the pipeline's counter of this name",
                () -> pipeline.counters().get(counter));
        }
        for (final PipelineLatency latency : PipelineLatency.values())
        {
            counters.histogram(latency.label() + "_seconds", latency.help(), pipeline.counters().latency(latency));
        }
    }

    /** Ring, core, journal and egress. */
    public Pipeline pipeline()
    {
        return pipeline;
    }

    /** Links, uplink, liveness and sweeps, one after the other; for one thread. */
    public Agent ioStage()
    {
        return ioStage;
    }

    /** Feeds subscribers; for a thread of its own, because it reads files. */
    public Agent feedStage()
    {
        return feed;
    }

    /** Ends sessions that are not used; for a thread of its own. */
    public IdleStage idle()
    {
        return idle;
    }

    /** Tells others of sessions; for a thread of its own, because it reads files. */
    public CallbackStage callbacks()
    {
        return callbacks;
    }

    /** One cycle of everything, in one thread. */
    public int step()
    {
        try
        {
            return pipeline.sharedStage().doWork() + ioStage.doWork() + feed.doWork() + idle.doWork() +
                callbacks.doWork();
        }
        catch (final RuntimeException e)
        {
            throw e;
        }
        catch (final Exception e)
        {
            throw new IllegalStateException(e);
        }
    }

    /** Whether this reign's first command has been released: readers see all that was restored, and more. */
    public boolean hasBegun()
    {
        return view.terms().current().term() >= term;
    }

    public ClusterControl control()
    {
        return control;
    }

    /** Changes groups and accounts. */
    public Configuration configuration()
    {
        return configuration;
    }

    /** Says why sessions are where they are. */
    public Explanations explanations()
    {
        return explanations;
    }

    public LiveViewStore view()
    {
        return view;
    }

    public EventFeedStore events()
    {
        return feed;
    }

    /** Which requests sessions came from. */
    public RequestOrigins origins()
    {
        return replies.origins();
    }

    /** Where what becomes of sessions can be followed. */
    public SessionTap tap()
    {
        return tap;
    }

    /** What is used. */
    public UsageView usage()
    {
        return usage;
    }

    /** As their agents describe them. */
    public HostDocuments hosts()
    {
        return hosts;
    }

    public LogStreams logs()
    {
        return logs;
    }

    public TerminalStreams terminals()
    {
        return terminals;
    }

    public LivenessTracker failovers()
    {
        return liveness;
    }

    public Counters counters()
    {
        return counters;
    }

    /** What they give to a front end; who may call, what the cluster is and the rest are for others to add. */
    public ServicesBuilder services()
    {
        return new ServicesBuilder()
            .control(control)
            .configuration(configuration)
            .explanations(explanations)
            .view(view)
            .events(feed)
            .logs(logs)
            .terminals(terminals)
            .usage(usage)
            .hosts(hosts)
            .failovers(liveness)
            .health(() -> health(null))
            .counters(counters)
            .facts(new SessionFacts(idle, callbacks));
    }

    /**
     * State of the parts. Any thread.
     *
     * @param failure what ended the pipeline, null while it runs.
     */
    public Health health(final Throwable failure)
    {
        final boolean spaceKept = sweep.spaceKept();
        return new Health(
            null == failure,
            List.of(
                new Health.Check("restored", hasBegun(), hasBegun() ? "" : "still restoring"),
                new Health.Check("journal", null == failure, null == failure ? "" : String.valueOf(failure)),
                new Health.Check("space", spaceKept, spaceKept ? "" :
                    "no space left for new work; accepted work goes on"),
                new Health.Check("lost-tail", !view.lostTail(), view.lostTail() ?
                    "an agent has seen more than this journal holds; see plimsoll recover --accept-loss" : "")));
    }

    /** Tells agents to come back later; the thread of the I/O stage, or when it has stopped. */
    void shutDownLinks()
    {
        links.shutDown();
    }

    /** Fails the calls that still wait. */
    public void failPending()
    {
        replies.close();
    }
}
