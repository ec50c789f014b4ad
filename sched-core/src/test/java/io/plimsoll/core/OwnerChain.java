package io.plimsoll.core;

import io.plimsoll.core.sbe.AccountLevel;
import java.util.ArrayList;
import java.util.List;

/** Says, from ids alone, for which accounts the sessions of an owner count: what the table must agree with. */
final class OwnerChain
{
    private OwnerChain()
    {
    }

    /** Rows, the owner's first; none if the owner has no account. */
    static List<Integer> of(final AccountTable accounts, final int ownerId)
    {
        final List<Integer> chain = new ArrayList<>();
        final int owner = accounts.find(ownerId);
        final int project = Table.NONE == owner ? Table.NONE : accounts.find(accounts.projectId.get(owner));
        int row = owner;
        while (Table.NONE != row && (Table.NONE == project || isBelowProjects(accounts, row)))
        {
            chain.add(row);
            row = accounts.find(accounts.parentId.get(row));
        }
        for (row = project; Table.NONE != row; row = accounts.find(accounts.parentId.get(row)))
        {
            chain.add(row);
        }
        return chain;
    }

    /** The account of a level, NONE if there is none. */
    static int at(final AccountTable accounts, final int ownerId, final AccountLevel level)
    {
        for (final int row : of(accounts, ownerId))
        {
            if (level.value() == accounts.level.get(row))
            {
                return row;
            }
        }
        return Table.NONE;
    }

    private static boolean isBelowProjects(final AccountTable accounts, final int row)
    {
        return accounts.level.get(row) > AccountLevel.PROJECT.value();
    }
}
