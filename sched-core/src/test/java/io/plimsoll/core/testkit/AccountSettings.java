package io.plimsoll.core.testkit;

import io.plimsoll.core.sbe.AccountLevel;
import java.util.Map;
import java.util.TreeMap;

/** An account, by default without any limit. */
public final class AccountSettings
{
    final int id;
    final AccountLevel level;
    final String name;
    int parent;
    int project;
    int weight = 1000;
    int sessionsMax = -1;
    int systemSessionsMax = -1;
    int pendingMax = -1;
    int kernelsMax = -1;
    int priorityMax = 100;
    int allowedTypes;
    final Map<String, Long> limits = new TreeMap<>();
    final Map<String, Long> pendingLimits = new TreeMap<>();

    private AccountSettings(final int id, final AccountLevel level, final String name)
    {
        this.id = id;
        this.level = level;
        this.name = name;
    }

    public static AccountSettings account(final int id, final AccountLevel level, final String name)
    {
        return new AccountSettings(id, level, name);
    }

    public static AccountSettings user(final int id, final String name)
    {
        return account(id, AccountLevel.USER, name);
    }

    public AccountSettings under(final int parentId)
    {
        parent = parentId;
        return this;
    }

    /** Of a member. */
    public AccountSettings in(final int projectId)
    {
        project = projectId;
        return this;
    }

    public AccountSettings weight(final int thousandths)
    {
        weight = thousandths;
        return this;
    }

    public AccountSettings limit(final String slot, final long amount)
    {
        limits.put(slot, amount);
        return this;
    }

    public AccountSettings pendingLimit(final String slot, final long amount)
    {
        pendingLimits.put(slot, amount);
        return this;
    }

    public AccountSettings sessions(final int max)
    {
        sessionsMax = max;
        return this;
    }

    public AccountSettings systemSessions(final int max)
    {
        systemSessionsMax = max;
        return this;
    }

    public AccountSettings pending(final int max)
    {
        pendingMax = max;
        return this;
    }

    public AccountSettings kernels(final int max)
    {
        kernelsMax = max;
        return this;
    }

    public AccountSettings priority(final int max)
    {
        priorityMax = max;
        return this;
    }

    public AccountSettings types(final int mask)
    {
        allowedTypes = mask;
        return this;
    }
}
