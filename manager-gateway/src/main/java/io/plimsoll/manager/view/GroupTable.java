package io.plimsoll.manager.view;

import io.plimsoll.manager.control.GroupOptions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Resource groups by their number in the core. One writer, any readers. */
public final class GroupTable
{
    private volatile GroupView[] groups = new GroupView[8];

    void define(final int groupId, final String name, final GroupOptions options)
    {
        final GroupView[] current = groups;
        final GroupView[] next =
            Arrays.copyOf(current, groupId < current.length ? current.length : Math.max(groupId + 1, 2 * groupId));
        next[groupId] = new GroupView(groupId, name, options);
        groups = next;
    }

    /** Becomes what another is; what stands in it never changes. */
    void copyFrom(final GroupTable other)
    {
        groups = other.groups.clone();
    }

    /** Name of a group, empty if there is none of this number. */
    public String name(final int groupId)
    {
        final GroupView[] current = groups;
        final GroupView group = groupId >= 0 && groupId < current.length ? current[groupId] : null;
        return null == group ? "" : group.name();
    }

    /** Group of a name, null if none has been configured. */
    public GroupView group(final String name)
    {
        for (final GroupView group : groups)
        {
            if (null != group && group.name().equals(name))
            {
                return group;
            }
        }
        return null;
    }

    /** Whether a group of this name has been configured. */
    public boolean contains(final String name)
    {
        return null != group(name);
    }

    /** In the order in which they came to be. */
    public List<GroupView> list()
    {
        final List<GroupView> list = new ArrayList<>();
        for (final GroupView group : groups)
        {
            if (null != group)
            {
                list.add(group);
            }
        }
        return list;
    }
}
