package io.plimsoll.bench.core;

import io.plimsoll.core.sbe.ConstraintKind;
import io.plimsoll.loadtest.workload.SessionShape;
import java.util.List;

/**
 * A session to submit, with its conditions on agents.
 *
 * @param shape      of it.
 * @param conditions all of which an agent must meet.
 */
record Job(SessionShape shape, List<Condition> conditions)
{
    static Job of(final SessionShape shape)
    {
        return new Job(shape, List.of());
    }

    Job onlyWhere(final String label, final String values)
    {
        return new Job(shape, List.of(new Condition(ConstraintKind.LABEL_IN, label, values)));
    }

    Job withWalltime(final long walltimeNs)
    {
        return new Job(
            new SessionShape(
                shape.type(), shape.onLoss(), shape.priority(), shape.kernels(), shape.count(), shape.array(),
                shape.cpuMillis(), shape.memoryBytes(), walltimeNs, shape.graceNs(), shape.slots(),
                shape.dependencies(), shape.group(), shape.specIndex()),
            conditions);
    }

    /**
     * A condition on agents.
     *
     * @param kind   of it.
     * @param label  that it is about.
     * @param values separated by a bar.
     */
    record Condition(ConstraintKind kind, String label, String values)
    {
    }
}
