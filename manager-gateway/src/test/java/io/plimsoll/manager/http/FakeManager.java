package io.plimsoll.manager.http;

import io.plimsoll.core.QueueListing;
import io.plimsoll.core.SessionPart;
import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.Liveness;
import io.plimsoll.core.sbe.Reason;
import io.plimsoll.core.sbe.Result;
import io.plimsoll.manager.ClusterInfo;
import io.plimsoll.manager.Counters;
import io.plimsoll.manager.FailoverControl;
import io.plimsoll.manager.Health;
import io.plimsoll.manager.ManagerServices;
import io.plimsoll.manager.ServicesBuilder;
import io.plimsoll.manager.SessionFacts;
import io.plimsoll.manager.control.AccountOptions;
import io.plimsoll.manager.control.CancelReply;
import io.plimsoll.manager.control.ClusterControl;
import io.plimsoll.manager.control.Configuration;
import io.plimsoll.manager.control.Explanations;
import io.plimsoll.manager.control.GroupOptions;
import io.plimsoll.manager.control.SessionChange;
import io.plimsoll.manager.control.SessionRequest;
import io.plimsoll.manager.control.SessionTerms;
import io.plimsoll.manager.control.SubmissionChunk;
import io.plimsoll.manager.control.SubmitReply;
import io.plimsoll.manager.control.SubmitRequest;
import io.plimsoll.manager.control.UpdateReply;
import io.plimsoll.manager.egress.SessionWatcher;
import io.plimsoll.manager.identity.Caller;
import io.plimsoll.manager.link.HostDocuments;
import io.plimsoll.manager.usage.UsageView;
import io.plimsoll.manager.view.AccountView;
import io.plimsoll.manager.view.AgentView;
import io.plimsoll.manager.view.ExplanationView;
import io.plimsoll.manager.view.GroupView;
import io.plimsoll.manager.view.IdRange;
import io.plimsoll.manager.view.KernelView;
import io.plimsoll.manager.view.SessionView;
import io.plimsoll.transport.ContainerSpec;
import io.plimsoll.transport.LaunchSpec;
import io.plimsoll.transport.StdinMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;

/**
 * A manager for tests of the HTTP API: keeps what it is told in maps, answers on a thread of its own as egress would,
 * and fails with whatever a test plants.
 */
final class FakeManager implements ClusterControl, Configuration, FailoverControl, AutoCloseable
{
    static final String TOKEN = "0123456789abcdef-token";
    static final long NOW_NS = 1_795_000_000_123_456_789L;

    final FakeView view = new FakeView();
    final FakeFeed feed = new FakeFeed();
    final FakeLogs logs = new FakeLogs();
    final Counters counters = new Counters();
    final List<SubmitRequest> submissions = new ArrayList<>();
    final List<SubmissionChunk> chunks = new CopyOnWriteArrayList<>();
    final Map<Long, ExplanationView> explanations = new TreeMap<>();
    final Set<String> held = new TreeSet<>();
    final AtomicReference<RuntimeException> failure = new AtomicReference<>();
    volatile Health health = new Health(true, List.of(new Health.Check("journal", true, "")));
    volatile boolean silent;
    /** Is done on the event loop with each chunk that comes. */
    volatile Runnable onChunk = () ->
    {
    };
    final FakeTerminals terminals = new FakeTerminals();
    private final Explanations questions = new Questions();

    private final ExecutorService egress = Executors.newSingleThreadExecutor();
    private final Map<String, List<SubmitReply>> repliesByKey = new TreeMap<>();
    UsageView usage = UsageView.NONE;
    SessionFacts facts = SessionFacts.NONE;
    HostDocuments hosts = HostDocuments.NONE;
    private long nextId = 1;
    private long sequence = 100;

    FakeManager()
    {
        view.agents.put(1, agent(1, "node-1"));
    }

