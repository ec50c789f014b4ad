package io.plimsoll.manager.http;

import io.plimsoll.core.Explanation;
import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.Reason;
import io.plimsoll.manager.view.ExplanationView;
import io.plimsoll.manager.view.KernelView;
import io.plimsoll.manager.view.SessionView;
import io.plimsoll.transport.Amounts;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** An explanation in words. */
public final class ExplanationText
{
    private static final int IDS_SHOWN_MAX = 10;

    private ExplanationText()
    {
    }

    /** What a session waits for, in the order in which it would be looked at; empty unless it waits. */
    public static List<String> waitsFor(final ExplanationView view)
    {
        return waitsFor(view.answer());
    }

    /** The same of an answer whose names nobody has to know. */
    public static List<String> waitsFor(final Explanation answer)
    {
        final List<String> causes = new ArrayList<>();
        final Explanation.Agents agents = answer.agents();
        if (null == agents)
        {
            return causes;
        }
        add(causes, answer.lostTail(), "lost-tail");
        add(causes, !answer.missingPolicy().isEmpty(), "policy");
        add(causes, answer.unmetCount() > 0, "dependencies");
        add(causes, 0 != answer.startsAtNs(), "start-time");
        add(causes, 0 != answer.notBeforeNs(), "back-off");
        add(causes, !answer.limits().isEmpty(), "quota");
        add(causes, 0 == agents.total(), "agents");
        add(causes, agents.total() > 0 && agents.places() < agents.kernels(), "resources");
        add(causes, causes.isEmpty(), "turn");
        return causes;
    }

    private static void add(final List<String> causes, final boolean applies, final String cause)
    {
        if (applies)
        {
            causes.add(cause);
        }
    }

    /** One sentence that says it all. */
    public static String summary(final ExplanationView view)
    {
        final LifeState state = LifeState.get((short)view.answer().state());
        if (null != view.answer().agents())
        {
            return pending(view);
        }
        return ApiNames.hasEnded(state) ? ended(view.session()) : started(view.session(), state);
    }

    private static String ended(final SessionView session)
    {
        final StringBuilder text = new StringBuilder("ended ").append(session.state().name());
        if (Reason.NONE != session.reason())
        {
            text.append(" (").append(ApiNames.reason(session.reason()));
            text.append(session.exitCode() > 0 ? ": " + session.exitCode() : "").append(')');
        }
        text.append(0 == session.endedNs() ? "" : " at " + JsonFields.time(session.endedNs()));
        for (final KernelView kernel : session.kernels())
        {
            if (!kernel.remark().isEmpty())
            {
                return text.append("; kernel ").append(kernel.index()).append(": ").append(kernel.remark()).toString();
            }
        }
        return text.toString();
    }

    private static String started(final SessionView session, final LifeState state)
    {
        final Set<String> names = new LinkedHashSet<>();
        session.kernels().forEach(kernel -> names.add(kernel.agent()));
        names.remove("");
        final String where = names.isEmpty() ? "" : " on " + shown(new ArrayList<>(names));
        final String since = 0 == session.startedNs() ? "" : " since " + JsonFields.time(session.startedNs());
        return switch (state)
        {
            case RUNNING -> "runs" + where + since;
            case TERMINATING -> "is being ended" + where + " (" + ApiNames.reason(session.reason()) + ")";
            default -> "is being started" + where + " (" + state.name() + ", attempt " + session.attempt() + ")";
        };
    }

    private static String shown(final List<String> words)
    {
        final List<String> some = words.subList(0, Math.min(IDS_SHOWN_MAX, words.size()));
        final int more = words.size() - some.size();
        return String.join(", ", some) + (more > 0 ? " and " + more + " more" : "");
    }

