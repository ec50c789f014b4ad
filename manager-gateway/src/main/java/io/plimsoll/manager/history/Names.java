package io.plimsoll.manager.history;

import io.plimsoll.core.sbe.AccountConfiguredDecoder;
import io.plimsoll.core.sbe.AccountLevel;
import io.plimsoll.core.sbe.AgentAttachedDecoder;
import io.plimsoll.core.sbe.GroupConfiguredDecoder;
import io.plimsoll.core.sbe.SlotDefinedDecoder;
import io.plimsoll.core.sbe.SlotKind;
import io.plimsoll.manager.egress.RecordListener;
import io.plimsoll.manager.egress.ReleasedRecord;
import io.plimsoll.manager.identity.Owner;
import io.plimsoll.manager.view.SlotTable;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What numbers in records stand for: accounts, groups, slots and agents, as of the record read last. What is forgotten
 * elsewhere keeps its name here. For one thread.
 */
final class Names implements RecordListener
{
    /** Accounts that nobody has any more, or that make room for others, are called so for that time. */
    private static final String[] SET_ASIDE = {"deleted/", "renamed/"};
    /** Chains are five levels long; a longer one would be a circle. */
    private static final int LEVELS = 5;

    private final Map<Integer, Account> accounts = new HashMap<>();
    private final Map<Integer, String> groups = new HashMap<>();
    private final Map<Integer, Slot> slots = new HashMap<>();
    private final SlotTable slotTable = new SlotTable();
    private final Map<Integer, String> agents = new HashMap<>();
    private final Set<Integer> changedAccounts = new HashSet<>();
    private final Set<Integer> changedGroups = new HashSet<>();
    private final Set<Integer> changedSlots = new HashSet<>();
    private final Set<Integer> changedAgents = new HashSet<>();

    @Override
    public void onAccountConfigured(final AccountConfiguredDecoder event, final ReleasedRecord record)
    {
        final int id = event.accountId();
        final int parentId = event.parentId();
        final AccountLevel level = event.level();
        final int projectId = Math.max(0, event.projectId());
        for (final AccountConfiguredDecoder.LimitsDecoder limit : event.limits())
        {
            limit.amount();
        }
        for (final AccountConfiguredDecoder.PendingLimitsDecoder limit : event.pendingLimits())
        {
            limit.amount();
        }
        final String said = event.accountName();
        final Account before = accounts.get(id);
        final String name = null != before && isSetAside(said) ? before.name() : said;
        account(new Account(id, name, level.value(), parentId, projectId));
        changedAccounts.add(id);
    }

    private static boolean isSetAside(final String name)
    {
        return name.startsWith(SET_ASIDE[0]) || name.startsWith(SET_ASIDE[1]);
    }

    @Override
    public void onGroupConfigured(final GroupConfiguredDecoder event, final ReleasedRecord record)
    {
        group(event.groupId(), event.groupName());
        changedGroups.add(event.groupId());
    }

    @Override
    public void onSlotDefined(final SlotDefinedDecoder event, final ReleasedRecord record)
    {
        slot(new Slot(event.slotId(), event.slotName(), event.kind()));
        changedSlots.add(event.slotId());
    }

    @Override
    public void onAgentAttached(final AgentAttachedDecoder event, final ReleasedRecord record)
    {
        final int id = event.agentId();
        for (final AgentAttachedDecoder.SlotsDecoder slot : event.slots())
        {
            slot.capacity();
        }
        for (final AgentAttachedDecoder.LabelsDecoder label : event.labels())
        {
            label.skipKey();
            label.skipValue();
        }
        final String name = event.agentName();
        if (!name.equals(agents.get(id)))
        {
            agent(id, name);
            changedAgents.add(id);
        }
    }

    void account(final Account account)
    {
        accounts.put(account.id(), account);
    }

    void group(final int id, final String name)
    {
        groups.put(id, name);
    }

    void slot(final Slot slot)
    {
        slots.put(slot.id(), slot);
        slotTable.define(slot.id(), slot.name(), slot.kind());
    }

    SlotTable slotTable()
    {
        return slotTable;
    }

    void agent(final int id, final String name)
    {
        agents.put(id, name);
    }

    /** Empty if it is not known. */
    String group(final int id)
    {
        return groups.getOrDefault(id, "");
    }

    /** Empty if it is not known. */
    String agent(final int id)
    {
        return agents.getOrDefault(id, "");
    }

    String slot(final int id)
    {
        return slotTable.name(id);
    }

    /** Whose sessions of an account are, as far as accounts say now. */
    Owner owner(final int ownerId)
    {
        int domain = 0;
        int project = 0;
        int user = 0;
        int keypair = 0;
        Account account = accounts.get(ownerId);
        for (int i = 0; i < LEVELS && null != account; i++)
        {
            project = 0 == project ? account.projectId() : project;
            switch (AccountLevel.get((short)account.level()))
            {
                case DOMAIN -> domain = account.id();
                case PROJECT -> project = 0 == project ? account.id() : project;
                case USER -> user = account.id();
                case KEYPAIR -> keypair = account.id();
                default ->
                {
                    // A member stands for others.
                }
            }
            account = accounts.get(account.parentId());
        }
        final Account above = accounts.get(project);
        domain = 0 == domain && null != above ? above.parentId() : domain;
        return new Owner(domain, project, user, keypair);
    }

    List<Account> changedAccounts()
    {
        return changedAccounts.stream().sorted().map(accounts::get).toList();
    }

    List<Slot> changedSlots()
    {
        return changedSlots.stream().sorted().map(slots::get).toList();
    }

    List<Named> changedGroups()
    {
        return changedGroups.stream().sorted().map(id -> new Named(id, groups.get(id))).toList();
    }

    List<Named> changedAgents()
    {
        return changedAgents.stream().sorted().map(id -> new Named(id, agents.get(id))).toList();
    }

    /** What was changed is in the database. */
    void settled()
    {
        for (final Set<Integer> changed : List.of(changedAccounts, changedGroups, changedSlots, changedAgents))
        {
            changed.clear();
        }
    }

    /** Something that has no more than a name. */
    record Named(int id, String name)
    {
    }

    /** As the core knows it. */
    record Account(int id, String name, int level, int parentId, int projectId)
    {
    }

    /** As the core knows it. */
    record Slot(int id, String name, SlotKind kind)
    {
    }
}
