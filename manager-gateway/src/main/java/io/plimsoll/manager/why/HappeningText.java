package io.plimsoll.manager.why;

import io.plimsoll.core.sbe.ContinueDecoder;
import io.plimsoll.core.sbe.Liveness;
import io.plimsoll.core.sbe.Reason;
import io.plimsoll.core.sbe.SubmitSessionsDecoder;
import io.plimsoll.core.sbe.TimePassedDecoder;
import io.plimsoll.manager.http.ExplanationText;
import io.plimsoll.manager.replay.RecordKinds;
import io.plimsoll.manager.view.AgentView;
import io.plimsoll.manager.view.Assignment;
import io.plimsoll.manager.view.ExplanationView;
import io.plimsoll.manager.view.KernelView;
import io.plimsoll.manager.view.LiveViewStore;
import io.plimsoll.manager.view.SessionForm;
import io.plimsoll.manager.view.SessionView;
import io.plimsoll.manager.view.SlotAmount;
import io.plimsoll.manager.why.WaitStory.Placement;
import io.plimsoll.manager.why.WaitStory.Point;
import io.plimsoll.transport.Amounts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.agrona.collections.LongArrayList;

/** What happened in a record, with names, from the view behind it. */
final class HappeningText
{
    private static final int KERNEL_BITS = 10;
    private static final int KERNEL_MASK = (1 << KERNEL_BITS) - 1;
    private static final int TOLD_MAX = 5;

    private final SessionTracker tracker;
    private final LiveViewStore view;
    private final long sessionId;

    HappeningText(final SessionTracker tracker, final LiveViewStore view, final long sessionId)
    {
        this.tracker = tracker;
        this.view = view;
        this.sessionId = sessionId;
    }

    /** Tells a passage who else was placed. */
    void countPlaced(final Point at, final PassageBuilder passages)
    {
        final LongArrayList kernels = tracker.placedKernels();
        for (int i = 0; i < kernels.size(); i++)
        {
            final long kernelId = kernels.getLong(i);
            final long id = kernelId >> KERNEL_BITS;
            passages.onPlaced(
                0 == (kernelId & KERNEL_MASK), id > sessionId, owner(id), placement(at, kernelId));
        }
    }

    /** What the session itself got in the record. */
    List<Placement> placed(final Point at)
    {
        final List<Placement> placed = new ArrayList<>();
        final SessionView session = view.session(sessionId);
        for (final KernelView kernel : null == session ? List.<KernelView>of() : session.kernels())
        {
            final Assignment assignment = view.newestAssignment(kernel.kernelId());
            if (null != assignment && at.sequence() == assignment.sequence())
            {
                placed.add(placement(at, kernel.kernelId()));
            }
        }
        return placed;
    }

    private Placement placement(final Point at, final long kernelId)
    {
        final Assignment assignment = view.newestAssignment(kernelId);
        final Map<String, Long> slots = new LinkedHashMap<>();
        for (final SlotAmount slot : assignment.slots())
        {
            slots.put(view.slots().name(slot.slotId()), slot.amount());
        }
        final long id = kernelId >> KERNEL_BITS;
        return new Placement(
            at, id, owner(id), view.agentName(assignment.agentId()), assignment.cpuMillis(),
            assignment.memoryBytes(), slots);
    }

    private String owner(final long id)
    {
        final SessionForm form = view.form(id);
        return null == form ? "?" : view.ownerName(form.ownerId());
    }

    /**
     * What in the record ended the wait.
     *
     * @param last what was said of it before, null if nothing was.
     */
    List<String> freed(final ExplanationView last)
    {
        final List<String> told = new ArrayList<>();
        int untold = 0;
        for (final SessionTracker.Change change : tracker.changes())
        {
            final String text = text(change);
            if (told.size() < TOLD_MAX && !text.isEmpty() && !told.contains(text))
            {
                told.add(text);
            }
            else
            {
                untold += text.isEmpty() || told.contains(text) ? 0 : 1;
            }
        }
        if (untold > 0)
        {
            told.add("and " + untold + " more of the kind");
        }
        if (told.isEmpty())
        {
            told.add(ofCommand(last));
        }
        return told;
    }

    private String ofCommand(final ExplanationView last)
    {
        final List<String> waitedFor = null == last ? List.of() : ExplanationText.waitsFor(last);
        return switch (tracker.commandTemplateId())
        {
            case SubmitSessionsDecoder.TEMPLATE_ID -> "it was submitted, and nothing stood in the way";
            case ContinueDecoder.TEMPLATE_ID -> "the scheduler went on with what the record before had left to do";
            case TimePassedDecoder.TEMPLATE_ID -> waitedFor.contains("start-time") ? "its start time had come" :
                waitedFor.contains("back-off") ? "its pause after the failed attempt was over" :
                    "a time was reached that the scheduler had waited for";
            default -> waitedFor.contains("start-time") || waitedFor.contains("back-off") ?
                "the time had come before which it was not to start" :
                "the command " + RecordKinds.name(tracker.commandTemplateId()) + " made the scheduler look again";
        };
    }

    private String text(final SessionTracker.Change change)
    {
        return switch (change.kind())
        {
            case KERNEL_ENDED -> "session " + whose(change.id()) + " ended on " + view.agentName(change.agentId()) +
                how(change) + amounts(change.id());
            case KERNEL_RELEASED -> "what session " + whose(change.id()) + " had held on " +
                view.agentName(change.agentId()) + " is free" + amounts(change.id());
            case AGENT_ATTACHED -> "agent " + view.agentName(change.agentId()) + " connected";
            case AGENT_CHANGED -> agent(view.agent(change.agentId()));
            case LIMITS -> "limits of " + view.ownerName((int)change.id()) + " were set";
            case OPTIONS -> "options of group " + view.groups().name((int)change.id()) + " were set";
            case UPDATED -> "it was updated, and is of priority " + change.id() + " since";
            case DEPENDENCY -> "session " + change.id() + ", which it depended on, ended" + how(change);
        };
    }

    private String whose(final long kernelId)
    {
        final long id = kernelId >> KERNEL_BITS;
        return id + " of " + owner(id);
    }

    private static String how(final SessionTracker.Change change)
    {
        return Reason.NONE == change.reason() ? "" :
            " (" + change.reason().name().toLowerCase(Locale.ROOT).replace('_', '-') +
                (change.exitCode() > 0 ? ": " + change.exitCode() : "") + ")";
    }

    private String amounts(final long kernelId)
    {
        final Assignment assignment = view.newestAssignment(kernelId);
        if (null == assignment)
        {
            return "";
        }
        final StringBuilder text = new StringBuilder(", which freed cpu ")
            .append(Amounts.formatCpu(assignment.cpuMillis()))
            .append(" and mem ").append(Amounts.humanBytes(assignment.memoryBytes()));
        for (final SlotAmount slot : assignment.slots())
        {
            text.append(" and ").append(view.slots().name(slot.slotId())).append(' ').append(slot.amount());
        }
        return text.toString();
    }

    private static String agent(final AgentView agent)
    {
        final String name = "agent " + agent.name();
        if (Liveness.ALIVE != agent.liveness())
        {
            return name + " became " + agent.liveness().name().toLowerCase(Locale.ROOT);
        }
        if (!agent.connected())
        {
            return name + " was disconnected";
        }
        if (agent.drained() || agent.quarantined())
        {
            return name + (agent.drained() ? " was drained" : " was quarantined");
        }
        return agent.reconciled() ? name + " takes work" : name + " connected";
    }
}
