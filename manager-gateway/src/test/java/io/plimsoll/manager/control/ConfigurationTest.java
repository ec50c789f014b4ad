package io.plimsoll.manager.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.core.sbe.AccountLevel;
import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.RejectCode;
import io.plimsoll.manager.bed.ManagerBed;
import io.plimsoll.manager.bed.TestAgent;
import io.plimsoll.manager.view.AccountView;
import io.plimsoll.manager.view.GroupView;
import io.plimsoll.transport.sbe.ReportKind;
import io.plimsoll.transport.sbe.ReportReason;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Groups and accounts through the real core. */
class ConfigurationTest
{
    private final ManagerBed bed = new ManagerBed();

    @AfterEach
    void shouldNotHaveFailed()
    {
        assertNull(bed.fatal);
    }

    private GroupView configure(final String group, final UnaryOperator<GroupOptions> change)
    {
        final CompletableFuture<GroupView> future = bed.stages.configuration().configureGroup(group, change);
        bed.run();
        return bed.answered(future).join();
    }

    private AccountView configure(final AccountOptions account)
    {
        final CompletableFuture<AccountView> future =
            bed.stages.configuration().configureAccount(account.name(), (current, known) -> account);
        bed.run();
        return bed.answered(future).join();
    }

    @Test
    void shouldHaveTheDefaultGroupAndChangeIt()
    {
        bed.start();
        assertEquals(GroupOptions.DEFAULTS, bed.view().group("default").options());
        final GroupView changed = configure("default", options ->
            options.with(GroupOption.ORDER, "lifo").with(GroupOption.PENDING_TIMEOUT, "5m")
                .with(GroupOption.PREEMPTION_SCOPE, "user").with(GroupOption.ALLOWED_TYPES, "batch,system"));
        assertEquals("lifo", changed.options().choice(GroupOption.ORDER));
        assertEquals(changed, bed.view().group("default"));
        bed.start();
        assertEquals(changed, bed.view().group("default"));
        final long sequence = bed.view().sequence();
        assertEquals(changed, configure("default", options -> options));
        assertEquals(sequence, bed.view().sequence());
    }

    @Test
    void shouldConfigureGroupsOfTheConfigurationOnlyWhenTheyDiffer()
    {
        bed.context.groups().put("gpu", Map.of("order", "lifo", "preemption.mode", "terminate"));
        bed.start();
        assertEquals("lifo", bed.view().group("gpu").options().choice(GroupOption.ORDER));
        configure("gpu", options -> options.with(GroupOption.KERNELS_MAX, "4"));
        bed.start();
        final GroupView kept = bed.view().group("gpu");
        assertEquals(4, kept.options().get(GroupOption.KERNELS_MAX));
        assertEquals("terminate", kept.options().choice(GroupOption.PREEMPTION_MODE));
        assertEquals(List.of("gpu", "default"), bed.view().groupList().stream().map(GroupView::name).toList());
    }

    @Test
    void shouldRefuseTimeToLossThatALeaseMayOutlast()
    {
        bed.start();
        final CompletableFuture<GroupView> future = bed.stages.configuration().configureGroup(
            "default", options -> options.with(GroupOption.LOST_TIMEOUT, "45s"));
        bed.run();
        final CompletionException error =
            assertThrows(CompletionException.class, () -> bed.answered(future).join());
        final CommandRejectedException refusal = (CommandRejectedException)error.getCause();
        assertSame(RejectCode.OUT_OF_RANGE, refusal.code());
        assertEquals("lostTimeout", refusal.field());
        assertEquals(46_000_000_000L, configure("default", options -> options.with(GroupOption.LOST_TIMEOUT, "46s"))
            .options().get(GroupOption.LOST_TIMEOUT));
    }

