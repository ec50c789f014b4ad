package io.plimsoll.ops.cli;

import io.plimsoll.core.Explanation;
import io.plimsoll.core.sbe.Reason;
import io.plimsoll.manager.replay.ReplayedCluster;
import io.plimsoll.manager.view.ExplanationView;
import io.plimsoll.manager.view.SessionView;
import io.plimsoll.manager.why.WaitStory;
import io.plimsoll.manager.why.WaitStory.Meanwhile;
import io.plimsoll.manager.why.WaitStory.Passage;
import io.plimsoll.manager.why.WaitStory.Placement;
import io.plimsoll.manager.why.WaitStory.Point;
import io.plimsoll.manager.why.WaitStory.Step;
import io.plimsoll.manager.why.WaitStory.Wait;
import io.plimsoll.transport.Amounts;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The story of a session, for people and for programs. */
final class StoryText
{
    private static final long NS_PER_MS = 1_000_000L;

    private final WaitStory story;

    StoryText(final WaitStory story)
    {
        this.story = story;
    }

    /* For people. */

    List<String> lines()
    {
        final List<String> lines = new ArrayList<>();
        final SessionView session = story.session();
        lines.add("session " + session.id() + (session.name().isEmpty() ? "" : " (" + session.name() + ")") + " of " +
            session.owner() + " in group " + session.group() + ": submitted " + time(session.submittedNs()) + ", " +
            session.state() + reason(session.reason(), session.exitCode()));
        if (null != story.from())
        {
            lines.add("the beginning of its story is no longer kept: this one starts with sequence " +
                story.from().sequence() + ", " + time(story.from().timestampNs()));
        }
        for (int i = 0; i < story.waits().size(); i++)
        {
            wait(lines, story.waits().get(i), i + 1);
        }
        lines.add("");
        lines.add("its states");
        for (final Step step : story.life())
        {
            lines.add("  " + time(step.at().timestampNs()) + "  seq " + step.at().sequence() + "  " + step.state() +
                (step.attempt() > 1 ? ", attempt " + step.attempt() : "") + reason(step.reason(), step.exitCode()));
        }
        if (story.passed() + story.waits().size() > story.examined())
        {
            lines.add("");
            lines.add("the scheduler was asked after " + story.examined() + " of the " +
                (story.passed() + story.waits().size()) + " records that count; between them, what it said last is" +
                " taken to hold");
        }
        return lines;
    }

    private void wait(final List<String> lines, final Wait wait, final int number)
    {
        final boolean isOver = null != wait.to();
        final long lengthNs = (isOver ? wait.to() : story.to()).timestampNs() - wait.from().timestampNs();
        lines.add("");
        lines.add("wait " + number + ": " + time(wait.from().timestampNs()) + " to " +
            (isOver ? time(wait.to().timestampNs()) : "the end of the journal") + ", " + duration(lengthNs) +
            (0 == wait.passed() ? "" : ", passed over " + times(wait.passed())));
        if (wait.compact())
        {
            lines.add("  causes took turns; those of one kind stand together, the longest first");
        }
        for (final Passage passage : wait.passages())
        {
            passage(lines, passage, wait.compact());
        }
        for (int i = 0; i < wait.freed().size(); i++)
        {
            lines.add((0 == i ? "  what ended the wait, at sequence " + wait.to().sequence() + ": " : "    ") +
                wait.freed().get(i));
        }
        for (final Placement placement : wait.placed())
        {
            lines.add("  it got " + amounts(placement) + " on " + placement.agent());
        }
    }

