package io.plimsoll.loadtest.whatif;

import java.util.Set;

/**
 * Which sessions a change is about: all that it says must be so of them.
 *
 * @param owners  accounts, or null: whoever owns them.
 * @param group   name of their group, or null: any.
 * @param firstId lowest recorded id; 0: any.
 * @param lastId  highest recorded id.
 */
record Selector(Set<Integer> owners, String group, long firstId, long lastId)
{
    static final Selector ALL = new Selector(null, null, 0, Long.MAX_VALUE);

    boolean isByOwnerAndGroup(final int ownerId, final String groupName)
    {
        return (null == owners || owners.contains(ownerId)) && (null == group || group.equals(groupName));
    }

    boolean isById()
    {
        return firstId > 0;
    }

    boolean matches(final long id)
    {
        return id >= firstId && id <= lastId;
    }
}
