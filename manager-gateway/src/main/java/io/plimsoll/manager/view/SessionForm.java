package io.plimsoll.manager.view;

import io.plimsoll.core.SessionPart;
import io.plimsoll.core.sbe.BooleanType;
import io.plimsoll.core.sbe.OnLoss;
import io.plimsoll.core.sbe.SessionQueuedDecoder;
import io.plimsoll.core.sbe.SessionType;
import io.plimsoll.manager.control.SessionTerms;
import io.plimsoll.manager.egress.ReleasedRecord;
import io.plimsoll.manager.egress.SpecStore;
import io.plimsoll.manager.egress.StoredSpec;

/**
 * What was asked for; shared by all elements of a job array for which it was not changed. Immutable: a change makes
 * another one.
 *
 * @param firstId      of the array, or of the session.
 * @param count        of elements, 1 for a session.
 * @param array        whether it is a job array.
 * @param name         for people.
 * @param ownerId      of the submitter.
 * @param groupId      number of the resource group.
 * @param type         of the session.
 * @param onLoss       what to do when the agent is lost.
 * @param priority     0 to 100.
 * @param kernels      of each session.
 * @param cpuMillis    of each kernel.
 * @param memoryBytes  of each kernel.
 * @param walltimeNs   0: no limit.
 * @param graceNs      between SIGTERM and SIGKILL.
 * @param slots        further slots of each kernel.
 * @param dependencies ids that must end with success first.
 * @param terms        the rest of what was asked for.
 * @param spec         what is launched.
 * @param submittedNs  epoch nanoseconds.
 * @param limitChanged whether the limit is, or was, another one than was asked for at first.
 */
public record SessionForm(
    long firstId,
    long count,
    boolean array,
    String name,
    int ownerId,
    int groupId,
    SessionType type,
    OnLoss onLoss,
    int priority,
    int kernels,
    long cpuMillis,
    long memoryBytes,
    long walltimeNs,
    long graceNs,
    SlotAmount[] slots,
    long[] dependencies,
    SessionTerms terms,
    StoredSpec spec,
    long submittedNs,
    boolean limitChanged)
{
    /** As the event says, which is read to its end; what the session launches is in the store. */
    static SessionForm of(
        final SessionQueuedDecoder event, final ReleasedRecord record, final SlotTable slotTable, final SpecStore specs)
    {
        final SlotAmount[] amounts = slotAmounts(event);
        final TermsReader read = TermsReader.read(event, slotTable);
        return new SessionForm(
            event.sessionId(),
            event.elementCount(),
            BooleanType.T == event.array(),
            record.submission().name(event.entryIndex()),
            event.ownerId(),
            event.groupId(),
            event.sessionType(),
            event.onLoss(),
            event.priority(),
            event.kernels() + read.terms().parts().stream().mapToInt(SessionPart::kernels).sum(),
            event.cpuMillis(),
            event.memoryBytes(),
            event.walltimeNs(),
            event.graceNs(),
            amounts,
            read.dependencies(),
            read.terms(),
            specs.spec(event.specId()),
            record.timestampNs(),
            false);
    }

    private static SlotAmount[] slotAmounts(final SessionQueuedDecoder event)
    {
        final SessionQueuedDecoder.SlotsDecoder group = event.slots();
        final int count = group.count();
        final SlotAmount[] amounts = 0 == count ? SlotAmount.NONE : new SlotAmount[count];
        for (int i = 0; i < count; i++)
        {
            group.next();
            amounts[i] = new SlotAmount(group.slotId(), group.amount(), 0);
        }
        return amounts;
    }

    /** The same with another priority and limit, and another name unless that is null. */
    SessionForm updated(final String newName, final int newPriority, final long newWalltimeNs)
    {
        return new SessionForm(
            firstId, count, array, null == newName ? name : newName, ownerId, groupId, type, onLoss, newPriority,
            kernels, cpuMillis, memoryBytes, newWalltimeNs, graceNs, slots, dependencies, terms, spec, submittedNs,
            limitChanged || newWalltimeNs != walltimeNs);
    }
}
