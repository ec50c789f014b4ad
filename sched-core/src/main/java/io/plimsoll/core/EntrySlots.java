package io.plimsoll.core;

import io.plimsoll.core.sbe.RejectCode;
import io.plimsoll.core.sbe.SubmitSessionsDecoder.SessionsDecoder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Reads what the kernels of a session ask for beyond cpu and mem, and its further parts, whose kernels ask for
 * something else. Slots that no agent has offered are kept until the group is known, which says what that means.
 * Belongs to the deciding thread.
 */
final class EntrySlots
{
    /** A gang is assigned in one command, so its events must fit: see SchedulerCore. */
    private static final int GANG_EVENTS_MAX = 150 * 1024;

    private final SlotTable slots;
    private final EntryLimits limits;
    private final SubmissionRefusal refusal;
    private final AskedSlots asked;
    private final UnsafeBuffer text = new UnsafeBuffer(0, 0);
    private final PartsFlyweight parts = new PartsFlyweight();
    /** First slot of the present session that is not defined, with the amount; empty: all are. */
    private final UnsafeBuffer unknownSlot = new UnsafeBuffer(0, 0);
    private long unknownAmount;
    private boolean noRoom;

    EntrySlots(final SlotTable slots, final EntryLimits limits, final SubmissionRefusal refusal)
    {
        this.slots = slots;
        this.limits = limits;
        this.refusal = refusal;
        asked = new AskedSlots(slots);
    }

    /** Begins a submission. */
    void begin()
    {
        asked.clear();
    }

    /** Begins a session; one that was read before asks for nothing that is not defined. */
    void beginEntry()
    {
        unknownSlot.wrap(0, 0);
    }

    /** Slots of the sessions so far that are not defined. */
    AskedSlots asked()
    {
        return asked;
    }

    /** Whether all slots of the present session are defined. */
    boolean areDefined()
    {
        return 0 == unknownSlot.capacity();
    }

    /** Reads those of the kernels that come first. */
    boolean read(final SessionsDecoder session, final SubmissionEntry entry)
    {
        beginEntry();
        noRoom = false;
        for (final SessionsDecoder.SlotsDecoder wanted : session.slots())
        {
            final long amount = wanted.amount();
            wanted.wrapSlotName(text);
            if (!readSlot(entry.request, amount))
            {
                return false;
            }
        }
        entry.furtherSlots = Integer.bitCount(entry.request.furtherMask);
        final int kernelsMax = GANG_EVENTS_MAX / Emitter.assignedLength(entry.furtherSlots);
        return entry.request.kernels <= kernelsMax ||
            refusal.because(RejectCode.TOO_MANY_KERNELS, "kernels", entry.request.kernels, kernelsMax);
    }

    /** An amount of the slot whose name was just read. */
    private boolean readSlot(final Request request, final long amount)
    {
        final int defined = slots.find(text, 0, text.capacity());
        if (Table.NONE == defined && !AskedSlots.isName(text))
        {
            return refusal.because(RejectCode.UNKNOWN_SLOT, text, amount, 0);
        }
        final int slot = Table.NONE == defined ? unknown(amount) : defined;
        if (amount < 0 || amount > EntryLimits.AMOUNT_MAX || (Table.NONE != slot && isTaken(request, slot)))
        {
            return refusal.because(RejectCode.OUT_OF_RANGE, text, amount, EntryLimits.AMOUNT_MAX);
        }
        if (Table.NONE != slot)
        {
            request.further(slot, amount);
        }
        return true;
    }

    private static boolean isTaken(final Request request, final int slot)
    {
        return slot <= SlotTable.MEM || 0 != request.amounts[slot];
    }

    /** Takes note of a slot that is not defined; the group, which says what that means, comes later in the command. */
    private int unknown(final long amount)
    {
        if (areDefined())
        {
            unknownSlot.wrap(text);
            unknownAmount = amount;
        }
        final int slot = asked.number(text);
        noRoom |= Table.NONE == slot;
        return slot;
    }

    /**
     * Whether the present session may ask for slots that are not defined, if it does.
     *
     * @param takesAny whether an agent may come to its group that has any slot.
     */
    boolean mayBeAsked(final boolean takesAny)
    {
        if (!takesAny)
        {
            return refusal.because(RejectCode.UNKNOWN_SLOT, unknownSlot, unknownAmount, 0);
        }
        final long count = slots.count() + asked.count() + 1L;
        return !noRoom || refusal.because(RejectCode.OUT_OF_RANGE, "slots", count, AskedSlots.SLOTS_MAX);
    }

    /** Reads further kernels that ask for something else. Parts next to each other that ask for the same are one. */
    boolean readParts(final DirectBuffer written, final SubmissionEntry entry)
    {
        Request last = entry.request;
        int count = 1;
        parts.wrap(written);
        while (parts.hasNext())
        {
            if (count == PartsFit.PARTS_MAX || !parts.next())
            {
                return refusal.because(RejectCode.OUT_OF_RANGE, "parts", count + 1L, PartsFit.PARTS_MAX);
            }
            final Request part = last.addPart();
            if (!readPart(part))
            {
                return false;
            }
            if (part.asksAs(last))
            {
                last.kernels += part.kernels;
                last.dropPart();
            }
            else
            {
                last = part;
                count++;
            }
        }
        entry.partsLength = PartsFlyweight.writeQueued(entry.request, entry.parts);
        return checkParts(entry.request);
    }

    private boolean readPart(final Request part)
    {
        part.kernels = parts.kernels();
        part.amounts[SlotTable.CPU] = parts.cpuMillis();
        part.amounts[SlotTable.MEM] = parts.memoryBytes();
        if (!limits.holdPart(part))
        {
            return false;
        }
        for (int left = parts.slots(); left > 0; left--)
        {
            if (!parts.nextSlot(text))
            {
                return refusal.because(RejectCode.OUT_OF_RANGE, "parts");
            }
            if (!readSlot(part, parts.amount()))
            {
                return false;
            }
        }
        return true;
    }

    private boolean checkParts(final Request first)
    {
        int length = 0;
        int further = 0;
        for (Request part = first; null != part; part = part.rest)
        {
            final int count = Integer.bitCount(part.furtherMask);
            length += part.kernels * Emitter.assignedLength(count);
            further = Math.max(further, count);
        }
        final int kernels = first.kernelsInAll();
        final int kernelsMax = Math.min(KernelTable.KERNELS_MAX, GANG_EVENTS_MAX / Emitter.assignedLength(further));
        return kernels <= KernelTable.KERNELS_MAX && length <= GANG_EVENTS_MAX ||
            refusal.because(RejectCode.TOO_MANY_KERNELS, "kernels", kernels, kernelsMax);
    }
}
