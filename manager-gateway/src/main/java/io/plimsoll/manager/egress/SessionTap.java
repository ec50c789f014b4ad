package io.plimsoll.manager.egress;

import io.plimsoll.core.sbe.KernelAdvancedDecoder;
import io.plimsoll.core.sbe.KernelAssignedDecoder;
import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.Reason;
import io.plimsoll.core.sbe.SessionAdvancedDecoder;
import io.plimsoll.core.sbe.SessionQueuedDecoder;
import io.plimsoll.core.sbe.SubmissionAcceptedDecoder;
import io.plimsoll.manager.control.RequestOrigin;
import io.plimsoll.manager.view.LiveViewStore;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows what becomes of sessions to whoever follows their requests, and to the log {@value #LOG} at the level debug.
 * While nobody wants to know, an event costs a look at two fields. The thread of the records.
 */
public final class SessionTap implements RecordListener
{
    /** Name of the logger that has a line for every step of every session, with the id of its request. */
    public static final String LOG = "io.plimsoll.sessions";

    /** Sessions of one submission that are followed, the first ones. */
    static final int FOLLOWED_MAX = 64;

    private static final Logger LOGGER = LoggerFactory.getLogger(LOG);
    private static final int KERNEL_BITS = 10;
    private static final int KERNEL_MASK = (1 << KERNEL_BITS) - 1;

    private final RequestOrigins origins;
    private final LiveViewStore view;
    /** Of the submission that is being shown. */
    private final List<Step> queued = new ArrayList<>();
    private volatile Sink sink;

    /**
     * Of one manager.
     *
     * @param origins that must be shown each event before this.
     * @param view    that must be shown each event before this.
     */
    public SessionTap(final RequestOrigins origins, final LiveViewStore view)
    {
        this.origins = origins;
        this.view = view;
    }

    /** Whom to show what is followed; null: nobody. */
    public void sink(final Sink newSink)
    {
        sink = newSink;
    }

    @Override
    public void onSessionQueued(final SessionQueuedDecoder event, final ReleasedRecord record)
    {
        if (isWanted())
        {
            final long end = event.sessionId() + Math.min(FOLLOWED_MAX, event.elementCount());
            for (long id = event.sessionId(); id < end && (queued.size() < FOLLOWED_MAX || isLogged()); id++)
            {
                queued.add(new Step(
                    id, -1, LifeState.PENDING, Reason.NONE, 1, view.groups().name(event.groupId()),
                    record.timestampNs()));
            }
        }
    }

    /** Which request they came from is known from here on, and what they become comes later. */
    @Override
    public void onSubmissionAccepted(final SubmissionAcceptedDecoder event, final ReleasedRecord record)
    {
        if (!queued.isEmpty())
        {
            queued.forEach(this::show);
            queued.clear();
        }
    }

    @Override
    public void onSessionAdvanced(final SessionAdvancedDecoder event, final ReleasedRecord record)
    {
        if (isWanted())
        {
            show(new Step(
                event.sessionId(), -1, event.state(), event.reason(), event.attempt(), "", record.timestampNs()));
        }
    }

    @Override
    public void onKernelAssigned(final KernelAssignedDecoder event, final ReleasedRecord record)
    {
        if (isWanted())
        {
            show(new Step(
                event.kernelId() >> KERNEL_BITS, (int)event.kernelId() & KERNEL_MASK, LifeState.SCHEDULED, Reason.NONE,
                event.attempt(), view.agentName(event.agentId()), record.timestampNs()));
        }
    }

    @Override
    public void onKernelAdvanced(final KernelAdvancedDecoder event, final ReleasedRecord record)
    {
        if (isWanted())
        {
            show(new Step(
                event.kernelId() >> KERNEL_BITS, (int)event.kernelId() & KERNEL_MASK, event.state(), event.reason(),
                event.attempt(), view.agentName(event.agentId()), record.timestampNs()));
        }
    }

    private boolean isWanted()
    {
        return null != sink || isLogged();
    }

    private static boolean isLogged()
    {
        return LOGGER.isDebugEnabled();
    }

    private void show(final Step step)
    {
        final RequestOrigin origin = origins.find(step.sessionId());
        if (isLogged())
        {
            LOGGER.debug(
                "session {}{} is {} reason={} attempt={} {} requestId={}",
                step.sessionId(), step.kernel() < 0 ? "" : " kernel " + step.kernel(), step.state(), step.reason(),
                step.attempt(), step.place(), null == origin ? "" : origin.requestId());
        }
        final Sink current = sink;
        if (null != current && null != origin && !origin.traceparent().isEmpty() &&
            step.sessionId() - origins.firstOf(step.sessionId()) < FOLLOWED_MAX)
        {
            current.onStep(origin, step);
        }
    }

    /** Takes what is followed; on the thread of the records, which must not be kept waiting. */
    @FunctionalInterface
    public interface Sink
    {
        /**
         * Something became of a session that somebody follows.
         *
         * @param origin the request that it came from.
         * @param step   what became of it.
         */
        void onStep(RequestOrigin origin, Step step);
    }

    /**
     * What became of a session or of a kernel.
     *
     * @param sessionId of the session.
     * @param kernel    index of it; negative: the session as a whole.
     * @param state     that it is in.
     * @param reason    of that.
     * @param attempt   from 1.
     * @param place     name of the agent, or of the group of a session that begins to wait; may be empty.
     * @param atNs      epoch, as journalled.
     */
    public record Step(
        long sessionId, int kernel, LifeState state, Reason reason, int attempt, String place, long atNs)
    {
    }
}
