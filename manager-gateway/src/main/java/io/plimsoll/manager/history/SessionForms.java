package io.plimsoll.manager.history;

import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.MessageHeaderDecoder;
import io.plimsoll.core.sbe.Reason;
import io.plimsoll.core.sbe.SessionQueuedDecoder;
import io.plimsoll.manager.view.KernelView;
import io.plimsoll.manager.view.SessionView;
import io.plimsoll.manager.view.SlotTable;
import io.plimsoll.manager.view.TermsReader;
import io.plimsoll.transport.LaunchSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;

/** Makes of rows what readers of the manager's memory get, too. Stateless. */
final class SessionForms
{
    private SessionForms()
    {
    }

    /** What stands behind the slots of an event; it is read from its start. */
    static TermsReader terms(final SessionQueuedDecoder event, final SlotTable slots)
    {
        event.sbeRewind();
        final SessionQueuedDecoder.SlotsDecoder group = event.slots();
        while (group.hasNext())
        {
            group.next();
        }
        return TermsReader.read(event, slots);
    }

    /**
     * A session as the API shows it.
     *
     * @param session as it is in the database.
     * @param kernels in their newest attempts.
     * @param spec    that was launched, null if it is not kept.
     * @param owner   name of its account.
     * @param slots   by number.
     */
    static SessionView view(
        final PastSession session,
        final List<PastKernel> kernels,
        final LaunchSpec spec,
        final String owner,
        final SlotTable slots)
    {
        final Asked asked = session.asked;
        final UnsafeBuffer bytes = new UnsafeBuffer(asked.event());
        final SessionQueuedDecoder event =
            new SessionQueuedDecoder().wrapAndApplyHeader(bytes, 0, new MessageHeaderDecoder());
        final Map<String, Long> amounts = new LinkedHashMap<>();
        for (final SessionQueuedDecoder.SlotsDecoder slot : event.slots())
        {
            amounts.put(slots.name(slot.slotId()), slot.amount());
        }
        final TermsReader terms = terms(event, slots);
        final List<Long> dependencies = new ArrayList<>();
        for (final long id : terms.dependencies())
        {
            dependencies.add(id);
        }
        return new SessionView(
            session.id,
            asked.name(),
            asked.ownerId(),
            owner,
            asked.group(),
            asked.type(),
            asked.priority(),
            session.state,
            session.result,
            session.reason,
            session.exitCode,
            session.attempt,
            asked.isArray() ? asked.firstId() : 0,
            asked.isArray() ? (int)(session.id - asked.firstId()) : -1,
            asked.submittedNs(),
            session.startedNs,
            session.endedNs,
            session.notBeforeNs,
            asked.onLoss(),
            asked.walltimeNs(),
            asked.cpuMillis(),
            asked.memoryBytes(),
            amounts,
            dependencies,
            terms.terms(),
            kernels(session, kernels),
            spec);
    }

    private static List<KernelView> kernels(final PastSession session, final List<PastKernel> kernels)
    {
        final KernelView[] views = new KernelView[session.asked.kernels()];
        for (final PastKernel kernel : kernels)
        {
            if (kernel.index < views.length)
            {
                views[kernel.index] = placed(kernel);
            }
        }
        for (int i = 0; i < views.length; i++)
        {
            views[i] = null != views[i] ? views[i] : new KernelView(
                kernelId(session.id, i), i, session.state, Reason.NONE, session.attempt, 0, "", "", "", -1, 0,
                session.endedNs, "");
        }
        return List.of(views);
    }

    private static KernelView placed(final PastKernel kernel)
    {
        return new KernelView(
            kernelId(kernel.sessionId, kernel.index),
            kernel.index,
            kernel.state,
            kernel.reason,
            kernel.attempt,
            kernel.agentId,
            kernel.agent,
            kernel.cpus,
            kernel.devices,
            kernel.exitCode,
            kernel.startedNs,
            kernel.endedNs,
            kernel.detail);
    }

    private static long kernelId(final long sessionId, final int index)
    {
        return sessionId << TouchedSessions.KERNEL_BITS | index;
    }

    /** Whether a session in this state may be one that memory has forgotten. */
    static boolean mayBePast(final LifeState state)
    {
        return PastSession.isTerminal(state);
    }
}
