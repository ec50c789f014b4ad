package io.plimsoll.core;

import io.plimsoll.core.policy.SelectionPolicies;
import io.plimsoll.core.policy.SelectionPolicy;
import io.plimsoll.core.sbe.LifeState;

/** All that the core knows: tables, and the few values that there is only one of. Written by {@link EventApplier}. */
final class CoreState
{
    /** Of the reign; deciders ask for them with each command. */
    CoreOptions options;
    final Names names = new Names();
    final SlotTable slots = new SlotTable(names);
    final GroupTable groups = new GroupTable(names);
    final AgentTable agents = new AgentTable(slots);
    final AgentKinds kinds = new AgentKinds(this);
    final ModelTable models = new ModelTable(names);
    final ConstraintTable constraints = new ConstraintTable(models);
    final ShapeTable shapes = new ShapeTable(slots, constraints);
    final AccountTable accounts = new AccountTable(slots);
    final UsageTable usage = new UsageTable(this);
    final LabelTable labels = new LabelTable();
    final MixTable mixes = new MixTable();
    final RequestMixes requests = new RequestMixes(this);
    final SelectionPolicies policies = new SelectionPolicies();
    /** Derived, kept with every kernel. */
    final SessionGroups sessionGroups = new SessionGroups();
    final SpecTable specs = new SpecTable();
    final SessionTable sessions = new SessionTable();
    final KernelTable kernels = new KernelTable(sessions);
    /** Made by conservative backfilling. */
    final ReservationTable reservations = new ReservationTable(this);
    final EdgeTable edges = new EdgeTable();
    final KeyTable keys = new KeyTable();
    final TermTable terms = new TermTable();
    final PoisonTable poisoned = new PoisonTable();
    final CancelTasks cancelTasks = new CancelTasks();
    /** Sessions that are TERMINATING with kernels that were not told yet. */
    final SessionList killing = new SessionList(sessions);
    /** Sessions that have ended and that nobody waits for: those to be forgotten, in this order. */
    final SessionList ended = new SessionList(sessions);
    /** Sessions that have ended and that others, which wait, depend on. */
    final SessionList awaited = new SessionList(sessions);
    /** Agents that may have follow-up work: a superset, derived. */
    final AgentSet agentWork = new AgentSet();
    final Shadows shadows = new Shadows(this);
    final Schedule schedule = new Schedule(this);
    final AccountLedger ledger = new AccountLedger(this);

    long sequence;
    long timestampNs;
    long clusterIdHi;
    long clusterIdLo;
    long term;
    long termNonce;
    boolean lostTail;
    /** What agents saw below this term and our journal lacks, an operator has given up. */
    long acceptedTerm;
    long seenTermMax;
    long reportedSessionMax;
    long nextSessionId = 1;
    long nextSpecId = 1;
    /**
     * Rises whenever what agents have in all may have changed: what was found satisfiable is looked up again. Derived.
     */
    long capacityChanges;
    /** Events applied: as long as it stays, so does everything but the time. Derived. */
    long events;

    CoreState(final CoreOptions options)
    {
        this.options = options;
        sessions.ensureCapacity(options.sessionsInitial());
        kernels.ensureCapacity(options.sessionsInitial());
    }

    /** Whether a kernel's deadline stands still: it is starting, and its agent cannot report. */
    boolean isPaused(final int kernel)
    {
        return 0 == kernels.get(kernels.held, kernel) &&
            kernels.get(kernels.state, kernel) < LifeState.RUNNING.value() &&
            0 == agents.get(agents.connected, kernels.get(kernels.agent, kernel));
    }

    boolean isOurCluster(final long hi, final long lo)
    {
        return clusterIdHi == hi && clusterIdLo == lo;
    }

    /** The policy by which a group selects if it is one that scores; null if there is none of that name. */
    SelectionPolicy selectionPolicy(final int group)
    {
        final int name = groups.get(groups.selection, group);
        return policies.find(names.buffer(), names.offset(name), names.length(name));
    }

    /** Takes one reference to a shape away; the last one takes that to its further part along. */
    void dropShape(final int shape)
    {
        int row = shape;
        while (Table.NONE != row)
        {
            final int constraint = shapes.get(shapes.constraint, row);
            final int rest = shapes.nextPart(row);
            final boolean isLast = shapes.dropReference(row);
            if (isLast)
            {
                constraints.dropReference(constraint);
            }
            row = isLast ? rest : Table.NONE;
        }
    }

    long hash()
    {
        long hash = Hashing.chain(sequence, timestampNs);
        hash = Hashing.chain(Hashing.chain(hash, clusterIdHi), clusterIdLo);
        hash = Hashing.chain(Hashing.chain(hash, term), termNonce);
        hash = Hashing.chain(Hashing.chain(hash, lostTail ? 1 : 0), acceptedTerm);
        hash = Hashing.chain(Hashing.chain(hash, seenTermMax), reportedSessionMax);
        hash = Hashing.chain(Hashing.chain(hash, nextSessionId), nextSpecId);
        hash = names.hash(hash);
        hash = groups.hash(slots.hash(hash));
        hash = shapes.hash(agents.hash(constraints.hash(hash)));
        hash = requests.hash(labels.hash(mixes.hash(usage.hash(accounts.hash(hash)))));
        hash = sessions.hash(specs.hash(hash));
        hash = edges.hash(kernels.hash(reservations.hash(hash)));
        hash = terms.hash(keys.hash(hash));
        hash = cancelTasks.hash(poisoned.hash(shadows.rows.hash(hash)));
        return awaited.hash(ended.hash(killing.hash(hash)));
    }

