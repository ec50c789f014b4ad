package io.plimsoll.loadtest.whatif;

import io.plimsoll.core.SchedulerCore;
import io.plimsoll.loadtest.simulate.TextRows;
import io.plimsoll.loadtest.whatif.Comparison.Balance;
import io.plimsoll.loadtest.whatif.Comparison.Pair;
import io.plimsoll.transport.Amounts;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/** A comparison for people. */
public final class ComparisonText
{
    private static final long SECOND_NS = 1_000_000_000L;
    private static final long MILLI_NS = 1_000_000L;
    private static final int PERCENT = 100;

    private final Comparison comparison;
    private final WhatIfResult result;
    private final Map<Long, String> reasons;
    private final Map<Long, String> names;
    private final List<String> lines = new ArrayList<>();

    /**
     * Of a comparison.
     *
     * @param comparison to show.
     * @param reasons    why sessions fared otherwise, by recorded id.
     * @param names      of sessions, by recorded id.
     */
    ComparisonText(
        final Comparison comparison, final Map<Long, String> reasons, final Map<Long, String> names)
    {
        this.comparison = comparison;
        this.reasons = reasons;
        this.names = names;
        result = comparison.result();
    }

    /** Lines to print. */
    List<String> lines()
    {
        head();
        if (result.isSame())
        {
            return lines;
        }
        lines.add("");
        figures();
        waits("GROUP", side -> side.waitsByGroup);
        waits("OWNER", side -> side.waitsByOwner);
        hours();
        balance();
        sessions("WON MOST", comparison.won());
        sessions("LOST MOST", comparison.lost());
        otherwise();
        return lines;
    }

    private void head()
    {
        lines.add(String.format(
            Locale.ROOT,
            "sequence %d (%s) to %d (%s), %s",
            result.forkSequence(),
            time(result.forkNs()),
            result.endSequence(),
            time(result.endNs()),
            duration(result.endNs() - result.forkNs())));
        if (result.isOtherVersion())
        {
            lines.add(String.format(
                Locale.ROOT,
                "the journal was decided by version %d and is decided again by version %d, which decides otherwise: " +
                    "not all differences come from the change",
                result.decisionVersion(),
                SchedulerCore.DECISION_VERSION));
        }
        if (result.isSame())
        {
            lines.add(String.format(
                Locale.ROOT,
                "nothing is different: %d commands were decided again, every event is the recorded one, byte by " +
                    "byte, and the state hash is %016x",
                result.decided(),
                result.stateHash()));
            return;
        }
        lines.add(result.differsAt() <= result.forkSequence() ?
            "other than recorded from the beginning: " + result.why() :
            "as recorded up to sequence " + (result.differsAt() - 1) + "; then " + result.why());
        if (result.run().machines().assumed() > 0)
        {
            final long assumed = result.run().machines().assumed();
            lines.add(1 == assumed ?
                "1 kernel has no recorded end; it ran to its walltime limit, which is assumed" :
                assumed + " kernels have no recorded end; they ran to their walltime limit, which is assumed");
        }
        extra(comparison.added(), "sessions were added");
        extra(comparison.removed(), "sessions were removed");
        extra(comparison.refusedNow(), "sessions are refused now that were not");
        extra(comparison.refusedThen(), "sessions are taken now that were refused");
    }

    private void extra(final long count, final String what)
    {
        if (count > 0)
        {
            lines.add(count + " " + what);
        }
    }

    /* Figures. */

    private void figures()
    {
        final List<String[]> rows = new ArrayList<>();
        rows.add(new String[]{"", "RECORD", "WHAT IF", "CHANGE"});
        count(rows, "sessions", SideFigures::sessions);
        count(rows, "started", SideFigures::started);
        count(rows, "succeeded", SideFigures::succeeded);
        count(rows, "failed", SideFigures::failed);
        count(rows, "cancelled", SideFigures::cancelled);
        count(rows, "running at the end", SideFigures::running);
        count(rows, "waiting at the end", side -> side.waits.stillWaiting());
        wait(rows, "wait p50", side -> side.waits.percentileNs(50));
        wait(rows, "wait p99", side -> side.waits.percentileNs(99));
        wait(rows, "wait max", side -> side.waits.percentileNs(100));
        wait(rows, "wait mean", side -> side.waits.meanNs());
        final ResourceBook resources = comparison.ours().books().resources;
        for (int i = 0; i < resources.count(); i++)
        {
            final int resource = i;
            share(rows, "utilisation " + resources.name(i), side -> side.books().meter().utilisation(resource));
        }
        for (int i = 0; i < resources.count(); i++)
        {
            final int resource = i;
            share(rows, "fragmentation " + resources.name(i), side -> side.books().meter().fragmentation(resource));
        }
        count(rows, "preemptions", side -> side.books().meter().preemptions());
        hours(rows, "GPU-hours", SideFigures::gpuHours);
        hours(rows, "cpu-hours", SideFigures::cpuHours);
        lines.addAll(TextRows.align(rows));
    }

