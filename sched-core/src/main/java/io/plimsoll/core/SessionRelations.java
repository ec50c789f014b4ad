package io.plimsoll.core;

import io.plimsoll.core.sbe.ConstraintKind;
import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What a session that must be apart from others of its owner, or together with them, asks of agents in the time to
 * come: from when on an agent is free of those it must be apart from, as far as limits say when they will have ended;
 * and whether those it must be with are there now. Preferences ask nothing.
 */
final class SessionRelations
{
    /** It is so now. */
    static final long NOW = Long.MIN_VALUE;
    private static final long NEVER = ExpectedEnds.NEVER;

    private final CoreState state;
    private final ShapeTable shapes;
    private final UnsafeBuffer text = new UnsafeBuffer(0, 0);
    private final UnsafeBuffer other = new UnsafeBuffer(0, 0);
    private int[] clauses = new int[4];
    private int count;
    private int owner;
    private boolean spreads;
    private boolean packs;

    SessionRelations(final CoreState state)
    {
        this.state = state;
        shapes = state.shapes;
    }

    /** Takes note of whom it is about. */
    void load(final int shape)
    {
        count = 0;
        spreads = false;
        packs = false;
        owner = shapes.get(shapes.owner, shape);
        final int constraint = shapes.get(shapes.constraint, shape);
        if (!state.constraints.isOfGroup(constraint))
        {
            return;
        }
        text.wrap(state.constraints.text(constraint));
        for (int at = 0; at < text.capacity(); at = ConstraintText.end(text, at))
        {
            final boolean apart = ConstraintKind.SPREAD_STRICT.value() == ConstraintText.kind(text, at);
            if (apart || ConstraintKind.PACK_STRICT.value() == ConstraintText.kind(text, at))
            {
                spreads |= apart;
                packs |= !apart;
                clauses = count == clauses.length ? Arrays.copyOf(clauses, count * 2) : clauses;
                clauses[count++] = at;
            }
        }
    }

    /** Whether no two kernels may be on one agent. */
    boolean spreads()
    {
        return spreads;
    }

    /** Whether it has to be where the others are, or all of it on one agent. */
    boolean packs()
    {
        return packs;
    }

    /* One by one: how many there are of them, spreads and packs. */

    int count()
    {
        return count;
    }

    /** Whether it has to be with the others of a group of sessions, not apart from them. */
    boolean isPack(final int index)
    {
        return ConstraintKind.PACK_STRICT.value() == ConstraintText.kind(text, clauses[index]);
    }

    /** Row of {@link SessionGroups}; NONE if there are no others. */
    int row(final int index)
    {
        final int at = clauses[index];
        return state.sessionGroups.find(
            owner, text, ConstraintText.keyStart(at), ConstraintText.keyLength(text, at));
    }

    /** Whether kernels of a shape are among these others. */
    boolean concerns(final int index, final int shape)
    {
        return isOf(shape, clauses[index]);
    }

    /** From when on an agent may be had as far as others of the owner are concerned; {@link #NOW}, or NEVER. */
    long fromNs(final int agent)
    {
        long fromNs = NOW;
        for (int i = 0; i < count && NEVER != fromNs; i++)
        {
            final int row = row(i);
            final int there = state.sessionGroups.count(row, agent);
            if (isPack(i))
            {
                fromNs = 0 == there && state.sessionGroups.total(row) > 0 ? NEVER : fromNs;
            }
            else if (there > 0)
            {
                fromNs = Math.max(fromNs, lastEndNs(agent, clauses[i], there));
            }
        }
        return fromNs;
    }

    /** When the last of so many kernels of a group of sessions will have left an agent. */
    private long lastEndNs(final int agent, final int clause, final int expected)
    {
        final AgentTable agents = state.agents;
        final KernelTable kernels = state.kernels;
        long lastNs = NOW;
        int found = 0;
        for (int list = 0; list < 2; list++)
        {
            int kernel = 0 == list ? agents.get(agents.waitHead, agent) : agents.get(agents.restartHead, agent);
            for (; Table.NONE != kernel; kernel = kernels.get(kernels.agentNext, kernel))
            {
                if (isOf(kernels.get(kernels.shape, kernel), clause))
                {
                    found++;
                    lastNs = Math.max(lastNs, state.schedule.kernelEnds.endNs(kernel));
                }
            }
        }
        return found < expected ? NEVER : lastNs;
    }

    /** Whether kernels of a shape are among those that it must be apart from, or together with. */
    boolean concerns(final int shape)
    {
        boolean concerned = false;
        for (int i = 0; i < count && !concerned; i++)
        {
            concerned = isOf(shape, clauses[i]);
        }
        return concerned;
    }

    private boolean isOf(final int shape, final int clause)
    {
        final int constraint = shapes.get(shapes.constraint, shape);
        if (owner != shapes.get(shapes.owner, shape) || !state.constraints.isOfGroup(constraint))
        {
            return false;
        }
        other.wrap(state.constraints.text(constraint));
        for (int at = 0; at < other.capacity(); at = ConstraintText.end(other, at))
        {
            if (ConstraintText.isOfGroup(ConstraintText.kind(other, at)) && hasSameKey(clause, at))
            {
                return true;
            }
        }
        return false;
    }

    private boolean hasSameKey(final int clause, final int at)
    {
        boolean same = ConstraintText.keyLength(text, clause) == ConstraintText.keyLength(other, at);
        for (int i = 0; same && i < ConstraintText.keyLength(text, clause); i++)
        {
            same = text.getByte(ConstraintText.keyStart(clause) + i) == other.getByte(ConstraintText.keyStart(at) + i);
        }
        return same;
    }
}
