package io.plimsoll.manager.history;

import io.plimsoll.manager.database.Database;
import io.plimsoll.manager.view.LiveViewStore;
import io.plimsoll.manager.view.SessionHistory;
import io.plimsoll.manager.view.SessionStep;
import io.plimsoll.manager.view.SessionView;
import io.plimsoll.transport.LaunchSpec;
import io.plimsoll.transport.LaunchSpecCodec;
import io.r2dbc.spi.Connection;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import reactor.core.publisher.Mono;

/** History as the rest of the manager meets it. Any thread. */
public final class HistoryService implements History
{
    private static final int REBUILD_S = 30;

    private final HistoryQueries queries = new HistoryQueries();
    private final Database database;
    private final HistoryTailer tailer;
    private final LiveViewStore view;

    /**
     * Reads what somebody else writes.
     *
     * @param database of both.
     * @param tailer   that keeps it up with the journal.
     * @param view     knows what numbers stand for.
     */
    public HistoryService(final Database database, final HistoryTailer tailer, final LiveViewStore view)
    {
        this.database = database;
        this.tailer = tailer;
        this.view = view;
    }

    @Override
    public boolean isKept()
    {
        return Database.State.OFF != database.state() && Database.State.UNUSED != database.state();
    }

    @Override
    public CompletableFuture<List<SessionView>> sessions(final PastQuery query)
    {
        return database.inTransaction(connection ->
            queries.sessions(connection, query).flatMap(sessions -> views(connection, sessions)));
    }

    @Override
    public CompletableFuture<SessionView> session(final long id, final Scope scope)
    {
        return database.inTransaction(connection -> queries.session(connection, id, scope)
            .flatMap(session -> views(connection, List.of(session)).map(views -> views.get(0))));
    }

    private Mono<List<SessionView>> views(final Connection connection, final List<PastSession> sessions)
    {
        final Long[] ids = sessions.stream().map(session -> session.id).toArray(Long[]::new);
        final Long[] specIds = sessions.stream().map(session -> session.asked.specId()).distinct().toArray(Long[]::new);
        return queries.kernels(connection, ids).flatMap(kernels -> queries.specs(connection, specIds).map(specs ->
        {
            final Map<Long, LaunchSpec> parsed = new HashMap<>();
            specs.forEach((id, spec) ->
                parsed.put(id, LaunchSpecCodec.decode(spec.getBytes(StandardCharsets.UTF_8))));
            final List<SessionView> views = new ArrayList<>();
            for (final PastSession session : sessions)
            {
                views.add(SessionForms.view(
                    session,
                    kernels.getOrDefault(session.id, List.of()),
                    parsed.get(session.asked.specId()),
                    view.accountName(session.asked.ownerId()),
                    view.slots()));
            }
            return views;
        }));
    }

    @Override
    public CompletableFuture<SessionHistory> steps(final long id, final Scope scope)
    {
        return database.inTransaction(connection -> queries.session(connection, id, scope).map(session ->
        {
            final List<SessionStep> steps = new ArrayList<>();
            if (0 == session.steps.dropped())
            {
                steps.add(SessionStep.submission(session.asked.submittedNs()));
            }
            steps.addAll(session.steps.list());
            return new SessionHistory(session.steps.dropped(), steps);
        }));
    }

    @Override
    public CompletableFuture<UsageReport> usage(final UsageQuery query)
    {
        // What somebody has just seen happen counts, if that is possible within a moment.
        final long sequence = view.sequence();
        return database.whenThere().thenCompose(nothing -> tailer.reached(sequence)).thenCompose(nothing ->
            database.inTransaction(connection -> HistoryStore.update(connection.createStatement(
                "set transaction isolation level repeatable read")).then(queries.usage(connection, query))));
    }

    @Override
    public HistoryStatus status()
    {
        return new HistoryStatus(
            database.state().name().toLowerCase(Locale.ROOT),
            tailer.sequence(),
            view.sequence(),
            tailer.atNs(),
            tailer.oldestSequence(),
            tailer.trouble());
    }

    @Override
    public CompletableFuture<Void> rebuild(final boolean acceptLoss)
    {
        // It may be asked for by several, each of whom waits for itself.
        return database.whenThere().thenCompose(
            nothing -> tailer.rebuild(acceptLoss).copy().orTimeout(REBUILD_S, TimeUnit.SECONDS));
    }
}
