package io.plimsoll.manager.why;

import io.plimsoll.manager.view.ExplanationView;
import io.plimsoll.manager.why.WaitStory.Meanwhile;
import io.plimsoll.manager.why.WaitStory.Passage;
import io.plimsoll.manager.why.WaitStory.Placement;
import io.plimsoll.manager.why.WaitStory.Point;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToLongFunction;

/** Puts what was said of one wait into passages: as long as the same stands in the way, it is one. */
final class PassageBuilder
{
    private static final int EXAMPLES_MAX = 3;
    private static final int OWNERS_MAX = 5;
    /** Times are shown in microseconds. */
    private static final long SHOWN_MIN_NS = 1_000;

    /** One that is being made. */
    private static final class Open
    {
        private final Point from;
        private final String key;
        private final ExplanationView first;
        private final List<String> waitsFor;
        private final String summary;
        private final Map<String, Long> byOwner = new LinkedHashMap<>();
        private final List<Placement> examples = new ArrayList<>();
        private ExplanationView last;
        private Point to;
        private long lengthNs;
        private long passed;
        private long examined;
        private long sessions;
        private long kernels;
        private long later;

        private Open(
            final Point from,
            final String key,
            final ExplanationView first,
            final List<String> waitsFor,
            final String summary)
        {
            this.from = from;
            this.key = key;
            this.first = first;
            this.waitsFor = waitsFor;
            this.summary = summary;
            last = first;
        }

