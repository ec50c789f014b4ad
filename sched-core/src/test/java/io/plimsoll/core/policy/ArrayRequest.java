package io.plimsoll.core.policy;

/** A request in fields. */
final class ArrayRequest implements RequestView
{
    private final OpenbTrace.Shape shape;
    private final ModelSets sets;

    ArrayRequest(final OpenbTrace.Shape shape, final ModelSets sets)
    {
        this.shape = shape;
        this.sets = sets;
    }

    ArrayRequest(final long cpu, final int deviceCount, final int deviceShare)
    {
        this(new OpenbTrace.Shape(cpu, deviceCount, deviceShare, ModelSets.ANY), ModelSets.ONLY_ANY);
    }

    /** Memory is filtered by, not scored; a policy that asks for it has to be told apart by more than the shape. */
    @Override
    public long amount(final int slot)
    {
        if (AgentView.CPU != slot)
        {
            throw new IllegalArgumentException("slot=" + slot);
        }
        return shape.cpu();
    }

    @Override
    public int deviceCount()
    {
        return shape.deviceCount();
    }

    @Override
    public int deviceShare()
    {
        return shape.deviceShare();
    }

    @Override
    public boolean allowsModel(final int model)
    {
        return ModelSets.ANY == shape.modelSet() || sets.allows(shape.modelSet(), model);
    }
}
