package io.plimsoll.core;

import io.plimsoll.core.policy.RequestView;

/** What a shape asks for as a policy sees it, in plain words. */
final class PlainRequestView implements RequestView
{
    private final CoreState state;
    private final int shape;

    PlainRequestView(final CoreState state, final int shape)
    {
        this.state = state;
        this.shape = shape;
    }

    @Override
    public long amount(final int slot)
    {
        return state.shapes.amount(shape, slot);
    }

    @Override
    public int deviceCount()
    {
        return state.shapes.deviceCount.get(shape);
    }

    @Override
    public int deviceShare()
    {
        return state.shapes.deviceShare.get(shape);
    }

    @Override
    public boolean allowsModel(final int model)
    {
        return state.models.allows(state.constraints.modelSet(state.shapes.constraint.get(shape)), model);
    }
}
