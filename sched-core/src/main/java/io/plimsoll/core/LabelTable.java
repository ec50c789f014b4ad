package io.plimsoll.core;

/** Labels of agents: a list for each, in the order in which the agent told them. */
final class LabelTable extends Table
{
    final IntColumn key = intColumn(1);
    final IntColumn value = intColumn(2);
    /** Next label of the same agent, plus one; 0: the last. */
    final IntColumn next = intColumn(3);

    /** Adds a label in front of a list; both are rows plus one, 0 being no row. */
    int add(final int keyName, final int valueName, final int nextLabel)
    {
        final int row = allocate();
        set(key, row, keyName);
        set(value, row, valueName);
        set(next, row, nextLabel);
        return row + 1;
    }

    /** Frees a whole list. */
    void removeAll(final int first)
    {
        int label = first;
        while (0 != label)
        {
            final int after = get(next, label - 1);
            release(label - 1);
            label = after;
        }
    }

    /** Name of the value that a list has for a key, or NONE. */
    int find(final int first, final int keyName)
    {
        for (int label = first; 0 != label; label = get(next, label - 1))
        {
            if (keyName == get(key, label - 1))
            {
                return get(value, label - 1);
            }
        }
        return NONE;
    }
}
