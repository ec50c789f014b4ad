package io.plimsoll.manager.view;

import io.plimsoll.core.sbe.AccountConfiguredDecoder;
import io.plimsoll.core.sbe.AccountLevel;
import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.manager.control.AccountOptions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;

/** Accounts and what their own sessions use. Changed and read under the view's lock. */
final class AccountTable
{
    /** Chains are five levels long; a longer one would be a circle. */
    private static final int LEVELS = 5;

    private final SlotTable slots;
    private final Map<Integer, Row> rowById = new ConcurrentSkipListMap<>();

    AccountTable(final SlotTable slots)
    {
        this.slots = slots;
    }

    void configure(final AccountConfiguredDecoder event)
    {
        final Map<String, Long> limits = new LinkedHashMap<>();
        for (final AccountConfiguredDecoder.LimitsDecoder limit : event.limits())
        {
            limits.put(slots.name(limit.slotId()), limit.amount());
        }
        final Map<String, Long> pendingLimits = new LinkedHashMap<>();
        for (final AccountConfiguredDecoder.PendingLimitsDecoder limit : event.pendingLimits())
        {
            pendingLimits.put(slots.name(limit.slotId()), limit.amount());
        }
        row(event.accountId()).options = new AccountOptions(
            event.accountId(),
            event.accountName(),
            event.level(),
            event.parentId(),
            Math.max(0, event.projectId()),
            event.weight(),
            event.sessionsMax(),
            event.systemSessionsMax(),
            event.pendingMax(),
            event.kernelsMax(),
            event.priorityMax(),
            event.allowedTypes(),
            Collections.unmodifiableMap(limits),
            Collections.unmodifiableMap(pendingLimits));
    }

    /** Becomes what another is, with rows of its own. */
    void copyFrom(final AccountTable other)
    {
        rowById.clear();
        other.rowById.forEach((id, row) ->
        {
            final Row copy = row(id);
            copy.used.putAll(row.used);
            copy.options = row.options;
            copy.sessions = row.sessions;
            copy.pending = row.pending;
        });
    }

    void queued(final int ownerId, final long count)
    {
        if (0 != ownerId)
        {
            row(ownerId).pending += count;
        }
    }

    void advanced(final int ownerId, final LifeState from, final LifeState to)
    {
        if (0 != ownerId)
        {
            final Row row = row(ownerId);
            row.pending += pending(to) - pending(from);
            row.sessions += active(to) - active(from);
        }
    }

    private static int pending(final LifeState state)
    {
        return LifeState.PENDING == state ? 1 : 0;
    }

    private static int active(final LifeState state)
    {
        return LifeState.PENDING == state || SessionRow.isTerminal(state) ? 0 : 1;
    }

    /** A kernel was placed, or is proven gone: null changes nothing. */
    void use(final Assignment assignment, final int sign)
    {
        if (null != assignment && 0 != assignment.ownerId())
        {
            final Map<Integer, Long> used = row(assignment.ownerId()).used;
            used.merge(SlotTable.CPU, sign * assignment.cpuMillis(), Long::sum);
            used.merge(SlotTable.MEMORY, sign * assignment.memoryBytes(), Long::sum);
            for (final SlotAmount slot : assignment.slots())
            {
                used.merge(slot.slotId(), sign * slot.amount(), Long::sum);
            }
        }
    }

    /** Name of an owner; of one that is no account its number. */
    String name(final int ownerId)
    {
        final Row row = rowById.get(ownerId);
        if (0 == ownerId)
        {
            return "admin";
        }
        return null == row || null == row.options ? Integer.toString(ownerId) : row.options.name();
    }

    /** Null if there is none. */
    AccountView account(final int id)
    {
        final Row row = rowById.get(id);
        return null == row || null == row.options ? null : view(row);
    }

    /** By its name, or by its number if there is none of that name; null if there is neither. */
    AccountView accountOrNumber(final String idOrName)
    {
        final AccountView named = account(idOrName);
        final boolean isNumber = null == named && idOrName.matches("[1-9][0-9]{0,8}");
        return isNumber ? account(Integer.parseInt(idOrName)) : named;
    }

    AccountView account(final String name)
    {
        for (final Row row : rowById.values())
        {
            if (null != row.options && row.options.name().equals(name))
            {
                return view(row);
            }
        }
        return null;
    }

    List<AccountView> list()
    {
        final Map<Row, Sums> sums = new IdentityHashMap<>();
        for (final Row row : rowById.values())
        {
            each(row, above -> sums.computeIfAbsent(above, key -> new Sums()).add(row));
        }
        final List<AccountView> list = new ArrayList<>();
        for (final Row row : rowById.values())
        {
            if (null != row.options)
            {
                list.add(view(row, sums.get(row)));
            }
        }
        return list;
    }

    /** An account and all that count for it. */
    Set<Integer> below(final int id)
    {
        final Row of = rowById.get(id);
        final Set<Integer> ids = new HashSet<>();
        ids.add(id);
        rowById.forEach((ownerId, row) -> each(row, above ->
        {
            if (of == above)
            {
                ids.add(ownerId);
            }
        }));
        return ids;
    }

    private AccountView view(final Row of)
    {
        final Sums sums = new Sums();
        for (final Row row : rowById.values())
        {
            each(row, above ->
            {
                if (of == above)
                {
                    sums.add(row);
                }
            });
        }
        return view(of, sums);
    }

    private AccountView view(final Row of, final Sums sums)
    {
        // These two always, others while they are in use: not whatever happened to be used at some time.
        final Map<String, Long> used = new LinkedHashMap<>();
        used.put(slots.name(SlotTable.CPU), 0L);
        used.put(slots.name(SlotTable.MEMORY), 0L);
        sums.used.forEach((slotId, amount) ->
        {
            if (amount > 0 || slotId <= SlotTable.MEMORY)
            {
                used.put(slots.name(slotId), amount);
            }
        });
        return new AccountView(of.options, used, sums.sessions, sums.pending);
    }

    /** An owner and all that it counts for: the project of a member takes the place of what is above its user. */
    private void each(final Row owner, final Consumer<Row> action)
    {
        final Row project = null == owner.options ? null : rowById.get(owner.options.projectId());
        boolean below = true;
        Row row = owner;
        for (int i = 0; i < LEVELS && null != row; i++)
        {
            action.accept(row);
            final Row above = null == row.options ? null : rowById.get(row.options.parentId());
            final boolean joins = below && null != project && (null == above || isProjectOrAbove(above));
            below &= !joins;
            row = joins ? project : above;
        }
    }

    private static boolean isProjectOrAbove(final Row row)
    {
        return null == row.options || row.options.level().value() <= AccountLevel.PROJECT.value();
    }

    private Row row(final int id)
    {
        return rowById.computeIfAbsent(id, key -> new Row());
    }

    private static final class Row
    {
        private final Map<Integer, Long> used = new ConcurrentSkipListMap<>();
        private AccountOptions options;
        private long sessions;
        private long pending;
    }

    /** What all that counts for an account comes to. */
    private static final class Sums
    {
        private final Map<Integer, Long> used = new TreeMap<>();
        private long sessions;
        private long pending;

        void add(final Row row)
        {
            row.used.forEach((slotId, amount) -> used.merge(slotId, amount, Long::sum));
            sessions += row.sessions;
            pending += row.pending;
        }
    }
}