    private static void passage(final List<String> lines, final Passage passage, final boolean compact)
    {
        final String span = compact ? duration(passage.lengthNs()) + " in all" :
            time(passage.from().timestampNs()) + " to " + time(passage.to().timestampNs()) + ", " +
                duration(passage.lengthNs());
        lines.add("  " + span + (0 == passage.passed() ? ": " : ", passed over " + times(passage.passed()) +
            ", because it ") + because(passage));
        final String last = numbers(passage.last());
        if (!last.isEmpty() && !last.equals(numbers(passage.first())))
        {
            lines.add("    at first " + numbers(passage.first()) + "; in the end " + last);
        }
        final Meanwhile meanwhile = passage.meanwhile();
        if (meanwhile.sessions() > 0)
        {
            final List<String> owners = new ArrayList<>();
            meanwhile.byOwner().forEach((owner, sessions) -> owners.add(owner + " " + sessions));
            lines.add("    placed in its group meanwhile: " + count(meanwhile.sessions(), "session") + ", " +
                meanwhile.later() + " of them submitted later (" + String.join(", ", owners) + ")");
            for (final Placement example : meanwhile.examples())
            {
                lines.add("      such as session " + example.sessionId() + " of " + example.owner() + " with " +
                    amounts(example) + " on " + example.agent() + " at " + time(example.at().timestampNs()));
            }
        }
    }

    /** Sentences of explain have the session as their subject, except where they speak of room. */
    private static String because(final Passage passage)
    {
        final String summary = passage.summary();
        return summary.startsWith("there ") || summary.startsWith("group ") || summary.startsWith("none ") ||
            summary.startsWith("the ") || summary.startsWith("part ") || summary.startsWith("nothing ") ?
            "waits: " + summary : summary;
    }

    /** What changes while the same stands in the way. */
    private static String numbers(final ExplanationView view)
    {
        if (!view.limits().isEmpty())
        {
            return String.join("; ", view.limits());
        }
        final Explanation.Agents agents = view.answer().agents();
        final List<String> out = new ArrayList<>();
        view.rejected().forEach((why, count) -> out.add(count + " " + why));
        view.lacking().forEach((slot, count) -> out.add(count + " lack " + slot));
        return "of " + agents.total() + " agents " + (out.isEmpty() ? "none is out" : String.join(", ", out)) +
            ", room for " + agents.places() + " of " + agents.kernels();
    }

    private static String amounts(final Placement placement)
    {
        final StringBuilder text = new StringBuilder("cpu ").append(Amounts.formatCpu(placement.cpuMillis()))
            .append(" mem ").append(Amounts.humanBytes(placement.memoryBytes()));
        placement.slots().forEach((slot, amount) -> text.append(' ').append(slot).append(' ').append(amount));
        return text.toString();
    }

    private static String count(final long count, final String what)
    {
        return count + " " + what + (1 == count ? "" : "s");
    }

    private static String times(final long count)
    {
        return 1 == count ? "once" : count + " times";
    }

    private static String reason(final Reason reason, final int exitCode)
    {
        return Reason.NONE == reason ? "" : " (" + kebab(reason) + (exitCode > 0 ? ": " + exitCode : "") + ")";
    }

