package io.plimsoll.loadtest.sim;

import io.plimsoll.agent.kernel.KernelKey;
import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.loadtest.proof.JournalProof;
import io.plimsoll.loadtest.workload.ClusterAudit;
import io.plimsoll.manager.ManagerStages;
import io.plimsoll.manager.view.AccountView;
import io.plimsoll.manager.view.AgentView;
import io.plimsoll.manager.view.ExplanationView;
import io.plimsoll.manager.view.IdRange;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What has to hold, whatever goes wrong. At every step: the books of the journal balance ({@link ClusterAudit}: nothing
 * is given twice, gangs are placed whole, nobody ends twice), what users read is what was journalled; and where kernels
 * really run, {@link KernelWorld} watches. At the end: what was promised is there and has ended, or says why not;
 * nothing is held, nothing runs, and restore, decision and the live state come to one hash.
 */
final class Invariants
{
    private static final int BOOKS_EVERY = 64;

    private final Ledger ledger;
    private final KernelWorld kernels;
    private final SimClient client;
    private final RecordFlyweight record = new RecordFlyweight();
    private final Set<Long> asked = new TreeSet<>();
    private SimulationException violation;
    private ClusterAudit audit = new ClusterAudit();
    private int audited;
    private long steps;

    Invariants(final Ledger ledger, final KernelWorld kernels, final SimClient client)
    {
        this.ledger = ledger;
        this.kernels = kernels;
        this.client = client;
        kernels.mayStartAgain(key -> LifeState.SCHEDULED == audit.kernelReached(key.kernelId()));
    }

    ClusterAudit audit()
    {
        return audit;
    }

    /** The journal is shorter than it was: what was behind is nobody's any more. */
    void onLost()
    {
        audit = new ClusterAudit();
        audited = 0;
        auditNew();
        kernels.orphans(this::isOrphan);
    }

    private boolean isOrphan(final KernelKey key)
    {
        return !audit.isPlaced(key.kernelId(), key.term(), key.attempt());
    }

    /** What one before was asked, nobody answers any more. */
    void onManagerUp()
    {
        asked.clear();
    }

    void atStep(final SimManager manager)
    {
        if (null != violation)
        {
            throw violation;
        }
        auditNew();
        if (0 == ++steps % BOOKS_EVERY && null != manager && manager.hasBegun())
        {
            compareBooks(manager.stages());
        }
    }

    private void auditNew()
    {
        while (audited < ledger.committed())
        {
            audit.onRecord(ledger.tape().wrap(audited++, record));
        }
    }

    /** Of the view, which is what users and operators read, when it is as far as the books. */
    private void compareBooks(final ManagerStages stages)
    {
        if (stages.view().sequence() != audited)
        {
            return;
        }
        final Map<Integer, Map<String, Long>> used = audit.used();
        for (final AgentView agent : stages.view().agents())
        {
            agent.used().forEach((slot, amount) ->
            {
                final long booked = booked(used.getOrDefault(agent.id(), Map.of()), slot);
                require(booked == amount, "the view has " + slot + "=" + amount + " taken on agent " + agent.name() +
                    ", placements make " + booked);
            });
        }
        final Map<Integer, Map<String, Long>> byOwner = audit.usedByOwner();
        for (final AccountView account : stages.view().accounts())
        {
            account.used().forEach((slot, amount) ->
            {
                final long booked =
                    byOwner.getOrDefault(account.options().id(), Map.of()).getOrDefault(slot, 0L);
                require(booked == amount, "account " + account.options().id() + " has " + slot + "=" + amount +
                    " taken, placements make " + booked);
            });
        }
    }

    /** Whoever has a whole device has all shares of it. */
    private static long booked(final Map<String, Long> used, final String slot)
    {
        final long whole = slot.equals(SimClient.SHARES) ? 1_000 * used.getOrDefault(SimClient.DEVICE, 0L) : 0;
        return whole + used.getOrDefault(slot, 0L);
    }

    /** Everything that can end has ended; what is left waits, and has said for what. */
    boolean isQuiet()
    {
        return 0 == audit.heldCount() && 0 == kernels.alive() && 0 == audit.openCount();
    }

    /** Asks of what waits when nothing runs any more why that is so, and ends what has an answer. */
    void askAboutOpen(final ManagerStages stages)
    {
        if (0 != audit.heldCount() || 0 != kernels.alive())
        {
            return;
        }
        for (final long id : audit.openIds())
        {
            if (asked.add(id))
            {
                stages.explanations().explain(id).whenComplete((answer, error) ->
                {
                    asked.remove(id);
                    onExplained(id, null == error ? answer : null, stages);
                });
            }
        }
    }

    private void onExplained(final long id, final ExplanationView answer, final ManagerStages stages)
    {
        // Null: another time. It may have been placed meanwhile.
        if (null == answer || LifeState.PENDING.value() != answer.answer().state() ||
            0 != answer.answer().notBeforeNs())
        {
            return;
        }
        final boolean waits = 0 != answer.answer().unmetCount() || !answer.limits().isEmpty() ||
            !answer.rejected().isEmpty() || !answer.lacking().isEmpty() || !answer.missing().isEmpty();
        if (waits)
        {
            stages.control().cancel(List.of(new IdRange(id, id)));
        }
        else if (0 == answer.answer().position())
        {
            // Thrown in here, it would only end up in a future.
            violation = new SimulationException("session " + id + " waits for nothing: " + answer.answer());
        }
    }

    void atEnd(final SimManager manager, final long seed)
    {
        auditNew();
        for (final long id : client.promised())
        {
            final LifeState state = audit.state(id);
            // Null: ended and forgotten, which the audit has seen; one that never was would be beyond the highest.
            require(null == state ? id <= audit.highestId() : ClusterAudit.isTerminal(state),
                "session " + id + " was promised and is " + state);
        }
        compareBooks(manager.stages());
        require(manager.stages().view().sequence() == audited, "the view is at " +
            manager.stages().view().sequence() + " of " + audited);
        for (final AgentView agent : manager.stages().view().agents())
        {
            agent.used().forEach((slot, used) ->
                require(0 == used, "nothing runs, but agent " + agent.name() + " gives " + slot + "=" + used));
        }
        final JournalProof.Result proof = JournalProof.proveQuickly(ledger.tape(), SimWorld.CORE_OPTIONS, seed);
        require(proof.stateHash() == manager.core().stateHash(), "the restored state is not the live one");
    }

    private static void require(final boolean holds, final String what)
    {
        if (!holds)
        {
            throw new SimulationException(what);
        }
    }
}