    ManagerServices services()
    {
        final ClusterInfo info =
            new ClusterInfo("c0ffee00-0000-4000-8000-000000000001", 3, 7078, "aeron:udp", "async", "0.1.0");
        return new ServicesBuilder()
            .control(this)
            .configuration(this)
            .explanations(questions)
            .view(view)
            .events(feed)
            .logs(logs)
            .terminals(terminals)
            .usage(usage)
            .hosts(hosts)
            .tokens(token -> TOKEN.equals(token) ? Caller.ADMINISTRATOR : null)
            .failovers(this)
            .health(() -> health)
            .counters(counters)
            .facts(facts)
            .info(() -> info)
            .build();
    }

    @Override
    public CompletableFuture<List<SubmitReply>> submit(final SubmitRequest request)
    {
        return answer(() ->
        {
            submissions.add(request);
            final List<SubmitReply> known =
                null == request.idempotencyKey() ? null : repliesByKey.get(request.idempotencyKey());
            if (null != known)
            {
                final SubmitReply first = known.get(0);
                return List.of(new SubmitReply(first.firstId(), first.count(), true, first.sequence()));
            }
            final List<SubmitReply> replies = accept(request.sessions());
            if (null != request.idempotencyKey())
            {
                repliesByKey.put(request.idempotencyKey(), replies);
            }
            return replies;
        });
    }

    @Override
    public CompletableFuture<SubmitReply> submit(final SubmissionChunk chunk, final SessionWatcher watcher)
    {
        onChunk.run();
        return answer(() ->
        {
            chunks.add(chunk);
            final long firstId = nextId;
            for (int i = 0; i < chunk.size(); i++)
            {
                nextId += chunk.session(i).count();
            }
            return new SubmitReply(firstId, nextId - firstId, false, ++sequence);
        });
    }

    @Override
    public void onWatcherGone()
    {
        // Nothing is watched.
    }

    @Override
    public CompletableFuture<CancelReply> cancel(final List<IdRange> ranges)
    {
        return answer(() ->
        {
            long cancelled = 0;
            long ended = 0;
            long unknown = 0;
            for (final IdRange range : ranges)
            {
                for (long id = range.firstId(); id <= Math.min(range.lastId(), range.firstId() + 1000); id++)
                {
                    final SessionView session = view.session(id);
                    unknown += null == session ? 1 : 0;
                    ended += null != session && ApiNames.hasEnded(session.state()) ? 1 : 0;
                    if (null != session && !ApiNames.hasEnded(session.state()))
                    {
                        cancelled++;
                        view.put(with(session, LifeState.CANCELLED, Result.UNDEFINED, Reason.USER_REQUESTED, 0));
                    }
                }
            }
            return new CancelReply(cancelled, ended, unknown, ++sequence);
        });
    }

    @Override
    public CompletableFuture<UpdateReply> update(final List<IdRange> ranges, final SessionChange change)
    {
        return answer(() ->
        {
            UpdateReply reply = new UpdateReply(0, 0, 0, 0, ++sequence);
            for (final IdRange range : ranges)
            {
                for (long id = range.firstId(); id <= range.lastId(); id++)
                {
                    final SessionView session = view.session(id);
                    final boolean ended = null != session && ApiNames.hasEnded(session.state());
                    if (null != session && !ended)
                    {
                        view.put(with(session, change));
                    }
                    reply = new UpdateReply(
                        reply.updated() + (null == session || ended ? 0 : 1),
                        reply.alreadyEnded() + (ended ? 1 : 0),
                        reply.unknown() + (null == session ? 1 : 0),
                        0,
                        sequence);
                }
            }
            return reply;
        });
    }

