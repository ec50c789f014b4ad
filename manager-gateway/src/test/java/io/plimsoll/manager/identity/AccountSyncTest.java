package io.plimsoll.manager.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.core.sbe.RejectCode;
import io.plimsoll.manager.Counters;
import io.plimsoll.manager.control.AccountOptions;
import io.plimsoll.manager.control.CommandRejectedException;
import io.plimsoll.manager.control.Configuration;
import io.plimsoll.manager.control.GroupOptions;
import io.plimsoll.manager.control.OverloadedException;
import io.plimsoll.manager.view.AccountView;
import io.plimsoll.manager.view.GroupView;
import io.plimsoll.manager.view.LiveView;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Accounts that are refused, lost and in each other's way on their way to the core. */
class AccountSyncTest
{
    private final Core core = new Core();
    private Identity identity = identity(1, "research", "vision", "ana");

    private static Identity identity(final long version, final String domain, final String project, final String user)
    {
        final Policy limited = new Policy(
            Map.of("cpu", 4_000L), Map.of(), 7, -1, -1, -1, 50, 0, IdlePolicy.NONE, 0, List.of(), 2_000, 0, List.of(),
            null);
        return new Identity(
            version,
            List.of(new Domain(1_000_000, domain, "", true, Policy.UNLIMITED, null)),
            List.of(new Project(1_000_001, project, 1_000_000, "", true, limited, null)),
            List.of(new User(1_000_002, user, 1_000_000, Role.USER, 0, "", true, Policy.UNLIMITED, null)),
            List.of(new Keypair(1_000_003, "PK1", 1_000_002, "hash", "", true, Policy.UNLIMITED, null, null)),
            List.of(new Identity.Membership(1_000_001, 1_000_002)),
            List.of(new Identity.MemberAccount(1_000_004, 1_000_003, 1_000_001)),
            List.of());
    }

    private void awaitConfirmed() throws Exception
    {
        try (AccountSync sync = new AccountSync(core, core.view(), () -> identity, new Counters()))
        {
            sync.confirmed().get(120, TimeUnit.SECONDS);
        }
    }

    private List<String> names()
    {
        return core.accounts.values().stream().map(AccountOptions::name).toList();
    }

    @Test
    void shouldSendThoseAboveFirst() throws Exception
    {
        awaitConfirmed();
        assertEquals(List.of("domain/research", "project/vision", "user/ana", "keypair/PK1", "ana@vision"), names());
        assertEquals(List.of(1_000_000, 1_000_001, 1_000_002, 1_000_003, 1_000_004), core.sent);
        final AccountOptions project = core.accounts.get(1_000_001);
        assertEquals(Map.of("cpu", 4_000L), project.limits());
        assertEquals(7, project.sessionsMax());
        assertEquals(50, project.priorityMax());
        assertEquals(2_000, project.weight());
        assertEquals(1_000_000, project.parentId());
        final AccountOptions member = core.accounts.get(1_000_004);
        assertEquals(1_000_003, member.parentId());
        assertEquals(1_000_001, member.projectId());
    }

    /** That the core has an account of this number says nothing of its limits. */
    @Test
    void shouldCallConfirmedWhatTheCoreHasAsThePolicyWantsIt() throws Exception
    {
        awaitConfirmed();
        final AccountOptions known = core.accounts.get(1_000_001);
        final Project project = identity.project("vision");
        assertTrue(Accounts.isConfirmed(project, known));
        assertFalse(Accounts.isConfirmed(
            new Project(1_000_001, "vision", 1_000_000, "", true, Policy.UNLIMITED, null), known));
        assertFalse(Accounts.isConfirmed(
            new Project(1_000_001, "sound", 1_000_000, "", true, project.policy(), null), known));
        assertTrue(Accounts.isConfirmed(project, Accounts.deleted(known)));
        assertTrue(Accounts.isConfirmed(identity.keypair("PK1"), core.accounts.get(1_000_003)));
    }

    @Test
    void shouldSendAgainUntilTheyAreShown() throws Exception
    {
        core.answers.add(Answer.REFUSED);
        core.answers.add(Answer.FULL);
        core.answers.add(Answer.LOST);
        core.answers.add(Answer.LOST);
        awaitConfirmed();
        assertEquals(List.of("domain/research", "project/vision", "user/ana", "keypair/PK1", "ana@vision"), names());
        assertTrue(core.sent.size() > 5, core.sent.toString());
        final int sent = core.sent.size();
        awaitConfirmed();
        assertEquals(sent, core.sent.size());
    }

