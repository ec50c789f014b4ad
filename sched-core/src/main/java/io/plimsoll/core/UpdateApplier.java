package io.plimsoll.core;

import io.plimsoll.core.sbe.MessageHeaderDecoder;
import io.plimsoll.core.sbe.SessionUpdatedDecoder;
import org.agrona.DirectBuffer;

/**
 * Applies changes of sessions. Priority and limit are part of what a session asks for, so it comes to have another
 * shape; its kernels keep that under which they were placed, which takes as much of their agents and counts for the
 * same account.
 */
final class UpdateApplier
{
    private final CoreState state;
    private final SessionTable sessions;
    private final ShapeTable shapes;
    private final SessionApplier arrays;
    private final KernelApplier kernels;
    private final Request request = new Request();
    private final SessionUpdatedDecoder updated = new SessionUpdatedDecoder();

    UpdateApplier(final CoreState state, final SessionApplier arrays, final KernelApplier kernels)
    {
        this.state = state;
        this.arrays = arrays;
        this.kernels = kernels;
        sessions = state.sessions;
        shapes = state.shapes;
    }

    void onUpdated(final DirectBuffer buffer, final int offset, final MessageHeaderDecoder header)
    {
        updated.wrapAndApplyHeader(buffer, offset, header);
        final int session = rowOf(updated.sessionId(), updated.elementCount());
        final int shape = sessions.get(sessions.shape, session);
        final long oldNs = sessions.get(sessions.walltimeNs, session);
        final long newNs = updated.walltimeNs();
        if (updated.priority() != shapes.get(shapes.priority, shape) || newNs != oldNs)
        {
            reshape(session, shape, updated.priority(), newNs);
        }
        if (newNs != oldNs)
        {
            kernels.onWalltime(session, oldNs);
        }
    }

    /** Row of a session, or one of exactly these elements of an array. */
    private int rowOf(final long id, final long count)
    {
        final int own = sessions.findOwn(id);
        if (Table.NONE != own)
        {
            return own;
        }
        int row = sessions.arrays.find(id);
        if (Table.NONE == row)
        {
            throw new IllegalStateException("unknown sessionId=" + id);
        }
        if (id > sessions.get(sessions.nextId, row))
        {
            arrays.cut(row, id);
            row = sessions.arrays.find(id);
        }
        if (id + count < sessions.get(sessions.endId, row))
        {
            arrays.cut(row, id + count);
        }
        return row;
    }

    private void reshape(final int session, final int shape, final int priority, final long walltimeNs)
    {
        // What was reserved was for its old place in the queue, and for as long as it might have run then.
        state.reservations.removeAll(session);
        state.schedule.beforeReshape(session);
        final int changed = changed(shape, priority, walltimeNs);
        shapes.addReference(changed);
        sessions.set(sessions.shape, session, changed);
        sessions.set(sessions.walltimeNs, session, walltimeNs);
        state.shadows.onReshaped(session);
        state.dropShape(shape);
        state.schedule.afterReshape(session);
    }

    /** Row of the shape that asks for the same, but for its priority and its limit. */
    private int changed(final int shape, final int priority, final long walltimeNs)
    {
        final int rest = shapes.nextPart(shape);
        final int nextPart = Table.NONE == rest ? 0 : changed(rest, priority, walltimeNs) + 1;
        request.clear();
        request.group = shapes.get(shapes.group, shape);
        request.priority = priority;
        request.kernels = shapes.get(shapes.kernels, shape);
        request.owner = shapes.get(shapes.owner, shape);
        request.system = 0 != shapes.get(shapes.system, shape);
        request.walltimeNs = walltimeNs;
        request.constraint = shapes.get(shapes.constraint, shape);
        request.amounts[SlotTable.CPU] = shapes.amount(shape, SlotTable.CPU);
        request.amounts[SlotTable.MEM] = shapes.amount(shape, SlotTable.MEM);
        for (int mask = shapes.get(shapes.furtherMask, shape); 0 != mask; mask &= mask - 1)
        {
            final int slot = Integer.numberOfTrailingZeros(mask);
            request.further(slot, shapes.amount(shape, slot));
        }
        request.nextPart = nextPart;
        return arrays.intern(request);
    }
}
