package io.plimsoll.core;

import io.plimsoll.core.policy.SelectionPolicy;
import java.util.Arrays;

/**
 * The scores that a policy gave to the agents of a pool, by request. When a request comes again, only agents that
 * changed since are asked about again; so a decision costs what changed, not what there is. Memory is bounded: of the
 * requests that were not seen for longest, the scores are forgotten. Requests that differ in nothing but mem share
 * their scores if the policy does not mind it. A cache: it never decides anything that asking about every agent would
 * not.
 */
final class ScoreIndex
{
    private static final long BYTES_MAX = 64L << 20;
    private static final int TREES_MAX = 1024;

    private final CoreState state;
    private final AgentPool pool;
    private final AgentTable agents;
    private final ShapeTable shapes;
    private final SelectionPolicy policy;
    private final boolean anyMem;
    private final boolean mindsMix;
    private final RowIndex index = new RowIndex();
    private ScoreTree[] trees = new ScoreTree[16];
    private int treeCount;
    private long uses;
    /** When an agent was last asked about, so that it is asked about once though it changed often. */
    private long[] askedAt = new long[64];
    private long asks;

    ScoreIndex(final CoreState state, final AgentPool pool, final SelectionPolicy policy)
    {
        this.state = state;
        this.pool = pool;
        this.policy = policy;
        anyMem = null != policy && !policy.mindsRequestedMem();
        mindsMix = null != policy && policy.mindsMix();
        agents = state.agents;
        shapes = state.shapes;
    }

    /** Null if it is not there: then nobody may ask for scores. */
    SelectionPolicy policy()
    {
        return policy;
    }

    /** The scores for a shape, which is also what is wanted, with nothing taken yet. */
    ScoreTree scores(final int shape, final Wanted wanted, final Trial trial, final AgentFilter filter)
    {
        ScoreTree tree = find(shape);
        if (null == tree)
        {
            tree = add(shape);
            tree.begin(trial);
            askAll(tree, wanted, trial, filter);
        }
        else
        {
            tree.begin(trial);
            catchUp(tree, wanted, trial, filter);
        }
        tree.usedAt = ++uses;
        return tree;
    }

    private long hash(final int shape)
    {
        long hash = state.constraints.serial(shapes.get(shapes.constraint, shape));
        hash = Hashing.chain(hash, shapes.amount(shape, SlotTable.CPU));
        hash = Hashing.chain(hash, amount(shape, SlotTable.MEM));
        for (int mask = shapes.get(shapes.furtherMask, shape); 0 != mask; mask &= mask - 1)
        {
            final int slot = Integer.numberOfTrailingZeros(mask);
            hash = Hashing.chain(hash + slot, shapes.amount(shape, slot));
        }
        return Hashing.mix(hash);
    }

    private ScoreTree find(final int shape)
    {
        final IntColumn rows = shapes.needs.scores;
        final int need = shapes.get(shapes.needRow, shape);
        final int last = rows.get(need) - 1;
        if (last >= 0 && last < treeCount && matches(trees[last], shape))
        {
            return trees[last];
        }
        final long hash = hash(shape);
        for (int row = index.first(hash); Table.NONE != row; row = index.next())
        {
            if (hash == trees[row].hash && matches(trees[row], shape))
            {
                rows.set(need, row + 1);
                return trees[row];
            }
        }
        return null;
    }

    /** What counts of a slot: nothing of mem if the policy does not mind it. */
    private long amount(final int shape, final int slot)
    {
        return SlotTable.MEM == slot && anyMem ? 0 : shapes.amount(shape, slot);
    }

    private boolean matches(final ScoreTree tree, final int shape)
    {
        boolean equal = tree.furtherMask == shapes.get(shapes.furtherMask, shape) &&
            tree.constraint == state.constraints.serial(shapes.get(shapes.constraint, shape));
        for (int slot = 0; equal && slot < state.slots.count(); slot++)
        {
            equal = tree.amounts[slot] == amount(shape, slot);
        }
        return equal;
    }