    @Test
    void shouldFreeTheNamesOfThoseThatAreGoneAndLeaveOthersAlone() throws Exception
    {
        core.accounts.put(7, AccountOptions.unlimited(7, "alice"));
        core.accounts.put(1_000_900, AccountOptions.unlimited(1_000_900, "user/ana"));
        awaitConfirmed();
        assertEquals("alice", core.accounts.get(7).name());
        assertEquals("deleted/1000900", core.accounts.get(1_000_900).name());
        assertEquals(0, core.accounts.get(1_000_900).sessionsMax());
        assertEquals("user/ana", core.accounts.get(1_000_002).name());
    }

    @Test
    void shouldSwapNames() throws Exception
    {
        awaitConfirmed();
        core.accounts.put(1_000_001, renamed(core.accounts.get(1_000_001), "user/ana"));
        core.accounts.put(1_000_002, renamed(core.accounts.get(1_000_002), "project/vision"));
        awaitConfirmed();
        assertEquals(List.of("domain/research", "project/vision", "user/ana", "keypair/PK1", "ana@vision"), names());
        identity = identity(2, "research", "sound", "bea");
        awaitConfirmed();
        assertEquals(List.of("domain/research", "project/sound", "user/bea", "keypair/PK1", "bea@sound"), names());
    }

    @Test
    void shouldAskOnceForManyWhoWaitForTheSame() throws Exception
    {
        core.gate = new CompletableFuture<>();
        try (AccountSync sync = new AccountSync(core, core.view(), () -> identity, new Counters()))
        {
            final List<CompletableFuture<Void>> all = new ArrayList<>();
            all.add(sync.confirmed());
            core.reached.get(120, TimeUnit.SECONDS);
            for (int i = 0; i < 1_000; i++)
            {
                all.add(sync.confirmed());
            }
            // The one that was asked for, and the next of those in between.
            assertEquals(2, sync.roundsAhead());
            core.gate.complete(null);
            CompletableFuture.allOf(all.toArray(CompletableFuture<?>[]::new)).get(120, TimeUnit.SECONDS);
        }
    }

    private static AccountOptions renamed(final AccountOptions account, final String name)
    {
        return new AccountOptions(
            account.id(), name, account.level(), account.parentId(), account.projectId(), account.weight(),
            account.sessionsMax(), account.systemSessionsMax(), account.pendingMax(), account.kernelsMax(),
            account.priorityMax(), account.allowedTypes(), account.limits(), account.pendingLimits());
    }

    private enum Answer
    {
        REFUSED, FULL, LOST
    }

    /** Takes accounts as a manager does, or not; names are unique. */
    private static final class Core implements Configuration
    {
        private final Map<Integer, AccountOptions> accounts = new TreeMap<>();
        private final List<Integer> sent = new ArrayList<>();
        private final Deque<Answer> answers = new ArrayDeque<>();
        private final CompletableFuture<Void> reached = new CompletableFuture<>();
        /** What answers wait for. */
        private CompletableFuture<Void> gate = CompletableFuture.completedFuture(null);

        private LiveView view()
        {
            return (LiveView)Proxy.newProxyInstance(
                LiveView.class.getClassLoader(),
                new Class<?>[]{LiveView.class},
                (proxy, method, arguments) -> accounts.values().stream()
                    .map(account -> new AccountView(account, Map.of(), 0, 0))
                    .toList());
        }

        @Override
        public void ownerInFlight(final int sessions)
        {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletableFuture<GroupView> configureGroup(
            final String name, final UnaryOperator<GroupOptions> change)
        {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletableFuture<AccountView> configureAccount(final String idOrName, final AccountChange change)
        {
            final AccountOptions account = change.apply(null, false);
            sent.add(account.id());
            final boolean taken = accounts.values().stream()
                .anyMatch(other -> other.id() != account.id() && other.name().equals(account.name()));
            final Answer answer = taken ? Answer.REFUSED : answers.poll();
            if (Answer.REFUSED == answer)
            {
                return CompletableFuture.failedFuture(
                    new CommandRejectedException(RejectCode.NAME_IN_USE, account.name(), 0, 0, 0, 0));
            }
            if (Answer.FULL == answer)
            {
                return CompletableFuture.failedFuture(new OverloadedException("ring-full", 1));
            }
            if (Answer.LOST != answer)
            {
                accounts.put(account.id(), account);
            }
            reached.complete(null);
            return gate.thenApply(nothing -> new AccountView(account, Map.of(), 0, 0));
        }
    }
}
