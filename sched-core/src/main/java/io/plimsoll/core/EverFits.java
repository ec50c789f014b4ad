package io.plimsoll.core;

import io.plimsoll.core.sbe.ConstraintKind;
import java.util.Arrays;

/**
 * Which shapes the agents of a group could hold if they had nothing else to do, and all were there: what they never can
 * must hold up nobody. A shape is asked about once, until what agents offer changes. A cache.
 */
final class EverFits
{
    private final CoreState state;
    private final Reservation kinds;
    private final Wanted wanted;
    private final AgentForecast forecast;
    private final PartsFit emptyFit;
    private final PartsRoom.Source empty = this::loadEmpty;
    private int emptyShape;
    /** By shape: number of the change of capacity for which it was asked, from 1, and the answer in the lowest bit. */
    private long[] answers = new long[64];

    /**
     * For a group.
     *
     * @param kinds of that group, which is asked.
     */
    EverFits(final CoreState state, final Reservation kinds)
    {
        this.state = state;
        this.kinds = kinds;
        wanted = new Wanted(state);
        forecast = new AgentForecast(state);
        emptyFit = new PartsFit(state);
    }

    /** The row may come to be another shape. */
    void forget(final int shape)
    {
        if (shape < answers.length)
        {
            answers[shape] = 0;
        }
    }

    boolean mayEverFit(final int shape)
    {
        if (shape >= answers.length)
        {
            answers = Arrays.copyOf(answers, Math.max(shape + 1, answers.length * 2));
        }
        if (answers[shape] >> 1 != state.capacityChanges + 1)
        {
            answers[shape] = (state.capacityChanges + 1) << 1 | (mayEverHold(shape) ? 1 : 0);
        }
        return 0 != (answers[shape] & 1);
    }

    /** Whether a shape would fit if the agents of the group had nothing else to do, and all were there. */
    private boolean mayEverHold(final int anyShape)
    {
        final int constraint = state.shapes.get(state.shapes.constraint, anyShape);
        final boolean spreads = state.constraints.has(constraint, ConstraintKind.SPREAD_STRICT);
        final boolean packs = state.constraints.has(constraint, ConstraintKind.PACK_STRICT);
        if (state.shapes.isParted(anyShape))
        {
            emptyShape = anyShape;
            emptyFit.load(anyShape);
            emptyFit.together(spreads, packs);
            return emptyFit.find(kinds.group(), empty);
        }
        wanted.load(anyShape);
        int places = 0;
        for (int agent = 1; agent < state.agents.highWater() && places < wanted.kernels; agent++)
        {
            if (kinds.isOfKind(agent, anyShape))
            {
                forecast.loadEmpty(agent);
                final int most = spreads ? 1 : packs ? wanted.kernels : wanted.kernels - places;
                final int room = forecast.takeAll(wanted, most);
                places = packs ? Math.max(places, room) : places + room;
            }
        }
        return places >= wanted.kernels;
    }

    private boolean loadEmpty(final int agent, final AgentForecast target)
    {
        if (!kinds.isOfKind(agent, emptyShape))
        {
            return false;
        }
        target.loadEmpty(agent);
        return true;
    }
}
