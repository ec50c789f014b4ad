package io.plimsoll.manager.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.manager.Counters;
import io.plimsoll.manager.database.Database;
import io.plimsoll.manager.database.TestPostgres;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The audit log on its way to a real database. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AuditRecorderTest
{
    @TempDir
    private Path directory;

    private static AuditEntry entry(final String actor, final String target)
    {
        return new AuditEntry(0, null, actor, "user", "", "", "sessions.delete", target, "unknown-session", "");
    }

    private static long value(final Counters counters, final String name)
    {
        return counters.snapshot().stream().filter(sample -> sample.name().endsWith(name)).findFirst().orElseThrow()
            .value();
    }

    @Test
    void shouldNotKeepOthersWaitingForWhatTheDatabaseRefuses() throws Exception
    {
        final Counters counters = new Counters();
        final IdentityStore store = new IdentityStore();
        try (Database database = new Database(TestPostgres.emptyDatabase(), directory, new SecureRandom()))
        {
            final AuditRecorder recorder = new AuditRecorder(database, store, counters);
            final Semaphore up = new Semaphore(0);
            database.onUp(up::release);
            recorder.record(entry("ana", "1"));
            recorder.record(entry("a\0", "2"));
            recorder.record(entry("ana", "3\0"));
            recorder.record(entry("ana", "4"));
            database.start();
            assertTrue(up.tryAcquire(120, TimeUnit.SECONDS));
            while (value(counters, "audit_waiting") > 0)
            {
                Thread.onSpinWait();
            }
            assertEquals(1, value(counters, "audit_dropped_total"));
            final List<AuditEntry> written = database.inTransaction(
                connection -> store.audit(connection, new AuditQuery(null, null, null, 0, 10)))
                .get(120, TimeUnit.SECONDS);
            assertEquals(List.of("4", "3\uFFFD", "1"), written.stream().map(AuditEntry::target).toList());
        }
    }

    @Test
    void shouldWriteWhatIsOnItsWayBeforeTheEnd() throws Exception
    {
        final Counters counters = new Counters();
        final IdentityStore store = new IdentityStore();
        try (Database database = new Database(TestPostgres.emptyDatabase(), directory, new SecureRandom()))
        {
            final AuditRecorder recorder = new AuditRecorder(database, store, counters);
            recorder.drain();
            database.inTransaction(store::version).get(120, TimeUnit.SECONDS);
            for (int i = 0; i < 250; i++)
            {
                recorder.record(entry("ana", Integer.toString(i)));
            }
            recorder.drain();
            assertEquals(0, value(counters, "audit_waiting"));
        }
    }
}
