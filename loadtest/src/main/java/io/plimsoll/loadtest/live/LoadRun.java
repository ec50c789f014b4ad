package io.plimsoll.loadtest.live;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.plimsoll.loadtest.live.LoadException.Kind;
import io.plimsoll.transport.http.ApiClient;
import io.plimsoll.transport.http.ApiException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * A load test in real time, from the first agent to the last check. {@link #run} is for one thread; {@link #interrupt}
 * may come from any.
 */
public final class LoadRun
{
    private static final double SECOND_NS = 1e9;
    private static final double THREAD_SECONDS_MIN = 0.01;
    private static final long TICK_NS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long SAMPLE_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long CONNECT_STALL_NS = TimeUnit.SECONDS.toNanos(90);
    private static final long INTERRUPTED_DRAIN_NS = TimeUnit.SECONDS.toNanos(5);
    private static final long INTERRUPTED_DRAIN_MAX_NS = TimeUnit.SECONDS.toNanos(15);
    private static final long WATCH_NS = TimeUnit.MILLISECONDS.toNanos(500);
    /** In which a lane that waits for what is due looks whether that is still wanted. */
    private static final long PACE_NS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final int ASK_TIMEOUT_MS = 10_000;
    private static final long JOIN_MS = 10_000;
    private static final long SETTLE_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long MANAGER_SETTLE_NS = TimeUnit.SECONDS.toNanos(60);
    /** A manager that falls behind is to be seen as such, and not to give up what has long begun. */
    private static final String GROUP_OPTIONS = "{\"scheduledTimeout\":\"1h\",\"prepareTimeout\":\"1h\"}";
    private static final List<String> UNENDED = List.of(
        "PENDING", "SCHEDULED", "PULLING", "PREPARING", "RUNNING", "TERMINATING");

    private final LoadPlan plan;
    private final LiveManager manager;
    private final Consumer<LoadProgress> listener;
    private final RunState state = new RunState();
    private final Arrivals arrivals;
    private final Meters meters;
    private final String runId = Long.toHexString(System.nanoTime()) + Long.toHexString(ProcessHandle.current().pid());
    private final AtomicLong nextRequest = new AtomicLong();
    private Ledger ledger;
    private Swarm swarm;
    private Sampler sampler;
    private Chaos chaos;
    private StepJudge judge;
    private volatile boolean isSubmitted;
    private volatile boolean isOver;
    private long managerSettleNs = MANAGER_SETTLE_NS;
    private long startNs;
    private long endNs;

    /**
     * About to begin.
     *
     * @param plan     what to do.
     * @param manager  with whom; closed by the caller.
     * @param listener told how far it is, some times a second.
     */
    public LoadRun(final LoadPlan plan, final LiveManager manager, final Consumer<LoadProgress> listener)
    {
        this.plan = plan;
        this.manager = manager;
        this.listener = listener;
        arrivals = new Arrivals(plan);
        meters = new Meters(arrivals.steps().size());
    }

    /** Ends it: nothing more is submitted, and what runs has a moment to end. */
    public void interrupt()
    {
        state.interrupt();
    }

    /** How long the manager may take to learn that all has ended; 60 s unless told. */
    void managerPatience(final long durationNs)
    {
        managerSettleNs = durationNs;
    }

    /**
     * Does it all.
     *
     * @return what came of it, also if it could not go on: {@link LoadResult#failure} says why then.
     * @throws LoadException if it could not begin.
     */
    public LoadResult run()
    {
        Limits.check(plan);
        if (SubmitApi.BINARY == plan.api())
        {
            // Before a hundred thousand agents connect for nothing.
            manager.ingress();
        }
        final ProcessFigures managerAtStart = manager.figures();
        final long beginNs = System.nanoTime();
        // Before agents can tell anything: what a manager has left to them from an earlier run is not ours.
        ledger = new Ledger(plan.kernels(), this::onLatency, beginNs);
        try (ApiClient api = new ApiClient(manager.api().withTimeouts(ASK_TIMEOUT_MS, ASK_TIMEOUT_MS)))
        {
            prepareGroup(api);
            try (Swarm agents = launch())
            {
                swarm = agents;
                started("manager-watch", this::watchManager);
                awaitAgents();
                final double readySeconds = (System.nanoTime() - beginNs) / SECOND_NS;
                final ProcessFigures managerBefore = manager.figures();
                final Map<String, Double> threadsBefore = manager.threads();
                final ProcessFigures loaderBefore = ProcessFigures.of(ProcessHandle.current().pid());
                drive();
                final Map<String, Double> threads = threadSeconds(threadsBefore);
                final long unended = state.isStoppedEarly() ? 0 : unendedAtManager(api);
                return result(
                    readySeconds, unended, usage(managerAtStart, managerBefore, manager.figures(), loaderBefore),
                    threads);
            }
            finally
            {
                isOver = true;
            }
        }
    }

    /** A manager that has ended answers nothing any more, and everything would wait for it. */
    private void watchManager()
    {
        while (!isOver && null == state.failure())
        {
            // Seen often, as what a manager has used cannot be seen any more when it has ended.
            manager.figures();
            final String gone = manager.gone();
            if (null != gone)
            {
                state.fail(new LoadException(Kind.UNREACHABLE, gone));
            }
            LockSupport.parkNanos(WATCH_NS);
        }
    }

    private void prepareGroup(final ApiClient api)
    {
        try
        {
            api.send("PUT", "/v1/groups/" + plan.group(), GROUP_OPTIONS.getBytes(StandardCharsets.UTF_8), Map.of());
        }
        catch (final ApiException ex)
        {
            throw new LoadException(
                Kind.UNREACHABLE, "the manager at " + manager.api().url() + " makes no group " + plan.group() + ": " +
                ex.getMessage());
        }
        final long left = unended(api);
        if (left > 0)
        {
            // They would run on our agents, and nobody could tell what of it is ours.
            throw new LoadException(
                Kind.USAGE, "the group " + plan.group() + " of the manager at " + manager.api().url() + " has " +
                left + (1 == left ? " session" : " sessions") + " that have not ended, maybe of an earlier load " +
                "test: cancel them (plimsoll cancel --group " + plan.group() + "), or name another with --group");
        }
    }

    /** Sessions of the group that the manager says have not ended; -1: it says nothing of them. */
    private long unended(final ApiClient api)
    {
        try
        {
            final JsonNode counts = new ObjectMapper().readTree(api.get("/v1/cluster").body())
                .path("groups").path(plan.group());
            return UNENDED.stream().mapToLong(name -> counts.path(name).asLong()).sum();
        }
        catch (final ApiException | IOException ex)
        {
            return -1;
        }
    }

    private Swarm launch()
    {
        return new Swarm(
            Swarm.Options.of(plan.agents(), plan.group() + "-", plan.group(), plan.seed())
                .sharing(Limits.agentsPerLink(plan))
                .on(plan.agentThreads()),
            new Swarm.Endpoint(manager.agentHost(), manager.agentPort(), manager.joinToken()),
            ledger,
            links -> new AssignmentTap(links, ledger));
    }

    private void awaitAgents()
    {
        long changedNs = System.nanoTime();
        int before = 0;
        int active = swarm.active();
        while (active < plan.agents() && !state.isStopped())
        {
            final long nowNs = System.nanoTime();
            changedNs = active == before ? changedNs : nowNs;
            before = active;
            if (nowNs - changedNs > CONNECT_STALL_NS)
            {
                state.fail(new LoadException(
                    Kind.SHORT, "only " + active + " of " + plan.agents() + " agents have connected: " +
                    swarm.trouble()));
                return;
            }
            listener.accept(new LoadProgress("agents connect", active, plan.agents(), -1, ""));
            LockSupport.parkNanos(10 * TICK_NS);
            active = swarm.active();
        }
    }

    private void drive()
    {
        startNs = System.nanoTime() + (state.isStopped() ? 0 : TICK_NS);
        sampler = new Sampler(ledger, meters, swarm, manager, this::onSample, startNs);
        chaos = new Chaos(plan.chaos(), swarm, manager, plan.seed(), startNs);
        judge = new StepJudge(plan, arrivals, meters);
        final Lanes lanes = new Lanes(
            plan.lanes(), state, () -> new Submitter(plan, manager, meters, ledger, runId), this::submitAll);
        final Thread disorder = started("chaos", this::makeDisorder);
        long sampleNs = startNs + SAMPLE_NS;
        while (lanes.areBusy(System.nanoTime()))
        {
            sampleNs = tick(sampleNs);
            if (judge.isBroken())
            {
                state.stop();
            }
        }
        // From here on everything may end in peace.
        isSubmitted = true;
        drain(sampleNs);
        state.onDoubt(lanes.inFlight());
        awaitEnd(disorder);
        if (!state.isStoppedEarly())
        {
            judge.finish();
        }
        sampler.sample(System.nanoTime());
    }

    private static Thread started(final String name, final Runnable task)
    {
        final Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private long tick(final long sampleNs)
    {
        LockSupport.parkNanos(TICK_NS);
        final long nowNs = System.nanoTime();
        judge.judge(nowNs - startNs);
        if (null != swarm.failure())
        {
            state.fail(new IllegalStateException("the agents broke", swarm.failure()));
        }
        if (nowNs < sampleNs)
        {
            return sampleNs;
        }
        sampler.sample(nowNs);
        return Math.max(nowNs, sampleNs + SAMPLE_NS);
    }

    private void submitAll(final Submitter lane)
    {
        final Reads reads = new Reads(plan, meters);
        long request = nextRequest.getAndIncrement();
        while (!state.isStopped() && !arrivals.isOver(request))
        {
            final long dueNs = plan.isClosed() ? awaitRoom() : startNs + arrivals.dueNs(request);
            while (!state.isStopped() && dueNs - System.nanoTime() > PACE_NS)
            {
                Pace.awaitDue(System.nanoTime() + PACE_NS);
            }
            Pace.awaitDue(dueNs);
            if (state.isStopped())
            {
                return;
            }
            if (arrivals.isRead(request))
            {
                reads.read(lane, arrivals.reads(request), dueNs);
            }
            else
            {
                submit(lane, arrivals.submission(request), dueNs);
            }
            request = nextRequest.getAndIncrement();
        }
    }

    private void submit(final Submitter lane, final long submission, final long dueNs)
    {
        final int sessions = arrivals.sessions(submission);
        if (lane.submit(submission, sessions, dueNs, state))
        {
            meters.onSubmitted(arrivals.stepOfTime(dueNs - startNs), sessions);
        }
    }

    /** Where there is no rate, what is under way is bounded; due is when there is room. */
    private long awaitRoom()
    {
        while (!state.isStopped() && ledger.promised() - ledger.done() / plan.kernels() >= plan.outstandingMax())
        {
            LockSupport.parkNanos(TICK_NS / 20);
        }
        return System.nanoTime();
    }

    private void makeDisorder()
    {
        try
        {
            // No longer than there is something to submit, so that what is broken again and again can recover at last.
            final long lastDueNs = arrivals.lastDueNs();
            while (!state.isAbandoned() && !isSubmitted && plan.chaos().isAny() &&
                System.nanoTime() - startNs < lastDueNs)
            {
                chaos.step(System.nanoTime());
                LockSupport.parkNanos(TICK_NS / 4);
            }
        }
        catch (final RuntimeException ex)
        {
            // Somebody who wants it to end does not wait for the manager to come back.
            if (!state.isInterrupted())
            {
                state.fail(ex);
            }
        }
    }

    private void drain(final long firstSampleNs)
    {
        long sampleNs = firstSampleNs;
        long before = ledger.done();
        long changedNs = System.nanoTime();
        endNs = changedNs;
        long calmNs = Long.MAX_VALUE;
        while (null == state.failure())
        {
            sampleNs = tick(sampleNs);
            final long nowNs = System.nanoTime();
            final long done = ledger.done();
            if (done != before)
            {
                before = done;
                changedNs = nowNs;
                endNs = nowNs;
            }
            final boolean isAll = done >= ledger.promised() * plan.kernels();
            calmNs = !isAll ? Long.MAX_VALUE : Math.min(calmNs, nowNs);
            // What comes twice may come late.
            final boolean isCalm = isAll && nowNs - calmNs > (plan.chaos().isAny() ? SETTLE_NS : 0);
            final long patienceNs = state.isInterrupted() ? INTERRUPTED_DRAIN_NS : plan.drainNs();
            if (isCalm || nowNs - changedNs > patienceNs || state.sinceInterruptNs() > INTERRUPTED_DRAIN_MAX_NS)
            {
                break;
            }
        }
    }

    /** Agents have ended all: the manager has to learn that. */
    private long unendedAtManager(final ApiClient api)
    {
        final long deadlineNs = System.nanoTime() + managerSettleNs;
        long unended = -1;
        while (0 != unended && System.nanoTime() < deadlineNs && null == state.failure() && !state.isInterrupted())
        {
            unended = unended(api);
            LockSupport.parkNanos(TICK_NS);
        }
        if (unended < 0 && !state.isInterrupted())
        {
            state.fail(new LoadException(
                Kind.UNREACHABLE, "the manager at " + manager.api().url() + " says nothing of its state"));
        }
        return state.isStoppedEarly() ? 0 : Math.max(0, unended);
    }

    private LoadResult.Usage usage(
        final ProcessFigures atStart, final ProcessFigures before, final ProcessFigures after,
        final ProcessFigures loaderBefore)
    {
        final ProcessFigures loader = ProcessFigures.of(ProcessHandle.current().pid());
        final boolean isSeen = null != before && null != after;
        return new LoadResult.Usage(
            isSeen ? after.cpuSeconds() - before.cpuSeconds() : null,
            isSeen && null != atStart ? before.cpuSeconds() - atStart.cpuSeconds() : null,
            isSeen ? after.peakMemoryBytes() : null,
            null == loader || null == loaderBefore ? 0 : loader.cpuSeconds() - loaderBefore.cpuSeconds(),
            null == loader ? 0 : loader.peakMemoryBytes());
    }

    /** Threads that did something; after a kill they began anew. */
    private Map<String, Double> threadSeconds(final Map<String, Double> before)
    {
        final Map<String, Double> seconds = new TreeMap<>();
        manager.threads().forEach((name, total) ->
        {
            final double used = chaos.done().killSeconds().isEmpty() ? total - before.getOrDefault(name, 0.0) : total;
            if (used >= THREAD_SECONDS_MIN)
            {
                seconds.put(name, used);
            }
        });
        return seconds;
    }

    private LoadResult result(
        final double readySeconds, final long unended, final LoadResult.Usage usage,
        final Map<String, Double> threadSeconds)
    {
        final Ledger.Audit audit = ledger.audit(!state.isStoppedEarly(), state.doubtful());
        return new LoadResult(
            audit,
            state.isStoppedEarly() ? 0 : audit.lost(),
            state.isStoppedEarly() ? audit.lost() : 0,
            state.doubtful(),
            unended,
            state.isInterrupted(),
            state.failure(),
            Math.max(0, endNs - startNs) / SECOND_NS,
            readySeconds,
            Percentiles.of(meters.assignments()),
            Percentiles.of(meters.replies),
            new LoadResult.Reading(
                Percentiles.of(meters.lists),
                Percentiles.of(meters.explains),
                Percentiles.of(meters.events),
                meters.readErrors.sum()),
            new LoadResult.Traffic(
                meters.requests.sum(), meters.refusals.sum(), meters.outages.sum(), swarm.links(),
                swarm.losses()),
            usage,
            threadSeconds,
            judge.results(),
            chaos.done(),
            sampler.samples());
    }

    private void onLatency(final long dueNs, final long latencyNs)
    {
        meters.onAssigned(arrivals.stepOfTime(dueNs - startNs), latencyNs);
    }

    private void onSample(final Sample sample)
    {
        final long total = arrivals.total();
        final long done = ledger.done() / plan.kernels();
        final double left = done > 0 && total < Long.MAX_VALUE ?
            sample.seconds() * (total - done) / done : -1;
        listener.accept(new LoadProgress(
            "sessions", done, Long.MAX_VALUE == total ? 0 : total, left,
            String.format(
                Locale.ROOT, "%,.0f a second%s", sample.ended(),
                sample.p99Micros() < 0 ? "" : String.format(Locale.ROOT, ", p99 %,.1f ms", sample.p99Micros() / 1e3))));
    }

    /** It may be about to start the manager again, which takes its time. */
    private void awaitEnd(final Thread disorder)
    {
        try
        {
            while (disorder.isAlive() && !state.isStoppedEarly())
            {
                disorder.join(JOIN_MS / 100);
            }
            disorder.interrupt();
            disorder.join(JOIN_MS);
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
        }
    }
}
