package io.plimsoll.core;

import io.plimsoll.core.sbe.ConstraintKind;
import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The constraints of one session, held against agents one by one, straight from their text (see
 * {@link ConstraintText}). Preferences reject nobody.
 */
final class ExplainedConstraints
{
    private static final byte SEPARATOR = '|';

    private final CoreState state;
    private final UnsafeBuffer text = new UnsafeBuffer(0, 0);
    private final UnsafeBuffer view = new UnsafeBuffer(0, 0);
    private int[] starts = new int[16];
    private int count;
    private int owner;

    ExplainedConstraints(final CoreState state)
    {
        this.state = state;
    }

    void load(final int shape)
    {
        owner = state.shapes.get(state.shapes.owner, shape);
        text.wrap(state.constraints.text(state.shapes.get(state.shapes.constraint, shape)));
        count = 0;
        for (int start = 0; start < text.capacity(); start = ConstraintText.end(text, start))
        {
            if (count == starts.length)
            {
                starts = Arrays.copyOf(starts, count * 2);
            }
            starts[count++] = start;
        }
    }

    int count()
    {
        return count;
    }

    boolean has(final ConstraintKind kind)
    {
        for (int i = 0; i < count; i++)
        {
            if (kind.value() == ConstraintText.kind(text, starts[i]))
            {
                return true;
            }
        }
        return false;
    }

    /** Index of the first constraint that an agent does not meet, NONE if it meets all. */
    int firstUnmet(final int agent)
    {
        for (int i = 0; i < count; i++)
        {
            if (!isMet(starts[i], agent))
            {
                return i;
            }
        }
        return Table.NONE;
    }

    private boolean isMet(final int start, final int agent)
    {
        return switch (ConstraintKind.get((short)ConstraintText.kind(text, start)))
        {
            case ARCH_IN -> isAnyOf(start, state.agents.get(state.agents.arch, agent));
            case AGENT_STRICT -> isAnyOf(start, state.agents.get(state.agents.name, agent));
            case LABEL_IN -> isAnyOf(start, label(start, agent));
            case LABEL_NOT_IN -> !isAnyOf(start, label(start, agent));
            case LABEL_EXISTS -> Table.NONE != label(start, agent);
            case LABEL_ABSENT -> Table.NONE == label(start, agent);
            case SPREAD_STRICT -> 0 == state.sessionGroups.count(sessionGroup(start), agent);
            case PACK_STRICT -> 0 == state.sessionGroups.total(sessionGroup(start)) ||
                0 != state.sessionGroups.count(sessionGroup(start), agent);
            default -> true;
        };
    }

    private int sessionGroup(final int start)
    {
        return state.sessionGroups.find(
            owner, text, ConstraintText.keyStart(start), ConstraintText.keyLength(text, start));
    }

    /** Name of the value of a label of an agent, NONE if it has not that label. */
    private int label(final int start, final int agent)
    {
        final int key = state.names.find(
            text, ConstraintText.keyStart(start), ConstraintText.keyLength(text, start));
        return Table.NONE == key ? Table.NONE : state.labels.find(state.agents.get(state.agents.labels, agent), key);
    }

    private boolean isAnyOf(final int start, final int name)
    {
        if (Table.NONE == name)
        {
            return false;
        }
        view.wrap(state.names.buffer(), state.names.offset(name), state.names.length(name));
        final int end = ConstraintText.end(text, start);
        int from = ConstraintText.valuesStart(text, start);
        for (int i = from; i <= end; i++)
        {
            if (i == end || SEPARATOR == text.getByte(i))
            {
                if (equals(from, i - from))
                {
                    return true;
                }
                from = i + 1;
            }
        }
        return false;
    }

    private boolean equals(final int from, final int length)
    {
        boolean equal = view.capacity() == length;
        for (int i = 0; equal && i < length; i++)
        {
            equal = view.getByte(i) == text.getByte(from + i);
        }
        return equal;
    }
}