    /** Derives anew everything that can be derived. */
    void dropCaches()
    {
        agents.rebuildIndex();
        kinds.rebuild();
        shapes.rebuildIndex();
        constraints.rebuildIndex();
        accounts.rebuildIndex();
        usage.rebuildIndex();
        specs.rebuildIndex();
        sessions.rebuildIndex();
        kernels.rebuildIndex();
        edges.rebuildIndex();
        keys.rebuildIndex();
        shadows.rebuildIndex();
        reservations.rebuildIndex();
        ledger.rebuild();
        agentWork.clear();
        for (int agent = 1; agent < agents.highWater(); agent++)
        {
            agentWork.add(agent);
        }
        schedule.invalidate();
    }

    long bytes()
    {
        return sessions.bytes() + sessions.indexBytes() + kernels.bytes() + kernels.indexBytes() +
            agents.bytes() + accounts.bytes() + usage.bytes() + constraints.bytes() +
            shapes.bytes() + shapes.indexBytes() + specs.bytes() + edges.bytes() + keys.bytes() +
            reservations.bytes() + groups.bytes() + shadows.bytes() + schedule.bytes();
    }

    /** Writes all of it as blocks, or becomes what was written; it must be new then. */
    void transfer(final StateBlocks blocks)
    {
        final long[] values = blocks.fixed(
            StateBlocks.CORE,
            0,
            sequence,
            timestampNs,
            clusterIdHi,
            clusterIdLo,
            term,
            termNonce,
            lostTail ? 1 : 0,
            acceptedTerm,
            seenTermMax,
            reportedSessionMax,
            nextSessionId,
            nextSpecId);
        if (blocks.isReading())
        {
            set(values);
        }
        names.transfer(blocks);
        final int slotsKnown = slots.count();
        slots.transfer(blocks, StateBlocks.SLOTS);
        for (int slot = slotsKnown; slot < slots.count(); slot++)
        {
            onSlotDefined(slot);
        }
        models.transfer(blocks);
        groups.transfer(blocks, StateBlocks.GROUPS);
        labels.transfer(blocks, StateBlocks.LABELS);
        constraints.transfer(blocks, StateBlocks.CONSTRAINTS);
        accounts.transfer(blocks, StateBlocks.ACCOUNTS);
        shapes.transfer(blocks, StateBlocks.SHAPES);
        agents.transfer(blocks, StateBlocks.AGENTS);
        mixes.transfer(blocks, StateBlocks.MIXES);
        requests.transfer(blocks);
        usage.transfer(blocks, StateBlocks.USAGE);
        specs.transfer(blocks, StateBlocks.SPECS);
        sessions.transfer(blocks, StateBlocks.SESSIONS);
        kernels.transfer(blocks, StateBlocks.KERNELS);
        edges.transfer(blocks);
        keys.transfer(blocks, StateBlocks.KEYS);
        terms.transfer(blocks, StateBlocks.TERMS);
        poisoned.transfer(blocks, StateBlocks.POISONED);
        cancelTasks.transfer(blocks);
        shadows.rows.transfer(blocks, StateBlocks.SHADOWS);
        killing.transfer(blocks, StateBlocks.KILLING);
        ended.transfer(blocks, StateBlocks.ENDED);
        awaited.transfer(blocks, StateBlocks.AWAITED);
        reservations.transfer(blocks, StateBlocks.RESERVATIONS);
        blocks.checkAllRead();
    }

    private void set(final long[] values)
    {
        sequence = values[0];
        timestampNs = values[1];
        clusterIdHi = values[2];
        clusterIdLo = values[3];
        term = values[4];
        termNonce = values[5];
        lostTail = 0 != values[6];
        acceptedTerm = values[7];
        seenTermMax = values[8];
        reportedSessionMax = values[9];
        nextSessionId = values[10];
        nextSpecId = values[11];
    }

    /** Derives all that is no block: what {@link #dropCaches} does, and what is otherwise kept with every event. */
    void derive()
    {
        agents.claims = 0;
        for (int agent = 1; agent < agents.highWater(); agent++)
        {
            agents.claims += 0 == agents.get(agents.claimedBy, agent) ? 0 : 1;
        }
        for (int kernel = 0; kernel < kernels.highWater(); kernel++)
        {
            if (kernels.isLive(kernel))
            {
                final int shape = kernels.get(kernels.shape, kernel);
                final int agent = kernels.get(kernels.agent, kernel);
                agents.countRunning(agent, shapes.get(shapes.deviceClass, shape), 1);
                final int constraint = shapes.get(shapes.constraint, shape);
                if (constraints.isOfGroup(constraint))
                {
                    sessionGroups.join(shapes.get(shapes.owner, shape), constraints.text(constraint), agent);
                }
            }
        }
        dropCaches();
    }

    /** A slot is known from now on: tables that keep amounts get a column for it. */
    void onSlotDefined(final int slot)
    {
        shapes.onSlotDefined(slot);
        agents.onSlotDefined(slot);
        kernels.onSlotDefined(slot);
        accounts.onSlotDefined(slot);
        usage.onSlotDefined(slot);
    }
}
