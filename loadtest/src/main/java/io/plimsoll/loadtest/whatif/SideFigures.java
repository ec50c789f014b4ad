package io.plimsoll.loadtest.whatif;

import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.Result;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Figures of one side: of the record, or of what would have been. */
final class SideFigures
{
    private static final double HOUR_NS = 3_600e9;
    private static final double MILLIS = 1_000;

    final WaitFigures waits = new WaitFigures();
    final Map<String, WaitFigures> waitsByGroup = new TreeMap<>();
    final Map<String, WaitFigures> waitsByOwner = new TreeMap<>();
    final Map<String, Double> gpuHoursByGroup = new TreeMap<>();
    final Map<String, Double> gpuHoursByOwner = new TreeMap<>();
    private final ClusterBooks books;
    private final long endNs;
    private long sessions;
    private long started;
    private long succeeded;
    private long failed;
    private long cancelled;
    private long running;
    private double gpuHours;
    private double cpuHours;

    SideFigures(final ClusterBooks books, final long forkNs, final long endNs)
    {
        this.books = books;
        this.endNs = endNs;
        for (final SessionBook session : books.sessions)
        {
            if (isOfStretch(session, forkNs, endNs))
            {
                add(session, forkNs);
            }
        }
        books.meter().usedByGroup().forEach(
            (id, used) -> gpuHoursByGroup.merge(groupName(id), gpuHours(used), Double::sum));
        books.meter().usedByOwner().forEach((id, used) ->
        {
            gpuHoursByOwner.merge(ownerName(id), gpuHours(used), Double::sum);
            gpuHours += gpuHours(used);
            cpuHours += used[ResourceBook.CPU] / MILLIS / HOUR_NS;
        });
    }

    /** Whether anything could be different about a session between two times. */
    static boolean isOfStretch(final SessionBook session, final long forkNs, final long endNs)
    {
        return session.submittedNs <= endNs &&
            (SessionBook.NOT_YET == session.endedNs || session.endedNs >= forkNs);
    }

    private void add(final SessionBook session, final long forkNs)
    {
        sessions++;
        final boolean hasStarted = hasStarted(session);
        final boolean hasEnded = hasEnded(session);
        if (hasEnded)
        {
            succeeded += Result.SUCCESS == session.result ? 1 : 0;
            cancelled += LifeState.CANCELLED == session.state ? 1 : 0;
            failed += Result.SUCCESS != session.result && LifeState.CANCELLED != session.state ? 1 : 0;
        }
        else
        {
            running += hasStarted ? 1 : 0;
        }
        if (hasStarted && session.startedNs < forkNs)
        {
            return;
        }
        started += hasStarted ? 1 : 0;
        if (hasStarted || !hasEnded)
        {
            final long waitNs = (hasStarted ? session.startedNs : endNs) - session.submittedNs;
            waits.add(waitNs, !hasStarted);
            waitsByGroup.computeIfAbsent(groupName(session.request.groupId()), name -> new WaitFigures())
                .add(waitNs, !hasStarted);
            waitsByOwner.computeIfAbsent(ownerName(session.request.ownerId()), name -> new WaitFigures())
                .add(waitNs, !hasStarted);
        }
    }

    /** Whether it has started by the end of the stretch. */
    boolean hasStarted(final SessionBook session)
    {
        return SessionBook.NOT_YET != session.startedNs && session.startedNs <= endNs;
    }

    /** Whether it has ended by the end of the stretch. */
    boolean hasEnded(final SessionBook session)
    {
        return SessionBook.NOT_YET != session.endedNs && session.endedNs <= endNs;
    }

    /** Until the end of the stretch; -1 if it ended without a start. */
    long waitNs(final SessionBook session)
    {
        return hasStarted(session) ? session.startedNs - session.submittedNs :
            hasEnded(session) ? -1 : endNs - session.submittedNs;
    }

    /** What became of it, in a word or two. */
    String fate(final SessionBook session)
    {
        if (!hasEnded(session))
        {
            return hasStarted(session) ? "RUNNING" : "PENDING";
        }
        return session.state.name() + " (" + kebab(session.reason) + ")";
    }

    private static String kebab(final Enum<?> value)
    {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    String groupName(final int id)
    {
        final GroupSettings group = books.groups.get(id);
        return null == group ? "group " + id : group.name;
    }

    String ownerName(final int id)
    {
        if (0 == id)
        {
            return "-";
        }
        final AccountSettings account = books.accounts.get(id);
        return null == account ? "account " + id :
            switch (account.level)
            {
                case USER -> account.name;
                default -> kebab(account.level) + " " + account.name;
            };
    }

    private double gpuHours(final double[] used)
    {
        double sum = 0;
        for (int i = 0; i < used.length; i++)
        {
            sum += books.resources.isDevice(i) ? used[i] / ResourceBook.WHOLE / HOUR_NS : 0;
        }
        return sum;
    }

    ClusterBooks books()
    {
        return books;
    }

    /** Sessions that were there. */
    long sessions()
    {
        return sessions;
    }

    /** Sessions that started. */
    long started()
    {
        return started;
    }

    /** Sessions that ended with success. */
    long succeeded()
    {
        return succeeded;
    }

    /** Sessions that ended otherwise, cancellations not counted. */
    long failed()
    {
        return failed;
    }

    /** Sessions that were cancelled. */
    long cancelled()
    {
        return cancelled;
    }

    /** Sessions that run at the end. */
    long running()
    {
        return running;
    }

    /** Hours of whole devices in use. */
    double gpuHours()
    {
        return gpuHours;
    }

    /** Hours of cores in use. */
    double cpuHours()
    {
        return cpuHours;
    }
}