    private void count(final List<String[]> rows, final String what, final ToLongFunction<SideFigures> figure)
    {
        final long before = figure.applyAsLong(comparison.recorded());
        final long now = figure.applyAsLong(comparison.ours());
        rows.add(new String[]{what, String.valueOf(before), String.valueOf(now), signed(now - before)});
    }

    private void wait(final List<String[]> rows, final String what, final ToLongFunction<SideFigures> figure)
    {
        final long before = figure.applyAsLong(comparison.recorded());
        final long now = figure.applyAsLong(comparison.ours());
        rows.add(new String[]{what, duration(before), duration(now), change(before, now)});
    }

    private void share(final List<String[]> rows, final String what, final ToDoubleFunction<SideFigures> figure)
    {
        final double before = figure.applyAsDouble(comparison.recorded());
        final double now = figure.applyAsDouble(comparison.ours());
        if (before >= 0 || now >= 0)
        {
            rows.add(new String[]{
                what,
                percent(before),
                percent(now),
                before < 0 || now < 0 ? "" :
                    String.format(Locale.ROOT, "%+.1f points", (now - before) * PERCENT)});
        }
    }

    private void hours(final List<String[]> rows, final String what, final ToDoubleFunction<SideFigures> figure)
    {
        final double before = figure.applyAsDouble(comparison.recorded());
        final double now = figure.applyAsDouble(comparison.ours());
        rows.add(new String[]{
            what,
            String.format(Locale.ROOT, "%.2f", before),
            String.format(Locale.ROOT, "%.2f", now),
            String.format(Locale.ROOT, "%+.2f", now - before)});
    }

    private void waits(final String what, final Function<SideFigures, Map<String, WaitFigures>> by)
    {
        final Map<String, WaitFigures> before = by.apply(comparison.recorded());
        final Map<String, WaitFigures> now = by.apply(comparison.ours());
        final Set<String> names = new TreeSet<>(before.keySet());
        names.addAll(now.keySet());
        if (names.isEmpty())
        {
            return;
        }
        final List<String[]> rows = new ArrayList<>();
        rows.add(new String[]{what, "SESSIONS", "WAIT P50", "P99", "MAX"});
        for (final String name : names)
        {
            final WaitFigures left = before.getOrDefault(name, new WaitFigures());
            final WaitFigures right = now.getOrDefault(name, new WaitFigures());
            rows.add(new String[]{
                name,
                both(String.valueOf(left.count()), String.valueOf(right.count())),
                both(duration(left.percentileNs(50)), duration(right.percentileNs(50))),
                both(duration(left.percentileNs(99)), duration(right.percentileNs(99))),
                both(duration(left.percentileNs(100)), duration(right.percentileNs(100)))});
        }
        lines.add("");
        lines.addAll(TextRows.align(rows));
    }

    private void hours()
    {
        final Set<String> names = new TreeSet<>(comparison.recorded().gpuHoursByOwner.keySet());
        names.addAll(comparison.ours().gpuHoursByOwner.keySet());
        if (0 == comparison.recorded().gpuHours() && 0 == comparison.ours().gpuHours())
        {
            return;
        }
        final List<String[]> rows = new ArrayList<>();
        rows.add(new String[]{"OWNER", "GPU-HOURS"});
        for (final String name : names)
        {
            rows.add(new String[]{
                name,
                both(
                    String.format(Locale.ROOT, "%.2f", comparison.recorded().gpuHoursByOwner.getOrDefault(name, 0.0)),
                    String.format(Locale.ROOT, "%.2f", comparison.ours().gpuHoursByOwner.getOrDefault(name, 0.0)))});
        }
        lines.add("");
        lines.addAll(TextRows.align(rows));
    }