    private ScoreTree add(final int shape)
    {
        final long bytes = Math.max(1024, pool.positions() * 36L);
        final int row = treeCount >= TREES_MAX || treeCount * bytes > BYTES_MAX ? evict() : treeCount++;
        if (row == trees.length)
        {
            trees = Arrays.copyOf(trees, row * 2);
        }
        if (null == trees[row])
        {
            trees[row] = new ScoreTree(pool);
            trees[row].anyMem = anyMem;
        }
        final ScoreTree tree = trees[row];
        tree.hash = hash(shape);
        tree.constraint = state.constraints.serial(shapes.get(shapes.constraint, shape));
        tree.furtherMask = shapes.get(shapes.furtherMask, shape);
        for (int slot = 0; slot < SlotTable.SLOTS_MAX; slot++)
        {
            tree.amounts[slot] = slot < state.slots.count() ? amount(shape, slot) : 0;
        }
        index.add(tree.hash, row);
        return tree;
    }

    private int evict()
    {
        int oldest = 0;
        for (int row = 1; row < treeCount; row++)
        {
            oldest = trees[row].usedAt < trees[oldest].usedAt ? row : oldest;
        }
        index.remove(trees[oldest].hash, oldest);
        return oldest;
    }

    private void catchUp(final ScoreTree tree, final Wanted wanted, final Trial trial, final AgentFilter filter)
    {
        final ChangeLog log = pool.changes();
        if (tree.mixVersion != mixVersion() || !log.holds(tree.readUpTo) ||
            !tree.holds(pool.positions(), agents.highWater()))
        {
            askAll(tree, wanted, trial, filter);
            return;
        }
        asks++;
        if (askedAt.length < pool.positions())
        {
            askedAt = Arrays.copyOf(askedAt, Math.max(pool.positions(), askedAt.length * 2));
        }
        final long end = log.end();
        for (long at = tree.readUpTo; at < end; at++)
        {
            final int position = log.position(at);
            if (askedAt[position] != asks)
            {
                askedAt[position] = asks;
                ask(tree, position, wanted, trial, filter);
            }
        }
        tree.readUpTo = end;
    }

    private void askAll(final ScoreTree tree, final Wanted wanted, final Trial trial, final AgentFilter filter)
    {
        tree.clear(pool.positions(), agents.highWater());
        for (int position = 0; position < pool.positions(); position++)
        {
            final int agent = pool.agentAt(position);
            if (mayFit(agent) && trial.fitsUntouched(agent, anyMem) && filter.matches(agent))
            {
                tree.put(position, score(agent, wanted, trial), agents.free(agent, SlotTable.MEM));
            }
        }
        tree.playAll();
        tree.readUpTo = pool.changes().end();
        tree.mixVersion = mixVersion();
    }

    /** Of the mix that scores are made for: the same for ever if the policy does not mind it. */
    private long mixVersion()
    {
        return mindsMix ? state.requests.version(pool.group()) : 0;
    }

    private void ask(
        final ScoreTree tree, final int position, final Wanted wanted, final Trial trial, final AgentFilter filter)
    {
        final int agent = pool.agentAt(position);
        final boolean fits = mayFit(agent) && trial.fitsUntouched(agent, anyMem) && filter.matches(agent);
        tree.set(position, fits, fits ? score(agent, wanted, trial) : 0, agents.free(agent, SlotTable.MEM));
    }

    private boolean mayFit(final int agent)
    {
        return 0 != agents.get(agents.indexed, agent) && pool.group() == agents.get(agents.group, agent) &&
            0 == agents.claimant(agent);
    }

    long score(final int agent, final Wanted wanted, final Trial trial)
    {
        try
        {
            return policy.score(trial.view(agent), wanted, state.requests.of(pool.group()));
        }
        catch (final RuntimeException exception)
        {
            throw new IllegalStateException(
                "selection=" + policy.name() + " failed on agentId=" + agent, exception);
        }
    }
}
