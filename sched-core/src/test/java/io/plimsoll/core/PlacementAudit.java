package io.plimsoll.core;

import io.plimsoll.core.sbe.Backfill;
import io.plimsoll.core.sbe.KernelAssignedDecoder;
import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.MessageHeaderDecoder;
import io.plimsoll.core.sbe.SessionAdvancedDecoder;
import org.agrona.BitUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Follows a core by its events alone, and asks the exhaustive scan before each placement: the session and its agents
 * must be the ones that the scan finds in just that state. A comparison between commands would not do, for it only
 * sees what a pass has left.
 */
final class PlacementAudit
{
    private final CoreState state;
    private final EventApplier applier;
    private final ExhaustiveScan scan;
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final SessionAdvancedDecoder advanced = new SessionAdvancedDecoder();
    private final KernelAssignedDecoder assigned = new KernelAssignedDecoder();
    private int placements;

    PlacementAudit(final CoreOptions options)
    {
        state = new CoreState(options);
        state.schedule.invalidate();
        applier = new EventApplier(state);
        scan = new ExhaustiveScan(state);
    }

    /** The scan knows of no reservations. */
    private boolean isGreedy;

    int placements()
    {
        return placements;
    }

    void onRecord(final byte[] block, final long sequence, final long timestampNs)
    {
        state.sequence = sequence;
        state.timestampNs = timestampNs;
        final UnsafeBuffer buffer = new UnsafeBuffer(block);
        int position = 0;
        while (position < block.length)
        {
            final int offset = position + RecordFlyweight.EVENT_HEADER_LENGTH;
            check(buffer, offset);
            applier.apply(buffer, offset);
            position = offset + BitUtil.align(buffer.getInt(position), RecordFlyweight.ALIGNMENT);
        }
    }

    /** For whom others made room goes before all. */
    private boolean isClaimant(final long sessionId)
    {
        for (int agent = 1; agent < state.agents.highWater(); agent++)
        {
            if (sessionId == state.agents.claimedBy.get(agent))
            {
                return true;
            }
        }
        return false;
    }

    private void check(final UnsafeBuffer buffer, final int offset)
    {
        header.wrap(buffer, offset);
        if (SessionAdvancedDecoder.TEMPLATE_ID == header.templateId())
        {
            advanced.wrapAndApplyHeader(buffer, offset, header);
            if (LifeState.SCHEDULED == advanced.state())
            {
                final int session = state.sessions.find(advanced.sessionId());
                final int group = state.shapes.group.get(state.sessions.shape.get(session));
                final byte backfill = state.groups.backfill.get(group);
                final boolean isInTurn = !isClaimant(advanced.sessionId());
                isGreedy = isInTurn && Backfill.GREEDY.value() == backfill;
                AgreeingCores.checkSame(
                    true, scan.isWithinLimits(session), "sessionId=" + advanced.sessionId() + " is within limits");
                if (isGreedy)
                {
                    AgreeingCores.checkSame(
                        scan.next(group), session, "sessionId=" + advanced.sessionId() + " is not the next");
                }
                else if (isInTurn && Backfill.NONE.value() == backfill)
                {
                    AgreeingCores.checkSame(
                        scan.first(group), session, "sessionId=" + advanced.sessionId() + " overtook");
                }
                placements++;
            }
        }
        else if (isGreedy && KernelAssignedDecoder.TEMPLATE_ID == header.templateId())
        {
            assigned.wrapAndApplyHeader(buffer, offset, header);
            final int index = KernelTable.index(assigned.kernelId());
            if (ExhaustivePlacement.ANY != scan.chosen[index])
            {
                AgreeingCores.checkSame(
                    scan.chosen[index], assigned.agentId(), "agent of kernelId=" + assigned.kernelId());
            }
        }
    }
}