    /* Sessions. */

    private void balance()
    {
        lines.add("");
        lines.add(String.format(
            Locale.ROOT,
            "%d sessions waited less, %d longer, %d as long as before",
            comparison.wonCount(),
            comparison.lostCount(),
            comparison.asBefore()));
        final List<String[]> rows = new ArrayList<>();
        rows.add(new String[]{"OWNER", "SESSIONS", "WON", "LOST", "MEAN CHANGE"});
        for (final Map.Entry<String, Balance> owner : comparison.byOwner().entrySet())
        {
            final Balance balance = owner.getValue();
            rows.add(new String[]{
                owner.getKey(),
                String.valueOf(balance.sessions),
                String.valueOf(balance.won),
                String.valueOf(balance.lost),
                change(0, balance.changeNs / balance.sessions)});
        }
        lines.addAll(TextRows.align(rows));
    }

    private void sessions(final String title, final List<Pair> pairs)
    {
        if (pairs.isEmpty())
        {
            return;
        }
        final List<String[]> rows = new ArrayList<>();
        rows.add(new String[]{title, "NAME", "OWNER", "GROUP", "WAIT", "CHANGE", "WHY"});
        for (final Pair pair : Comparison.shown(pairs))
        {
            rows.add(new String[]{
                String.valueOf(pair.recorded().id),
                names.getOrDefault(pair.recorded().id, ""),
                comparison.recorded().ownerName(pair.recorded().request.ownerId()),
                comparison.recorded().groupName(pair.recorded().request.groupId()),
                both(waited(comparison.recorded(), pair.recorded()), waited(comparison.ours(), pair.ours())),
                change(pair.recordedNs(), pair.oursNs()),
                reasons.getOrDefault(pair.recorded().id, "")});
        }
        lines.add("");
        lines.addAll(TextRows.align(rows));
    }

    private String waited(final SideFigures side, final SessionBook session)
    {
        return duration(side.waitNs(session)) + (side.hasStarted(session) ? "" : " and on");
    }

    private void otherwise()
    {
        if (comparison.otherwise().isEmpty())
        {
            return;
        }
        final List<String[]> rows = new ArrayList<>();
        rows.add(new String[]{"ENDED OTHERWISE", "OWNER", "RECORD", "WHAT IF"});
        for (final Pair pair : Comparison.shown(comparison.otherwise()))
        {
            rows.add(new String[]{
                String.valueOf(pair.recorded().id),
                comparison.recorded().ownerName(pair.recorded().request.ownerId()),
                comparison.recorded().fate(pair.recorded()),
                comparison.ours().fate(pair.ours())});
        }
        lines.add("");
        lines.addAll(TextRows.align(rows));
        if (comparison.otherwise().size() > Comparison.shown(comparison.otherwise()).size())
        {
            lines.add("and more: " + comparison.otherwise().size() + " in all");
        }
    }

    /* Words. */

    private static String both(final String before, final String now)
    {
        return before.equals(now) ? before : before + " -> " + now;
    }

    private static String signed(final long number)
    {
        return 0 == number ? "" : String.format(Locale.ROOT, "%+d", number);
    }

    private static String percent(final double share)
    {
        return share < 0 ? "-" : String.format(Locale.ROOT, "%.1f %%", share * PERCENT);
    }

    private static String change(final long before, final long now)
    {
        if (before < 0 || now < 0 && before != 0 || before == now)
        {
            return "";
        }
        return (now < before ? "-" : "+") + duration(Math.abs(now - before));
    }

    /** To the second if it is longer than ten, otherwise to the millisecond. */
    static String duration(final long ns)
    {
        if (ns < 0)
        {
            return "-";
        }
        return Amounts.formatDuration(
            ns >= 10 * SECOND_NS ?
                (ns + SECOND_NS / 2) / SECOND_NS * SECOND_NS :
                (ns + MILLI_NS / 2) / MILLI_NS * MILLI_NS);
    }

    static String time(final long epochNs)
    {
        return Instant.ofEpochSecond(0, epochNs).truncatedTo(ChronoUnit.MILLIS).toString();
    }
}
