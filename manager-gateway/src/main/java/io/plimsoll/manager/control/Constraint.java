package io.plimsoll.manager.control;

import io.plimsoll.core.sbe.ConstraintKind;
import java.util.List;

/**
 * A condition on the agents of a session.
 *
 * @param kind   what is asked of them.
 * @param key    of a label; or the name of the group of sessions that are spread or packed; otherwise empty.
 * @param values any of them will do, separated by {@link #SEPARATOR}.
 */
public record Constraint(ConstraintKind kind, String key, String values)
{
    /** Between values; stands in none of them. */
    public static final char SEPARATOR = '|';

    /** Label with which agents say the model of their GPUs. */
    public static final String MODEL_LABEL = "cuda.model";

    /** The values, one by one. */
    public List<String> valueList()
    {
        return values.isEmpty() ? List.of() : List.of(values.split("\\|"));
    }
}
