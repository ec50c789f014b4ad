package io.plimsoll.manager.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.manager.database.TestPostgres;
import io.plimsoll.manager.view.SessionFilter;
import io.plimsoll.manager.view.SessionHistory;
import io.plimsoll.manager.view.SessionView;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Random lives, projected into a real database. */
class HistoryTest
{
    private static final long SEED = Long.getLong("plimsoll.seed", 7);
    private static final int STEPS = Integer.getInteger("plimsoll.history.steps", 150);
    private static final HistoryOptions FOR_EVER = new HistoryOptions(true, 0, 0);
    private static final long HOUR_NS = TimeUnit.HOURS.toNanos(1);

    private final RandomLife life = new RandomLife(SEED, HOUR_NS);

    private LifeHistory history()
    {
        return history(FOR_EVER);
    }

    private LifeHistory history(final HistoryOptions options)
    {
        return new LifeHistory(life.bed, TestPostgres.emptyDatabase(), options);
    }

    private String reference()
    {
        try (LifeHistory history = history())
        {
            history.catchUp();
            return history.rows();
        }
    }

    @Test
    void shouldCountEachRecordOnceHoweverOftenItIsKilled()
    {
        final Random random = new Random(SEED);
        try (LifeHistory history = history())
        {
            history.releasedMax = 0;
            // Ends a transaction as late as can be: when all of it was written.
            history.execute("create function fail() returns trigger language plpgsql as" +
                " $$ begin if random() < 0.3 then raise exception 'on purpose'; end if; return null; end $$");
            history.execute("create constraint trigger fail after update on history_position" +
                " deferrable initially deferred for each row execute function fail()");
            life.goOn(STEPS);
            while (history.releasedMax < life.bed.journal.size())
            {
                history.releasedMax += 1 + random.nextInt(200);
                history.step();
                if (random.nextBoolean())
                {
                    history.begin();
                }
            }
            history.catchUp();
            history.execute("drop trigger fail on history_position");
            final String rows = history.rows();
            assertEquals(reference(), rows, () -> "seed=" + SEED);
            final CompletableFuture<Void> begun = history.service().rebuild(false);
            history.step();
            begun.join();
            assertEquals(0, history.tailer.sequence());
            history.catchUp();
            assertEquals(rows, history.rows(), () -> "seed=" + SEED);
        }
    }

    @Test
    void shouldSumUpWhatWasUsedByDayAsTheEventsSay()
    {
        life.goOn(STEPS);
        try (LifeHistory history = history())
        {
            history.catchUp();
            final UsageOracle oracle = new UsageOracle();
            life.bed.journal.restore(oracle::onRecord);
            oracle.end(Instant.ofEpochSecond(0, history.tailer.atNs()));
            assertTrue(oracle.runs > 10, "runs=" + oracle.runs);
            final Map<String, BigInteger> told = new TreeMap<>();
            final Map<String, Integer> owners = new HashMap<>(Map.of("user/ana", 20, "user/bo", 14));
            final UsageReport report = history.service().usage(new UsageQuery(
                LocalDate.of(2023, 1, 1), LocalDate.of(2024, 1, 1),
                List.of(UsageQuery.Key.DAY, UsageQuery.Key.USER), Scope.ALL)).join();
            report.rows().forEach(row -> told.put(
                row.keys().get(0) + " " + owners.getOrDefault(String.valueOf(row.keys().get(1)), 0) + " " + row.slot(),
                row.amountNs()));
            assertEquals(oracle.sums, told, () -> "seed=" + SEED);
            assertTrue(oracle.sums.keySet().stream().map(key -> key.substring(0, 10)).distinct().count() > 1);

            final UsageReport ana = history.service().usage(new UsageQuery(
                LocalDate.of(2023, 1, 1), LocalDate.of(2024, 1, 1),
                List.of(UsageQuery.Key.SLOT), new Scope(0, 13))).join();
            assertEquals(
                sum(oracle.sums, " 20 cpu"),
                ana.rows().stream().filter(row -> "cpu".equals(row.slot())).findFirst().orElseThrow().amountNs());
            final UsageReport projects = history.service().usage(new UsageQuery(
                LocalDate.of(2023, 1, 1), LocalDate.of(2024, 1, 1),
                List.of(UsageQuery.Key.DOMAIN, UsageQuery.Key.PROJECT), Scope.ALL)).join();
            assertEquals(
                sum(oracle.sums, " 20 mem"),
                projects.rows().stream().filter(row -> "mem".equals(row.slot()) &&
                    List.of("domain/research", "project/vision").equals(row.keys())).findFirst().orElseThrow()
                    .amountNs());
        }
    }

    private static BigInteger sum(final Map<String, BigInteger> sums, final String end)
    {
        return sums.entrySet().stream().filter(entry -> entry.getKey().endsWith(end)).map(Map.Entry::getValue)
            .reduce(BigInteger.ZERO, BigInteger::add);
    }

