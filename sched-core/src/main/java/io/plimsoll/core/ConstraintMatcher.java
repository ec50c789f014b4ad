package io.plimsoll.core;

import io.plimsoll.core.sbe.ConstraintKind;
import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One text of constraints taken apart, and for which agents it holds. What is known of an agent is good until any agent
 * tells anew what it is. A cache, apart from the words of {@link ConstraintText}.
 */
final class ConstraintMatcher
{
    private final CoreState state;
    private final AgentTable agents;
    private final Names names;
    private final UnsafeBuffer text = new UnsafeBuffer(0, 0);
    private int clauses;
    private int[] kind = new int[4];
    private int[] keyStart = new int[4];
    private int[] keyLength = new int[4];
    private int[] keyName = new int[4];
    private int[] valuesEnd = new int[4];
    private int values;
    private int[] valueStart = new int[8];
    private int[] valueLength = new int[8];
    private int[] valueName = new int[8];
    private int namesSeen;
    private long attachesSeen;
    private long[] known = new long[4];
    private long[] holds = new long[4];
    /** See {@link ConstraintTable#serial}. */
    long serial;
    boolean used;
    private boolean strict;
    private final boolean lasting;

    ConstraintMatcher(final CoreState state)
    {
        this(state, false);
    }

    /** Lasting: only what an agent does not get and lose while it runs is asked about. */
    ConstraintMatcher(final CoreState state, final boolean lasting)
    {
        this.state = state;
        this.lasting = lasting;
        agents = state.agents;
        names = state.names;
    }

    void read(final DirectBuffer bytes, final int length)
    {
        text.wrap(bytes, 0, length);
        clauses = 0;
        values = 0;
        strict = false;
        int at = 0;
        while (at < length)
        {
            at = lasting && ConstraintText.passes(text, at) ? ConstraintText.end(text, at) : readClause(at);
        }
        namesSeen = Table.NONE;
        attachesSeen = Table.NONE;
    }

    private int readClause(final int start)
    {
        if (clauses == kind.length)
        {
            kind = Arrays.copyOf(kind, clauses * 2);
            keyStart = Arrays.copyOf(keyStart, clauses * 2);
            keyLength = Arrays.copyOf(keyLength, clauses * 2);
            keyName = Arrays.copyOf(keyName, clauses * 2);
            valuesEnd = Arrays.copyOf(valuesEnd, clauses * 2);
        }
        kind[clauses] = ConstraintText.kind(text, start);
        keyStart[clauses] = ConstraintText.keyStart(start);
        keyLength[clauses] = ConstraintText.keyLength(text, start);
        final int from = ConstraintText.valuesStart(text, start);
        final int end = ConstraintText.end(text, start);
        int valueAt = from;
        for (int i = from; i <= end; i++)
        {
            if (i == end || '|' == text.getByte(i))
            {
                addValue(valueAt, i - valueAt);
                valueAt = i + 1;
            }
        }
        valuesEnd[clauses] = values;
        strict |= kind[clauses] <= ConstraintKind.AGENT_STRICT.value();
        clauses++;
        return end;
    }

    private void addValue(final int start, final int length)
    {
        if (values == valueStart.length)
        {
            valueStart = Arrays.copyOf(valueStart, values * 2);
            valueLength = Arrays.copyOf(valueLength, values * 2);
            valueName = Arrays.copyOf(valueName, values * 2);
        }
        valueStart[values] = start;
        valueLength[values] = length;
        values++;
    }

    /** Whether an agent is what is asked for, whatever runs there. */
    boolean matches(final int agent)
    {
        if (!strict)
        {
            return true;
        }
        if (attachesSeen != agents.attaches)
        {
            attachesSeen = agents.attaches;
            Arrays.fill(known, 0);
        }
        final int word = agent >> 6;
        if (word >= known.length)
        {
            known = Arrays.copyOf(known, Math.max(word + 1, known.length * 2));
            holds = Arrays.copyOf(holds, known.length);
        }
        final long bit = 1L << agent;
        if (0 == (known[word] & bit))
        {
            known[word] |= bit;
            holds[word] = holdsFor(agent) ? holds[word] | bit : holds[word] & ~bit;
        }
        return 0 != (holds[word] & bit);
    }

    private boolean holdsFor(final int agent)
    {
        findNames();
        for (int clause = 0; clause < clauses; clause++)
        {
            if (!holds(clause, agent))
            {
                return false;
            }
        }
        return true;
    }

    /** Texts get a number when an agent tells them, so new ones are looked for when there are more numbers. */
    private void findNames()
    {
        if (namesSeen != names.count())
        {
            namesSeen = names.count();
            for (int clause = 0; clause < clauses; clause++)
            {
                keyName[clause] = names.find(text, keyStart[clause], keyLength[clause]);
            }
            for (int value = 0; value < values; value++)
            {
                valueName[value] = names.find(text, valueStart[value], valueLength[value]);
            }
        }
    }

    private boolean holds(final int clause, final int agent)
    {
        return switch (ConstraintKind.get((short)kind[clause]))
        {
            case ARCH_IN -> isAmong(clause, agents.get(agents.arch, agent));
            case LABEL_IN -> isAmong(clause, label(clause, agent));
            case LABEL_NOT_IN -> !isAmong(clause, label(clause, agent));
            case LABEL_EXISTS -> Table.NONE != label(clause, agent);
            case LABEL_ABSENT -> Table.NONE == label(clause, agent);
            case AGENT_STRICT -> isAmong(clause, agents.get(agents.name, agent));
            default -> true;
        };
    }

    private int label(final int clause, final int agent)
    {
        return Table.NONE == keyName[clause] ?
            Table.NONE :
            state.labels.find(agents.get(agents.labels, agent), keyName[clause]);
    }

    private boolean isAmong(final int clause, final int name)
    {
        for (int value = 0 == clause ? 0 : valuesEnd[clause - 1]; value < valuesEnd[clause]; value++)
        {
            if (Table.NONE != name && valueName[value] == name)
            {
                return true;
            }
        }
        return false;
    }

    boolean has(final ConstraintKind wanted)
    {
        for (int clause = 0; clause < clauses; clause++)
        {
            if (wanted.value() == kind[clause])
            {
                return true;
            }
        }
        return false;
    }

    /** How many clauses there are, in the order of the text. */
    int clauses()
    {
        return clauses;
    }

    /** A value of {@link ConstraintKind}. */
    int kind(final int clause)
    {
        return kind[clause];
    }

    /** Whether the name of an agent is among those of a clause. */
    boolean names(final int clause, final int agent)
    {
        findNames();
        return isAmong(clause, agents.get(agents.name, agent));
    }

    UnsafeBuffer text()
    {
        return text;
    }

    int keyStart(final int clause)
    {
        return keyStart[clause];
    }

    int keyLength(final int clause)
    {
        return keyLength[clause];
    }
}
