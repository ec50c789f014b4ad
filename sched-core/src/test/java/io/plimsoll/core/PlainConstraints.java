package io.plimsoll.core;

import io.plimsoll.core.sbe.ConstraintKind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.Map;

/** The constraints of a session in plain words, evaluated anew for each agent: what the fast ones must agree with. */
final class PlainConstraints
{
    private record Clause(ConstraintKind kind, String key, List<String> values)
    {
    }

    private final CoreState state;
    private int[] given;
    private int owner;
    private List<Clause> clauses = List.of();

    PlainConstraints(final CoreState state)
    {
        this.state = state;
    }

    void begin(final int shape, final int[] givenByAgent)
    {
        given = givenByAgent;
        owner = state.shapes.owner.get(shape);
        clauses = clauses(state.shapes.constraint.get(shape));
    }

    private List<Clause> clauses(final int row)
    {
        final byte[] text = state.constraints.text(row);
        final List<Clause> found = new ArrayList<>();
        int at = 0;
        while (at < text.length)
        {
            final int keyLength = shortAt(text, at + 1);
            final String key = new String(text, at + 3, keyLength, StandardCharsets.UTF_8);
            final int valuesLength = shortAt(text, at + 3 + keyLength);
            final String values = new String(text, at + 5 + keyLength, valuesLength, StandardCharsets.UTF_8);
            found.add(new Clause(ConstraintKind.get(text[at]), key, Arrays.asList(values.split("\\|", -1))));
            at += 5 + keyLength + valuesLength;
        }
        return found;
    }

    private static int shortAt(final byte[] text, final int at)
    {
        return text[at] & 0xFF | (text[at + 1] & 0xFF) << 8;
    }

    private String name(final int row)
    {
        return state.names.buffer().getStringWithoutLengthUtf8(state.names.offset(row), state.names.length(row));
    }

    private Map<String, String> labels(final int agent)
    {
        final Map<String, String> labels = new TreeMap<>();
        for (int row = state.agents.labels.get(agent); 0 != row; row = state.labels.next.get(row - 1))
        {
            labels.put(name(state.labels.key.get(row - 1)), name(state.labels.value.get(row - 1)));
        }
        return labels;
    }

    /** Kernels of sessions of the same owner that name the same group, by agent. */
    private int[] counts(final String key)
    {
        final int[] counts = new int[state.agents.highWater()];
        for (int kernel = 0; kernel < state.kernels.highWater(); kernel++)
        {
            if (state.kernels.isLive(kernel))
            {
                final int shape = state.kernels.shape.get(kernel);
                final boolean same = owner == state.shapes.owner.get(shape) &&
                    clauses(state.shapes.constraint.get(shape)).stream()
                        .anyMatch(clause -> isGroup(clause.kind) && key.equals(clause.key));
                counts[state.kernels.agent.get(kernel)] += same ? 1 : 0;
            }
        }
        return counts;
    }

    private static boolean isGroup(final ConstraintKind kind)
    {
        return kind.value() >= ConstraintKind.SPREAD_STRICT.value();
    }

    boolean areRanked()
    {
        return clauses.stream()
            .anyMatch(clause -> clause.kind.value() >= ConstraintKind.AGENT_PREFERRED.value());
    }

    /** Whether all kernels of the session have to go to one agent that is still to be found. */
    boolean packsNew()
    {
        return clauses.stream().anyMatch(clause -> ConstraintKind.PACK_STRICT == clause.kind &&
            0 == Arrays.stream(counts(clause.key)).sum()) && 0 == Arrays.stream(given).sum();
    }

    boolean matches(final int agent)
    {
        return clauses.stream().allMatch(clause -> matches(agent, clause));
    }

    private boolean matches(final int agent, final Clause clause)
    {
        final String label = labels(agent).get(clause.key);
        return switch (clause.kind)
        {
            case ARCH_IN -> clause.values.contains(name(state.agents.arch.get(agent)));
            case LABEL_IN -> null != label && clause.values.contains(label);
            case LABEL_NOT_IN -> null == label || !clause.values.contains(label);
            case LABEL_EXISTS -> null != label;
            case LABEL_ABSENT -> null == label;
            case AGENT_STRICT -> clause.values.contains(name(state.agents.name.get(agent)));
            case SPREAD_STRICT -> 0 == counts(clause.key)[agent] + given[agent];
            case PACK_STRICT -> counts(clause.key)[agent] + given[agent] > 0 ||
                0 == Arrays.stream(counts(clause.key)).sum() + Arrays.stream(given).sum();
            default -> true;
        };
    }

    /** Above zero if the first is preferred. */
    int compare(final int left, final int right)
    {
        int order = 0;
        for (final Clause clause : clauses)
        {
            if (0 == order && ConstraintKind.AGENT_PREFERRED == clause.kind)
            {
                order = Boolean.compare(
                    clause.values.contains(name(state.agents.name.get(left))),
                    clause.values.contains(name(state.agents.name.get(right))));
            }
        }
        for (final Clause clause : clauses)
        {
            if (0 == order && ConstraintKind.SPREAD_PREFERRED == clause.kind ||
                0 == order && ConstraintKind.PACK_PREFERRED == clause.kind)
            {
                final int[] counts = counts(clause.key);
                order = Integer.compare(counts[left] + given[left], counts[right] + given[right]);
                order = ConstraintKind.SPREAD_PREFERRED == clause.kind ? -order : order;
            }
        }
        return order;
    }
}
