package io.plimsoll.manager.view;

import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.Reason;
import io.plimsoll.core.sbe.SessionType;
import io.plimsoll.manager.egress.StoredSpec;
import io.plimsoll.transport.LaunchSpec;
import io.plimsoll.transport.LaunchSpecCodec;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/** Copies rows into what readers get. Called by readers, inside {@link ViewLock#read} where rows are touched. */
final class SessionViews
{
    private static final int KERNEL_BITS = 10;
    /** Most ids that one call looks at; what is left comes with the next page. */
    private static final int IDS_PER_PAGE_MAX = 1 << 18;

    private final SessionTable sessions;
    private final AgentTable agents;
    private final SlotTable slots;
    private final GroupTable groups;
    private final AccountTable accounts;

    SessionViews(
        final SessionTable sessions,
        final AgentTable agents,
        final SlotTable slots,
        final GroupTable groups,
        final AccountTable accounts)
    {
        this.sessions = sessions;
        this.agents = agents;
        this.slots = slots;
        this.groups = groups;
        this.accounts = accounts;
    }

    /** Null if unknown or forgotten. */
    SessionView session(final long id)
    {
        final SessionRow row = sessions.row(id);
        if (null != row)
        {
            return SessionRow.FORGOTTEN == row ? null : view(id, row);
        }
        final ArrayRow array = sessions.array(id);
        return null == array ? null : view(id, new SessionRow(array.form(id)));
    }

    /** What was asked for, null if unknown or forgotten. */
    SessionForm form(final long id)
    {
        final SessionRow row = sessions.row(id);
        if (null != row)
        {
            return SessionRow.FORGOTTEN == row ? null : row.form;
        }
        final ArrayRow array = sessions.array(id);
        return null == array ? null : array.form(id);
    }

    /** By state that a session may be in. */
    static Map<LifeState, Long> counts(final ToLongFunction<LifeState> count)
    {
        final Map<LifeState, Long> counts = new EnumMap<>(LifeState.class);
        for (final LifeState state : LifeState.values())
        {
            if (state.value() <= LifeState.ERROR.value())
            {
                counts.put(state, count.applyAsLong(state));
            }
        }
        return counts;
    }

    /** Null if unknown or forgotten. */
    SessionHistory history(final long id)
    {
        final SessionRow row = sessions.row(id);
        final ArrayRow array = null == row ? sessions.array(id) : null;
        if (SessionRow.FORGOTTEN == row || null == row && null == array)
        {
            return null;
        }
        return (null == row ? new SessionRow(array.form(id)) : row).history();
    }

    /** Of the account that a session counts for; -1 if it is unknown or forgotten. */
    int ownerId(final long id)
    {
        final SessionRow row = sessions.row(id);
        if (null != row)
        {
            return SessionRow.FORGOTTEN == row ? -1 : row.form.ownerId();
        }
        final ArrayRow array = sessions.array(id);
        return null == array ? -1 : array.form.ownerId();
    }

    /** The same, also of one that was forgotten lately. */
    int ownerEver(final long id)
    {
        final int present = ownerId(id);
        return present >= 0 ? present : sessions.past.owner(id);
    }

    /** Number of its resource group, also of one that was forgotten lately; -1 if that is not known. */
    int groupEver(final long id)
    {
        final SessionForm form = form(id);
        return null == form ? sessions.past.group(id) : form.groupId();
    }

    /** Whether it is of a type that ends when it is not used, or says itself when. */
    boolean mayBeIdle(final long id)
    {
        final SessionRow row = sessions.row(id);
        if (null == row || SessionRow.FORGOTTEN == row)
        {
            return false;
        }
        return SessionType.BATCH != row.form.type() || row.form.spec().hasNotes();
    }

    /** Whether it has something for the manager itself. */
    boolean hasNotes(final long id)
    {
        final SessionRow row = sessions.row(id);
        return null != row && SessionRow.FORGOTTEN != row && row.form.spec().hasNotes();
    }

    SessionPage page(final ViewLock lock, final SessionFilter filter, final long cursor, final int limit)
    {
        final List<SessionView> page = new ArrayList<>(Math.min(limit, 128));
        final ArrayRow arrayOnly = null == filter.arrayId() ? null : sessions.array(filter.arrayId());
        if (null != filter.arrayId() && (null == arrayOnly || arrayOnly.form.firstId() != filter.arrayId()))
        {
            return new SessionPage(page, 0);
        }
        final long fromId = null == arrayOnly ? Math.max(1, cursor) : Math.max(filter.arrayId(), cursor);
        final long arrayEnd = null == arrayOnly ? Long.MAX_VALUE : arrayOnly.lastId();
        final long lastId = null == filter.lastId() ? arrayEnd : Math.min(arrayEnd, filter.lastId());
        long id = next(lock, fromId, lastId);
        for (int looked = 0; SessionTable.NONE != id && page.size() < limit && looked < IDS_PER_PAGE_MAX; looked++)
        {
            final long current = id;
            if (mayMatch(filter, current))
            {
                final SessionView view = lock.read(() -> session(current));
                if (null != view && filter.matches(view))
                {
                    page.add(view);
                }
            }
            id = next(lock, current + 1, lastId);
        }
        return new SessionPage(page, SessionTable.NONE == id ? 0 : id);
    }