    @Test
    void shouldShowWhatMemoryHasForgottenAsMemoryShowedIt()
    {
        final Map<Long, SessionView> ended = new TreeMap<>();
        final Map<Long, SessionHistory> steps = new HashMap<>();
        for (int i = 0; i < STEPS; i++)
        {
            life.goOn(1);
            life.bed.view().sessions(SessionFilter.ALL, 0, 1_000).sessions().stream()
                .filter(view -> view.endedNs() > 0).forEach(view ->
                {
                    ended.put(view.id(), view);
                    steps.put(view.id(), life.bed.view().history(view.id()));
                });
        }
        assertTrue(ended.keySet().stream().anyMatch(id -> null == life.bed.view().session(id)));
        try (LifeHistory history = history())
        {
            history.catchUp();
            final HistoryService service = history.service();
            final List<SessionView> found = new ArrayList<>();
            long next = 0;
            do
            {
                final List<SessionView> page = service.sessions(new PastQuery(
                    SessionFilter.ALL, Scope.ALL, PastQuery.Order.ID_UP, new PastQuery.After(0, next), 7)).join();
                found.addAll(page);
                next = page.isEmpty() ? 0 : page.get(page.size() - 1).id() + 1;
            }
            while (next > 0);
            assertEquals(new ArrayList<>(ended.keySet()), found.stream().map(SessionView::id).toList());
            found.forEach(view -> assertEquals(ended.get(view.id()), view));
            steps.forEach((id, expected) -> assertEquals(expected, service.steps(id, Scope.ALL).join()));
            assertVisible(service, found);
        }
    }

    private static void assertVisible(final HistoryService service, final List<SessionView> all)
    {
        final List<SessionView> seen = service.sessions(new PastQuery(
            SessionFilter.ALL, new Scope(0, 14), PastQuery.Order.ID_DOWN, new PastQuery.After(0, 0), 1_000)).join();
        assertFalse(seen.isEmpty());
        assertTrue(seen.size() < all.size());
        seen.forEach(view -> assertEquals(14, view.ownerId()));
        final SessionView ofAna = all.stream().filter(view -> 20 == view.ownerId()).findFirst().orElseThrow();
        assertNull(service.session(ofAna.id(), new Scope(0, 14)).join());
        assertNull(service.steps(ofAna.id(), new Scope(0, 14)).join());
        assertEquals(ofAna, service.session(ofAna.id(), new Scope(0, 13)).join());
        assertEquals(ofAna, service.session(ofAna.id(), new Scope(10, 0)).join());
        assertNull(service.session(ofAna.id(), new Scope(11, 0)).join());
    }

    @Test
    void shouldGoOnFromASnapshotWhereTheJournalWasPrunedAndSaySo()
    {
        life.goOn(STEPS / 3);
        try (LifeHistory history = history())
        {
            history.catchUp();
            final long read = history.tailer.sequence();
            life.goOn(STEPS / 3);
            history.snapshot = life.bed.journal.size();
            life.bed.journal.pruneBelow(history.snapshot - 3);
            life.goOn(STEPS / 3);
            history.begin();
            history.catchUp();
            assertEquals(
                List.of(read + 1 + " " + history.snapshot),
                history.query("select first_sequence || ' ' || last_sequence from history_gaps"));
            // Whatever memory has not forgotten is as it should be.
            final Map<Long, SessionView> known = new HashMap<>();
            life.bed.view().sessions(SessionFilter.ALL, 0, 1_000).sessions().stream()
                .filter(view -> view.endedNs() > 0).forEach(view -> known.put(view.id(), view));
            assertFalse(known.isEmpty());
            known.forEach((id, view) -> assertEquals(view, history.service().session(id, Scope.ALL).join()));
            assertEquals(List.of("0"), history.query(
                "select count(*)::text from history_sessions where ended_ns = 0 and id < " +
                    life.bed.view().sessions(SessionFilter.ALL, 0, 1).sessions().get(0).id()));
            final CompletableFuture<Void> refused = history.service().rebuild(false);
            history.step();
            assertInstanceOf(
                HistoryPrunedException.class, assertThrows(CompletionException.class, refused::join).getCause());
            final CompletableFuture<Void> begun = history.service().rebuild(true);
            history.step();
            begun.join();
            history.catchUp();
            known.forEach((id, view) -> assertEquals(view, history.service().session(id, Scope.ALL).join()));
        }
    }

    @Test
    void shouldDropWhatIsOldAndKeepWhatWasUsed()
    {
        life.goOn(STEPS);
        final HistoryOptions day = new HistoryOptions(true, 24 * HOUR_NS, 0);
        try (LifeHistory history = history(day))
        {
            history.catchUp();
            final List<String> usage = history.query("select row_to_json(t)::text from history_usage t order by 1");
            while (0 != history.step())
            {
                // As much as there is.
            }
            final long before = life.bed.clock.epochNs() - day.retentionNs();
            assertEquals(List.of("0"), history.query(
                "select count(*)::text from history_sessions where ended_ns > 0 and ended_ns < " + before));
            assertEquals(List.of("0"), history.query("select count(*)::text from history_kernels k" +
                " where not exists (select 1 from history_sessions s where s.id = k.session_id)"));
            assertEquals(List.of("0"), history.query("select count(*)::text from history_attempts k" +
                " where not exists (select 1 from history_sessions s where s.id = k.session_id)"));
            assertTrue(Long.parseLong(history.query("select count(*)::text from history_sessions").get(0)) > 0);
            assertEquals(usage, history.query("select row_to_json(t)::text from history_usage t order by 1"));
        }
    }
}
