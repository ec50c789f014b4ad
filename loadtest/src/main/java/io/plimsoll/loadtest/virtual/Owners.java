package io.plimsoll.loadtest.virtual;

import io.plimsoll.core.sbe.AccountLevel;
import io.plimsoll.loadtest.jobs.Tenant;
import io.plimsoll.loadtest.simulate.AccountSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Accounts of those who ask: users in projects in domains, as far as a workload tells of them. */
final class Owners
{
    private static final int WEIGHT = 1000;

    private final List<AccountSpec> accounts = new ArrayList<>();
    private final Map<String, Integer> byName = new HashMap<>();

    /** Account of a tenant, made if it is new; {@link AccountSpec#NOBODY} if nothing is known of it. */
    int of(final Tenant tenant, final boolean isGroupProject)
    {
        final String project = tenant.project().isEmpty() && isGroupProject ? tenant.group() : tenant.project();
        final int domainId = account(AccountLevel.DOMAIN, tenant.domain(), AccountSpec.NOBODY);
        final int projectId = account(AccountLevel.PROJECT, project, domainId);
        return account(AccountLevel.USER, tenant.user(), projectId);
    }

    private int account(final AccountLevel level, final String name, final int parentId)
    {
        if (name.isEmpty())
        {
            return parentId;
        }
        // A user of two projects has an account in each.
        final String full = AccountSpec.NOBODY == parentId ? name : name + "@" + accounts.get(parentId - 1).name();
        return byName.computeIfAbsent(level + " " + full, key ->
        {
            final int id = accounts.size() + 1;
            accounts.add(new AccountSpec(id, parentId, level, full, WEIGHT, AccountSpec.Limits.NONE, 0));
            return id;
        });
    }

    /** Parents before those below them. */
    List<AccountSpec> accounts()
    {
        return accounts;
    }
}