    private static String kebab(final Enum<?> value)
    {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static String time(final long epochNs)
    {
        return ReplayedCluster.time(epochNs);
    }

    private static String duration(final long ns)
    {
        return Sessions.duration(ns / NS_PER_MS);
    }

    /* For programs. */

    JsonValue json()
    {
        final SessionView session = story.session();
        final Map<String, Object> root = new LinkedHashMap<>();
        root.put("id", session.id());
        root.put("name", session.name());
        root.put("owner", session.owner());
        root.put("group", session.group());
        root.put("state", session.state().name());
        root.put("reason", kebab(session.reason()));
        root.put("submittedAt", time(session.submittedNs()));
        root.put("waitSeconds", seconds(story.waits().stream().mapToLong(this::lengthNs).sum()));
        root.put("passedOver", story.passed());
        root.put("examined", story.examined());
        root.put("from", null == story.from() ? null : story.from().sequence());
        root.put("to", point(story.to()));
        final List<Object> waits = new ArrayList<>();
        story.waits().forEach(wait -> waits.add(json(wait)));
        root.put("waits", waits);
        final List<Object> states = new ArrayList<>();
        for (final Step step : story.life())
        {
            final Map<String, Object> state = point(step.at());
            state.put("state", step.state().name());
            state.put("reason", kebab(step.reason()));
            state.put("attempt", step.attempt());
            state.put("exitCode", step.exitCode() < 0 ? null : step.exitCode());
            states.add(state);
        }
        root.put("states", states);
        return JsonValue.of(root);
    }

    private long lengthNs(final Wait wait)
    {
        return (null == wait.to() ? story.to() : wait.to()).timestampNs() - wait.from().timestampNs();
    }

    private Map<String, Object> json(final Wait wait)
    {
        final Map<String, Object> json = new LinkedHashMap<>();
        json.put("from", point(wait.from()));
        json.put("to", null == wait.to() ? null : point(wait.to()));
        json.put("seconds", seconds(lengthNs(wait)));
        json.put("passedOver", wait.passed());
        json.put("compact", wait.compact());
        final List<Object> passages = new ArrayList<>();
        wait.passages().forEach(passage -> passages.add(json(passage)));
        json.put("passages", passages);
        json.put("freed", wait.freed());
        json.put("placed", placements(wait.placed()));
        return json;
    }

    private static Map<String, Object> json(final Passage passage)
    {
        final Map<String, Object> json = new LinkedHashMap<>();
        json.put("from", point(passage.from()));
        json.put("to", point(passage.to()));
        json.put("seconds", seconds(passage.lengthNs()));
        json.put("passedOver", passage.passed());
        json.put("examined", passage.examined());
        json.put("waitsFor", passage.waitsFor());
        json.put("summary", passage.summary());
        json.put("first", json(passage.first()));
        json.put("last", json(passage.last()));
        final Meanwhile meanwhile = passage.meanwhile();
        final Map<String, Object> placed = new LinkedHashMap<>();
        placed.put("sessions", meanwhile.sessions());
        placed.put("kernels", meanwhile.kernels());
        placed.put("submittedLater", meanwhile.later());
        placed.put("byOwner", meanwhile.byOwner());
        placed.put("examples", placements(meanwhile.examples()));
        json.put("placedMeanwhile", placed);
        return json;
    }

    private static Map<String, Object> json(final ExplanationView view)
    {
        final Explanation answer = view.answer();
        final Map<String, Object> json = new LinkedHashMap<>();
        json.put("sequence", answer.sequence());
        json.put("position", 0 == answer.position() ? null : answer.position());
        json.put("waiting", answer.waiting());
        json.put("dependencies", answer.unmet().stream().map(Explanation.Unmet::sessionId).toList());
        json.put("limits", view.limits());
        json.put("agents", answer.agents().total());
        json.put("rejected", view.rejected());
        json.put("lacking", view.lacking());
        json.put("missing", slots(view.missing()));
        json.put("places", answer.agents().places());
        json.put("kernels", answer.agents().kernels());
        return json;
    }

    private static List<Object> placements(final List<Placement> placements)
    {
        final List<Object> list = new ArrayList<>();
        for (final Placement placement : placements)
        {
            final Map<String, Object> json = point(placement.at());
            json.put("session", placement.sessionId());
            json.put("owner", placement.owner());
            json.put("agent", placement.agent());
            final Map<String, Long> amounts = new LinkedHashMap<>();
            amounts.put("cpu", placement.cpuMillis());
            amounts.put("mem", placement.memoryBytes());
            amounts.putAll(placement.slots());
            json.put("slots", slots(amounts));
            list.add(json);
        }
        return list;
    }

    /** Cores are told as such, as everywhere in the API. */
    private static Map<String, Object> slots(final Map<String, Long> amounts)
    {
        final Map<String, Object> slots = new LinkedHashMap<>();
        amounts.forEach((slot, amount) ->
            slots.put(slot, "cpu".equals(slot) ? new BigDecimal(Amounts.formatCpu(amount)) : amount));
        return slots;
    }

    private static Map<String, Object> point(final Point point)
    {
        final Map<String, Object> json = new LinkedHashMap<>();
        json.put("sequence", point.sequence());
        json.put("at", time(point.timestampNs()));
        return json;
    }

    private static BigDecimal seconds(final long ns)
    {
        return BigDecimal.valueOf(ns / NS_PER_MS, 3);
    }
}