    /** A user works in two projects of a domain: each has what is used in it, the user and the domain have both. */
    @Test
    void shouldCountWhatMembersUseForTheirProjectsAndOnceForTheirUser()
    {
        bed.start();
        configure(account(1, "lab", AccountLevel.DOMAIN, 0, 0));
        configure(account(2, "red", AccountLevel.PROJECT, 1, 0));
        configure(account(3, "blue", AccountLevel.PROJECT, 1, 0));
        configure(account(4, "alice", AccountLevel.USER, 1, 0));
        configure(account(5, "alice@red", AccountLevel.MEMBER, 4, 2));
        configure(account(6, "alice@blue", AccountLevel.MEMBER, 4, 3));
        submitAs(5, ManagerBed.session("one", 1, 1, false));
        submitAs(6, ManagerBed.session("two", 1, 1, false), ManagerBed.session("three", 1, 1, false));
        final Map<String, Long> pending = new TreeMap<>();
        bed.stages.view().accounts().forEach(each -> pending.put(each.options().name(), each.pending()));
        assertEquals(
            Map.of("lab", 3L, "red", 1L, "blue", 2L, "alice", 3L, "alice@red", 1L, "alice@blue", 2L), pending);
        for (final String name : pending.keySet())
        {
            assertEquals(pending.get(name), bed.stages.view().account(name).pending(), name);
        }
    }

    private void submitAs(final int ownerId, final SessionRequest... sessions)
    {
        final CompletableFuture<List<SubmitReply>> future =
            bed.stages.control().submit(new SubmitRequest(ownerId, null, new byte[0], List.of(sessions)));
        bed.run();
        bed.answered(future).join();
    }

    private static AccountOptions account(
        final int id, final String name, final AccountLevel level, final int parentId, final int projectId)
    {
        return new AccountOptions(
            id, name, level, parentId, projectId, 1_000, -1, -1, -1, -1, 100, 0, Map.of(), Map.of());
    }

    @Test
    void shouldCountWhatAnAccountAndThoseBelowUse()
    {
        bed.start();
        final AccountOptions project = new AccountOptions(
            1, "research", AccountLevel.PROJECT, 0, 0, 1_000, 10, -1, -1, -1, 100, 0,
            Map.of("cpu", 50_000L), Map.of());
        configure(project);
        final AccountOptions alice = new AccountOptions(
            2, "alice", AccountLevel.USER, 1, 0, 2_000, -1, -1, -1, -1, 100, 0, Map.of(), Map.of());
        assertEquals(alice, configure(alice).options());
        final TestAgent agent = bed.join("a");
        final SessionRequest plain = ManagerBed.session("mine", 2, 1, false);
        bed.submit(new SessionRequest(
            plain.name(), plain.group(), plain.type(), plain.priority(), 2, 1, false, plain.cpuMillis(),
            plain.memoryBytes(), plain.slots(), 0, plain.graceNs(), plain.onLoss(), List.of(), plain.spec(),
            new SessionTerms(
                2, 0, io.plimsoll.core.sbe.FailurePolicy.STRICT, false, List.of(), List.of(), List.of())));
        assertEquals("alice", bed.view().session(1).owner());
        assertEquals(1, bed.view().account("research").sessions());
        assertEquals(2_000L, bed.view().account("1").used().get("cpu"));
        assertEquals(2_000L, bed.view().account("alice").used().get("cpu"));
        agent.receive();
        for (final TestAgent.Assigned kernel : List.copyOf(agent.assigned))
        {
            agent.report(kernel, ReportKind.RUNNING, ReportReason.NONE, -1);
            agent.report(kernel, ReportKind.EXITED, ReportReason.COMPLETED, 0);
        }
        bed.run();
        assertEquals(LifeState.TERMINATED, bed.view().session(1).state());
        assertEquals(0L, bed.view().account("research").used().get("cpu"));
        assertEquals(0, bed.view().account("research").sessions());
        bed.start();
        assertEquals(project, bed.view().account("research").options());
        assertTrue(bed.view().accounts().size() == 2);
    }
}