    private static String pending(final ExplanationView view)
    {
        final Explanation answer = view.answer();
        final List<String> parts = new ArrayList<>();
        if (answer.lostTail())
        {
            parts.add("nothing is placed until the loss of a part of the journal is accepted: " +
                "plimsoll recover --accept-loss");
        }
        if (!answer.missingPolicy().isEmpty())
        {
            parts.add("group " + view.group() + " selects by " + answer.missingPolicy() +
                ", which is not here: start the manager with its jar, or choose another: plimsoll group set " +
                view.group() + " select=NAME");
        }
        if (answer.unmetCount() > 0)
        {
            parts.add("waits for " + dependencies(answer));
        }
        if (0 != answer.startsAtNs())
        {
            parts.add("is not to start before " + JsonFields.time(answer.startsAtNs()));
        }
        if (0 != answer.notBeforeNs())
        {
            parts.add("pauses until " + JsonFields.time(answer.notBeforeNs()) + " after attempt " +
                view.session().attempt() + " failed (" + ApiNames.reason(view.session().reason()) + ")");
        }
        if (!view.limits().isEmpty())
        {
            parts.add("is over a limit: " + String.join("; ", view.limits()));
        }
        parts.add(room(view));
        if (answer.position() > 1)
        {
            parts.add("number " + answer.position() + (answer.positionExact() ? "" : " or later") + " in its group");
        }
        if (0 != answer.expectedNs() &&
            answer.expectedNs() != Math.max(answer.startsAtNs(), answer.notBeforeNs()))
        {
            parts.add((answer.reserved() ? "room is reserved for it at " : "may start at ") +
                JsonFields.time(answer.expectedNs()));
        }
        return String.join("; ", parts);
    }

    private static String dependencies(final Explanation answer)
    {
        final List<String> successes = new ArrayList<>();
        final List<String> ends = new ArrayList<>();
        for (final Explanation.Unmet unmet : answer.unmet())
        {
            (unmet.anyEnd() ? ends : successes).add(Long.toString(unmet.sessionId()));
        }
        final List<String> words = new ArrayList<>();
        addEnds(words, "the success of ", successes);
        addEnds(words, "the end of ", ends);
        final int more = answer.unmetCount() - answer.unmet().size();
        return String.join(" and ", words) + (more > 0 ? ", and " + more + " besides" : "");
    }

    private static void addEnds(final List<String> words, final String what, final List<String> ids)
    {
        if (!ids.isEmpty())
        {
            words.add(what + (1 == ids.size() ? "session " : "sessions ") + shown(ids));
        }
    }

    private static String room(final ExplanationView view)
    {
        final Explanation.Agents agents = view.answer().agents();
        if (0 == agents.total())
        {
            return "group " + view.group() + " has no agents";
        }
        if (agents.places() >= agents.kernels())
        {
            final boolean free = "turn".equals(waitsFor(view).get(0));
            final String others = view.answer().position() > 1 ? ", but others go first" : "";
            return free ? "there is room for it" + others : "there would be room for it";
        }
        final String rejected = counts(view.rejected());
        final String others = rejected.isEmpty() ? "" : " (agents that may not take it: " + rejected + ")";
        if (agents.places() > 0)
        {
            final String next = view.missing().isEmpty() ?
                ", and no agent may have another" : ", and the next needs " + more(view);
            return "there is room for " + agents.places() + " of its " + agents.kernels() + " kernels" +
                (agents.parts() > 1 ? ", not for all of part " + part(agents) : "") + next + others;
        }
        if (view.missing().isEmpty())
        {
            return (1 == agents.total() ? "the only agent of the group may not" :
                "none of the " + agents.total() + " agents may") + " take it: " + rejected;
        }
        return (agents.parts() > 1 ? "part " + part(agents) + " needs " : "needs ") + more(view) + others;
    }

    private static String more(final ExplanationView view)
    {
        final int agents = view.answer().agents().shortfall().agents();
        return amounts(view.missing()) + " more on " + (1 == agents ? "an agent" : "any of " + agents + " agents");
    }

    private static String part(final Explanation.Agents agents)
    {
        return agents.part() + 1 + " of " + agents.parts();
    }

    private static String counts(final Map<String, Integer> counts)
    {
        final List<String> words = new ArrayList<>();
        counts.forEach((name, count) -> words.add(count + " " + name));
        return String.join(", ", words);
    }

    private static String amounts(final Map<String, Long> amounts)
    {
        final List<String> words = new ArrayList<>();
        amounts.forEach((slot, amount) -> words.add(slot + " " + amount(slot, amount)));
        return String.join(" and ", words);
    }

    private static String amount(final String slot, final long amount)
    {
        return switch (slot)
        {
            case "cpu" -> Amounts.formatCpu(amount);
            case "mem" -> Amounts.humanBytes(amount);
            default -> Long.toString(amount);
        };
    }
}
