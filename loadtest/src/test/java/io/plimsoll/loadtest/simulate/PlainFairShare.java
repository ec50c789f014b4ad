package io.plimsoll.loadtest.simulate;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/**
 * {@code order: fair-share} with {@code backfill: none} on one machine, in the words of the documentation and without
 * any code of the scheduler: at each instant at which sessions arrive or end, whoever of the waiting has the least of
 * its project, then its user, then the smallest share of the machine now, and among equals came first, goes first,
 * until one does not fit. Usage is integrated anew from all that has run for each comparison.
 */
final class PlainFairShare
{
    /** Exponents that are closer are the same: they are whole numbers of 1e-12, and rounding has its part. */
    private static final double SAME = 4e-12;
    /** Of cpu, which is all that is asked for, beside that of the memory that the machine has. */
    private static final double WEIGHT = 1 / 1.001;
    private static final double LOOKBACK_S = 86_400;

    private final int cores;
    private final int halfLifeS;
    private final List<Session> sessions = new ArrayList<>();

    PlainFairShare(final int cores, final int halfLifeS)
    {
        this.cores = cores;
        this.halfLifeS = halfLifeS;
    }

    /** A session with what becomes of it; times in seconds. */
    static final class Session
    {
        final int user;
        final int project;
        final int at;
        final int cpu;
        final int duration;
        int start = -1;

        Session(final int user, final int project, final int at, final int cpu, final int duration)
        {
            this.user = user;
            this.project = project;
            this.at = at;
            this.cpu = cpu;
            this.duration = duration;
        }

        private boolean isRunning(final int now)
        {
            return start >= 0 && now < start + duration;
        }
    }

    Session add(final int user, final int project, final int at, final int cpu, final int duration)
    {
        final Session session = new Session(user, project, at, cpu, duration);
        sessions.add(session);
        return session;
    }

    /** The scenario of what was added, to be run by the scheduler. */
    String scenario(final int users)
    {
        final StringBuilder text = new StringBuilder(1024);
        text.append("groups: [{name: default, order: fair-share, backfill: none")
            .append(0 == halfLifeS ? "" : ", halfLife: " + halfLifeS + "s")
            .append("}]\nagents: [{name: a, cpu: ").append(cores).append("}]\nowners:\n  users:\n");
        for (int user = 0; user < users; user++)
        {
            text.append(String.format(Locale.ROOT, "    - {name: u%d, project: p%d}%n", user, user / 2));
        }
        text.append("sessions:\n");
        for (int i = 0; i < sessions.size(); i++)
        {
            final Session session = sessions.get(i);
            text.append(String.format(
                Locale.ROOT, "  - {name: s%d, user: u%d, at: %ds, kernels: [{cpu: %d}], duration: %ds}%n",
                i, session.user, session.at, session.cpu, session.duration));
        }
        return text.toString();
    }

    void run()
    {
        final TreeSet<Integer> instants = new TreeSet<>();
        sessions.forEach(session -> instants.add(session.at));
        while (!instants.isEmpty())
        {
            final int now = instants.pollFirst();
            Session head = head(now);
            while (null != head && head.cpu <= free(now))
            {
                head.start = now;
                instants.add(now + head.duration);
                head = head(now);
            }
        }
    }

    private int free(final int now)
    {
        return cores - sessions.stream().filter(session -> session.isRunning(now)).mapToInt(s -> s.cpu).sum();
    }

    private Session head(final int now)
    {
        return sessions.stream()
            .filter(session -> session.at <= now && session.start < 0)
            .min(comparator(now))
            .orElse(null);
    }

    private Comparator<Session> comparator(final int now)
    {
        return (left, right) ->
        {
            final double byProject = used(now, left.project, true) - used(now, right.project, true);
            if (Math.abs(byProject) > SAME)
            {
                return byProject < 0 ? -1 : 1;
            }
            final double byUser = used(now, left.user, false) - used(now, right.user, false);
            if (Math.abs(byUser) > SAME)
            {
                return byUser < 0 ? -1 : 1;
            }
            final int byShare = Integer.compare(running(now, left.user), running(now, right.user));
            final int byAge = 0 == byShare ? Integer.compare(left.at, right.at) : byShare;
            return 0 == byAge ? Integer.compare(sessions.indexOf(left), sessions.indexOf(right)) : byAge;
        };
    }

    private int running(final int now, final int user)
    {
        return sessions.stream().filter(s -> s.user == user && s.isRunning(now)).mapToInt(s -> s.cpu).sum();
    }

    private double used(final int now, final int account, final boolean isProject)
    {
        double used = 0;
        for (final Session session : sessions)
        {
            if (session.start >= 0 && account == (isProject ? session.project : session.user))
            {
                final int end = Math.min(now, session.start + session.duration);
                used += session.cpu * (0 == halfLifeS ?
                    (end - session.start) / LOOKBACK_S :
                    decayed(now - end) - decayed(now - session.start));
            }
        }
        return used * WEIGHT / cores;
    }

    private double decayed(final int agoS)
    {
        return StrictMath.pow(2, -(double)agoS / halfLifeS);
    }
}