    private static SessionView with(final SessionView old, final SessionChange change)
    {
        return new SessionView(
            old.id(), null == change.name() ? old.name() : change.name(), old.ownerId(), old.owner(), old.group(),
            old.type(), null == change.priority() ? old.priority() : change.priority(), old.state(), old.result(),
            old.reason(), old.exitCode(), old.attempt(), old.arrayId(), old.arrayIndex(), old.submittedNs(),
            old.startedNs(), old.endedNs(), old.notBeforeNs(), old.onLoss(),
            null == change.walltimeNs() ? old.walltimeNs() : change.walltimeNs(), old.cpuMillis(), old.memoryBytes(),
            old.slots(), old.dependencies(), old.terms(), old.kernels(), old.spec());
    }

    @Override
    public CompletableFuture<AgentView> drain(final int agentId, final boolean drained)
    {
        return answer(() ->
        {
            final AgentView old = view.agent(agentId);
            final AgentView changed = new AgentView(
                old.id(), old.name(), old.uuid(), old.group(), old.arch(), old.labels(), old.liveness(),
                old.connected(), old.reconciled(), drained, old.quarantined(), old.connection(), old.capacity(),
                old.used(), old.kernels(), old.kernelsMax(), old.orphans());
            view.agents.put(agentId, changed);
            return changed;
        });
    }