        private Passage close()
        {
            final Map<String, Long> most = new LinkedHashMap<>();
            byOwner.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                    .thenComparing(Map.Entry.comparingByKey()))
                .limit(OWNERS_MAX)
                .forEach(entry -> most.put(entry.getKey(), entry.getValue()));
            return new Passage(
                from, to, lengthNs, passed, examined, first, last, waitsFor, summary,
                new Meanwhile(sessions, kernels, later, most, List.copyOf(examples)));
        }
    }

    private final List<Open> passages = new ArrayList<>();
    /** Came before the first answer; cannot be, since a wait begins with one. */
    private Open current;

    /** Whether an answer says what the last one said, numbers aside. */
    boolean isSame(final ExplanationView view, final List<String> waitsFor)
    {
        return null != current && current.key.equals(key(view, waitsFor));
    }

    /** What the scheduler said, behind a record. */
    void add(
        final Point at, final ExplanationView view, final List<String> waitsFor, final String summary)
    {
        final String key = key(view, waitsFor);
        if (null == current || !current.key.equals(key))
        {
            final long heldNs = null == current ? 0 : heldUntilNs();
            // That a time comes is no record; what was held back until then is so no longer from then on.
            final Point from = 0 != heldNs && heldNs < at.timestampNs() ? new Point(at.sequence(), heldNs) : at;
            if (null != current)
            {
                current.to = from;
            }
            current = new Open(from, key, view, waitsFor, summary);
            passages.add(current);
        }
        current.last = view;
        current.examined++;
    }

    /** Until when the session may not start, as far as that is a matter of time; 0 if it may. */
    private long heldUntilNs()
    {
        return Math.max(current.last.answer().startsAtNs(), current.last.answer().notBeforeNs());
    }

    /** Whether something else than limits and room keeps it, so that nobody considers it. */
    boolean isHeldBack()
    {
        return null != current && (0 != heldUntilNs() || current.last.answer().unmetCount() > 0);
    }

    /** Whether the time has come that it was held back for. */
    boolean isTimeUp(final long nowNs)
    {
        return 0 != heldUntilNs() && heldUntilNs() <= nowNs;
    }

    /** The session was passed over once more, before it is known why. */
    void onPassedOver()
    {
        if (null != current)
        {
            current.passed++;
        }
    }

    /** Somebody else was placed. */
    void onPlaced(final boolean isFirstKernel, final boolean isLater, final String owner, final Placement placement)
    {
        if (null == current)
        {
            return;
        }
        current.kernels++;
        if (isFirstKernel)
        {
            current.sessions++;
            current.later += isLater ? 1 : 0;
            current.byOwner.merge(owner, 1L, Long::sum);
        }
        if (EXAMPLES_MAX == current.examples.size())
        {
            // The first ones and the last one.
            current.examples.remove(EXAMPLES_MAX - 1);
        }
        current.examples.add(placement);
    }

    /** What was said last, null if nothing was. */
    ExplanationView last()
    {
        return null == current ? null : current.last;
    }

    /** All of them, once the wait is over. */
    List<Passage> end(final Point at, final ToLongFunction<Point> time)
    {
        if (null != current)
        {
            current.to = at;
        }
        final List<Passage> closed = new ArrayList<>();
        for (final Open open : passages)
        {
            open.lengthNs = time.applyAsLong(open.to) - time.applyAsLong(open.from);
            closed.add(open.close());
        }
        return coalesced(closed);
    }

    /** What took no time goes to what came before it; what is then the same is one. */
    private static List<Passage> coalesced(final List<Passage> passages)
    {
        final List<Passage> kept = new ArrayList<>();
        for (final Passage passage : passages)
        {
            final Passage before = kept.isEmpty() ? null : kept.get(kept.size() - 1);
            if (null != before && (isMoment(passage) || isSame(before, passage)))
            {
                kept.set(kept.size() - 1, both(before, passage, !isMoment(passage)));
            }
            else
            {
                kept.add(passage);
            }
        }
        if (kept.size() > 1 && isMoment(kept.get(0)))
        {
            // It was so for the moment of its submission only.
            final Passage first = kept.remove(0);
            final Passage next = kept.get(0);
            kept.set(0, new Passage(
                first.from(), next.to(), next.lengthNs(), first.passed() + next.passed(),
                first.examined() + next.examined(), next.first(), next.last(), next.waitsFor(), next.summary(),
                next.meanwhile()));
        }
        return kept;
    }

    private static boolean isMoment(final Passage passage)
    {
        return passage.lengthNs() < SHOWN_MIN_NS;
    }

    private static boolean isSame(final Passage one, final Passage other)
    {
        return key(one.first(), one.waitsFor()).equals(key(other.first(), other.waitsFor()));
    }

    /** The same with one passage for each cause, the longest first. */
    static List<Passage> compact(final List<Passage> passages)
    {
        final Map<String, Passage> byKey = new LinkedHashMap<>();
        for (final Passage passage : passages)
        {
            byKey.merge(
                key(passage.first(), passage.waitsFor()), passage, (one, other) -> both(one, other, true));
        }
        return byKey.values().stream().sorted(Comparator.comparingLong(Passage::lengthNs).reversed()).toList();
    }

    private static Passage both(final Passage one, final Passage other, final boolean isLast)
    {
        final Meanwhile left = one.meanwhile();
        final Meanwhile right = other.meanwhile();
        final Map<String, Long> byOwner = new LinkedHashMap<>(left.byOwner());
        right.byOwner().forEach((owner, sessions) -> byOwner.merge(owner, sessions, Long::sum));
        return new Passage(
            one.from(),
            other.to(),
            one.lengthNs() + other.lengthNs(),
            one.passed() + other.passed(),
            one.examined() + other.examined(),
            one.first(),
            isLast ? other.last() : one.last(),
            one.waitsFor(),
            one.summary(),
            new Meanwhile(
                left.sessions() + right.sessions(),
                left.kernels() + right.kernels(),
                left.later() + right.later(),
                byOwner,
                left.examples().isEmpty() ? right.examples() : left.examples()));
    }

    /** What stands in the way, without how much of it. */
    private static String key(final ExplanationView view, final List<String> waitsFor)
    {
        final Set<String> limited = new TreeSet<>();
        for (final String limit : view.limits())
        {
            limited.add(limit.replaceAll(": (used|requested).*", ""));
        }
        final boolean decides = waitsFor.contains("resources");
        return waitsFor + " " + limited + " " +
            (decides ? new TreeSet<>(view.missing().keySet()) + " " + (view.answer().agents().places() > 0) : "");
    }
}
