package io.plimsoll.core.policy;

/** Which device models belong to a numbered set of them. Set 0 holds every model. */
@FunctionalInterface
public interface ModelSets
{
    /** The set of a request that names no model. */
    int ANY = 0;

    /** For groups in which no request names a model. */
    ModelSets ONLY_ANY = (modelSet, model) -> true;

    /**
     * Whether devices of a model will do.
     *
     * @param modelSet number of the set; {@link #ANY} is never asked for.
     * @param model    as in {@link AgentView#model()}.
     */
    boolean allows(int modelSet, int model);
}