    @Override
    public void ownerInFlight(final int sessions)
    {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<GroupView> configureGroup(final String name, final UnaryOperator<GroupOptions> change)
    {
        return answer(() ->
        {
            final GroupView current = view.group(name);
            final GroupView group =
                new GroupView(1, name, change.apply(null == current ? null : current.options()));
            view.groups.put(name, group);
            return group;
        });
    }

    @Override
    public CompletableFuture<AccountView> configureAccount(final String idOrName, final AccountChange change)
    {
        return answer(() ->
        {
            final AccountView current = view.account(idOrName);
            final AccountOptions base = null == current ?
                AccountOptions.unlimited(
                    idOrName.matches("[0-9]+") ? Integer.parseInt(idOrName) : view.accounts.size() + 1, idOrName) :
                current.options();
            final AccountView account =
                new AccountView(change.apply(base, null != current), Map.of("cpu", 500L), 1, 2);
            view.accounts.put(account.options().name(), account);
            return account;
        });
    }

    private final class Questions implements Explanations
    {
        @Override
        public CompletableFuture<ExplanationView> explain(final long sessionId)
        {
            return answer(() -> explanations.get(sessionId));
        }

        @Override
        public CompletableFuture<QueueListing> queue(final int groupId, final int max)
        {
            return answer(() -> new QueueListing(7, 5, new long[]{3, 1}, new long[]{2}));
        }
    }

    @Override
    public CompletableFuture<Void> acceptLoss()
    {
        return answer(() ->
        {
            view.lostTail = false;
            return null;
        });
    }

    @Override
    public Set<String> heldGroups()
    {
        return Set.copyOf(held);
    }

    @Override
    public boolean release(final String group)
    {
        return held.remove(group);
    }

    @Override
    public void close()
    {
        egress.shutdownNow();
    }

    /** Puts a session into a state, as if the core had decided so. */
    void put(final long id, final LifeState state)
    {
        put(id, state, StdinMode.NONE);
    }

    void put(final long id, final LifeState state, final StdinMode stdin)
    {
        final SessionRequest request = new SessionRequest(
            "job", "default", io.plimsoll.core.sbe.SessionType.BATCH, 10, 1, 1, false, 1500, 1L << 28,
            Map.of("cuda.device", 1L), 90_000_000_000L, 0, io.plimsoll.core.sbe.OnLoss.WAIT, List.of(3L),
            new LaunchSpec(
                List.of("sh"), Map.of("A", "b"), "/tmp", null, 0, 0, ContainerSpec.NONE, stdin),
            SessionTerms.DEFAULTS);
        final boolean ended = ApiNames.hasEnded(state);
        view.put(with(
            session(id, request, 0, -1), state, ended ? Result.SUCCESS : Result.UNDEFINED,
            ended ? Reason.COMPLETED : Reason.NONE, LifeState.PENDING == state ? 0 : 1));
    }

    static AgentView agent(final int id, final String name)
    {
        final Map<String, Long> capacity = new TreeMap<>(Map.of("cpu", 2_000L, "mem", 8L << 30, "cuda.device", 1L));
        final Map<String, Long> used = new TreeMap<>(Map.of("cpu", 500L, "mem", 1L << 28, "cuda.device", 0L));
        return new AgentView(
            id, name, "11111111-2222-4333-8444-555555555555", "default", "x86_64", Map.of("zone", "z" + id),
            Liveness.ALIVE, true, true, false, false, 1, capacity, used, 1, 10, List.of("1024@2.1"));
    }

    private List<SubmitReply> accept(final List<SessionRequest> sessions)
    {
        final long firstId = nextId;
        for (final SessionRequest request : sessions)
        {
            for (int i = 0; i < request.count(); i++)
            {
                final long arrayId = request.array() ? nextId - i : 0;
                view.put(session(nextId, request, arrayId, request.array() ? i : -1));
                nextId++;
            }
        }
        return List.of(new SubmitReply(firstId, nextId - firstId, false, ++sequence));
    }

    private <T> CompletableFuture<T> answer(final java.util.concurrent.Callable<T> action)
    {
        final CompletableFuture<T> future = new CompletableFuture<>();
        final RuntimeException planted = failure.get();
        if (silent)
        {
            return future;
        }
        egress.execute(() ->
        {
            try
            {
                if (null != planted)
                {
                    throw planted;
                }
                future.complete(action.call());
            }
            catch (final Exception ex)
            {
                future.completeExceptionally(ex);
            }
        });
        return future;
    }

    private static SessionView session(
        final long id, final SessionRequest request, final long arrayId, final int arrayIndex)
    {
        final List<KernelView> kernels = new ArrayList<>();
        final int count =
            request.kernels() + request.terms().parts().stream().mapToInt(SessionPart::kernels).sum();
        for (int i = 0; i < count; i++)
        {
            kernels.add(new KernelView(
                id << 10 | i, i, LifeState.PENDING, Reason.NONE, 0, 0, "", "", "", -1, 0, 0, ""));
        }
        return new SessionView(
            id, request.name(), 0, "admin", request.group(), request.type(), request.priority(), LifeState.PENDING,
            Result.UNDEFINED, Reason.NONE, -1, 0, arrayId, arrayIndex, NOW_NS, 0, 0, 0, request.onLoss(),
            request.walltimeNs(), request.cpuMillis(), request.memoryBytes(), request.slots(),
            request.dependencies(), request.terms(), kernels, request.spec());
    }

    static SessionView with(
        final SessionView old, final LifeState state, final Result result, final Reason reason, final int attempt)
    {
        final boolean started = attempt > 0;
        final boolean ended = ApiNames.hasEnded(state);
        final long startedNs = started ? NOW_NS + 1_000_000 : 0;
        final long endedNs = ended ? NOW_NS + 2_500_000_000L : 0;
        final int exitCode = Result.SUCCESS == result ? 0 : -1;
        final List<KernelView> kernels = new ArrayList<>();
        for (final KernelView kernel : old.kernels())
        {
            kernels.add(new KernelView(
                kernel.kernelId(), kernel.index(), state, reason, attempt, started ? 1 : 0, started ? "node-1" : "",
                started ? "0-1" : "", started ? "0=GPU-1" : "", exitCode, startedNs, endedNs, ""));
        }
        return new SessionView(
            old.id(), old.name(), old.ownerId(), old.owner(), old.group(), old.type(), old.priority(), state, result,
            reason, exitCode, attempt, old.arrayId(), old.arrayIndex(), old.submittedNs(), startedNs, endedNs,
            old.notBeforeNs(), old.onLoss(), old.walltimeNs(), old.cpuMillis(), old.memoryBytes(), old.slots(),
            old.dependencies(), old.terms(), kernels, old.spec());
    }
}
