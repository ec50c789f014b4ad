package io.plimsoll.manager.control;

import io.plimsoll.core.sbe.ConstraintKind;
import io.plimsoll.transport.ContainerSpec;
import io.plimsoll.transport.LaunchSpec;
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

    /** As people ask for it. */
    public String text()
    {
        return switch (kind)
        {
            case ARCH_IN -> "arch=" + values;
            case LABEL_IN -> "label " + key + "=" + values;
            case LABEL_NOT_IN -> isEngine() ? "container engine down" : "label " + key + "!=" + values;
            case LABEL_EXISTS -> isEngine() ? "no container engine" :
                isRuntime() ? "no runtime " + key.substring(LaunchSpec.RUNTIME_LABEL.length()) : "label " + key;
            case LABEL_ABSENT -> "label !" + key;
            case AGENT_STRICT -> "on=" + values;
            case AGENT_PREFERRED -> "prefer=" + values;
            case SPREAD_STRICT -> "spread=" + key + ":strict";
            case SPREAD_PREFERRED -> "spread=" + key;
            case PACK_STRICT -> "pack=" + key + ":strict";
            case PACK_PREFERRED -> "pack=" + key;
            default -> "constraint";
        };
    }

    /** Whether nobody has asked for it, and it is there for the image of the session. */
    public boolean isEngine()
    {
        return ConstraintKind.LABEL_EXISTS == kind && ContainerSpec.ENGINE_LABEL.equals(key) ||
            ConstraintKind.LABEL_NOT_IN == kind && ContainerSpec.DEGRADED_LABEL.equals(key) &&
            ContainerSpec.ENGINE_LABEL.equals(values);
    }

    /** Whether it is there for the runtime of the session. */
    public boolean isRuntime()
    {
        return ConstraintKind.LABEL_EXISTS == kind && key.startsWith(LaunchSpec.RUNTIME_LABEL);
    }

    /** The values, one by one. */
    public List<String> valueList()
    {
        return values.isEmpty() ? List.of() : List.of(values.split("\\|"));
    }
}
