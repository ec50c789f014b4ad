package io.plimsoll.manager.view;

import java.util.Arrays;

/** Names of resource groups by their number in the core. One writer, any readers. */
public final class GroupTable
{
    private volatile String[] names = new String[8];

    void define(final int groupId, final String name)
    {
        String[] next = names;
        if (groupId >= next.length)
        {
            next = Arrays.copyOf(next, Math.max(groupId + 1, next.length * 2));
        }
        next[groupId] = name;
        names = next;
    }

    /** Name of a group, empty if there is none of this number. */
    public String name(final int groupId)
    {
        final String[] current = names;
        final String name = groupId >= 0 && groupId < current.length ? current[groupId] : null;
        return null == name ? "" : name;
    }

    /** Whether a group of this name has been configured. */
    public boolean contains(final String name)
    {
        for (final String each : names)
        {
            if (name.equals(each))
            {
                return true;
            }
        }
        return false;
    }
}