    SessionPage pageDown(final ViewLock lock, final SessionFilter filter, final long cursor, final int limit)
    {
        final List<SessionView> page = new ArrayList<>(Math.min(limit, 128));
        final ArrayRow arrayOnly = null == filter.arrayId() ? null : sessions.array(filter.arrayId());
        if (null != filter.arrayId() && (null == arrayOnly || arrayOnly.form.firstId() != filter.arrayId()))
        {
            return new SessionPage(page, 0);
        }
        final long highest = null == arrayOnly ? Long.MAX_VALUE : arrayOnly.lastId();
        final long lowest = null == arrayOnly ? 1 : arrayOnly.form.firstId();
        long id = previous(lock, 0 == cursor ? highest : Math.min(cursor, highest), lowest);
        for (int looked = 0; SessionTable.NONE != id && page.size() < limit && looked < IDS_PER_PAGE_MAX; looked++)
        {
            final long current = id;
            if (mayMatch(filter, current))
            {
                final SessionView view = lock.read(() -> session(current));
                if (null != view && filter.matches(view))
                {
                    page.add(view);
                }
            }
            id = previous(lock, current - 1, lowest);
        }
        return new SessionPage(page, SessionTable.NONE == id ? 0 : id);
    }

    private long previous(final ViewLock lock, final long fromId, final long lowest)
    {
        final long id = fromId < lowest ? SessionTable.NONE : lock.read(() -> sessions.previous(fromId));
        return id < lowest ? SessionTable.NONE : id;
    }

    private long next(final ViewLock lock, final long fromId, final long lastId)
    {
        final long id = lock.read(() -> sessions.next(fromId));
        return id > lastId ? SessionTable.NONE : id;
    }

    /** A racy look that spares copying most of what does not match; the copy is asked again. */
    private boolean mayMatch(final SessionFilter filter, final long id)
    {
        if (null != filter.owners() && !filter.owners().test(ownerId(id)))
        {
            return false;
        }
        if (null == filter.states())
        {
            return true;
        }
        final SessionRow row = sessions.row(id);
        return filter.states().contains(null == row ? LifeState.PENDING : row.state);
    }

    private SessionView view(final long id, final SessionRow row)
    {
        final SessionForm form = row.form;
        return new SessionView(
            id,
            form.name(),
            form.ownerId(),
            accounts.name(form.ownerId()),
            groups.name(form.groupId()),
            form.type(),
            form.priority(),
            row.state,
            row.result,
            row.reason,
            row.exitCode,
            row.attempt,
            form.array() ? form.firstId() : 0,
            form.array() ? (int)(id - form.firstId()) : -1,
            form.submittedNs(),
            row.startedNs,
            row.endedNs,
            row.notBeforeNs,
            form.onLoss(),
            form.walltimeNs(),
            form.cpuMillis(),
            form.memoryBytes(),
            slotMap(form.slots()),
            dependencyList(form.dependencies()),
            form.terms(),
            kernels(id, row),
            launchSpec(form.spec()));
    }

    private Map<String, Long> slotMap(final SlotAmount[] amounts)
    {
        if (0 == amounts.length)
        {
            return Map.of();
        }
        final Map<String, Long> byName = new LinkedHashMap<>();
        for (final SlotAmount amount : amounts)
        {
            byName.put(slots.name(amount.slotId()), amount.amount());
        }
        return byName;
    }

    private static List<Long> dependencyList(final long[] dependencies)
    {
        final List<Long> ids = new ArrayList<>(dependencies.length);
        for (final long id : dependencies)
        {
            ids.add(id);
        }
        return ids;
    }

    private List<KernelView> kernels(final long id, final SessionRow row)
    {
        final int count = row.form.kernels();
        final List<KernelView> views = new ArrayList<>(count);
        final KernelRow[] kernels = row.kernels;
        for (int i = 0; i < count; i++)
        {
            final KernelRow kernel = null == kernels ? null : kernels[i];
            final long kernelId = id << KERNEL_BITS | i;
            // While the session waits for its next attempt, what stands in the rows is the attempt before.
            views.add(
                null == kernel || null == kernel.assignment || LifeState.PENDING == row.state ?
                    unplaced(kernelId, i, row) : placed(kernelId, i, kernel));
        }
        return views;
    }

    private static KernelView unplaced(final long kernelId, final int index, final SessionRow row)
    {
        return new KernelView(
            kernelId, index, row.state, Reason.NONE, row.attempt, 0, "", "", "", -1, 0, row.endedNs, "");
    }

    private KernelView placed(final long kernelId, final int index, final KernelRow kernel)
    {
        final Assignment assignment = kernel.assignment;
        final AgentRow agent = agents.row(assignment.agentId());
        return new KernelView(
            kernelId,
            index,
            kernel.state,
            kernel.reason,
            assignment.attempt(),
            assignment.agentId(),
            null == agent ? "" : agent.name,
            kernel.cpus,
            kernel.devices,
            kernel.exitCode,
            kernel.startedNs,
            kernel.endedNs,
            kernel.detail);
    }

    private static LaunchSpec launchSpec(final StoredSpec spec)
    {
        LaunchSpec parsed = spec.parsed();
        if (null == parsed)
        {
            parsed = LaunchSpecCodec.decode(spec.json());
            spec.parsed(parsed);
        }
        return parsed;
    }
}
