package io.plimsoll.core;

import io.plimsoll.core.policy.AgentView;
import io.plimsoll.core.policy.DeviceClass;

/**
 * What sessions ask for, kept once for all of an owner that ask for the same: group, priority, number of kernels, the
 * amounts of each kernel, walltime limit and constraints. Pending sessions queue by shape. A shape lives while a
 * session, a kernel or another shape refers to it.
 *
 * <p>Where not all kernels of a session ask for the same, its shape is that of its first part, and names the shape of
 * the rest, which is one like any other. Kernels refer to the shape of their own part.
 */
final class ShapeTable extends Table
{
    final IntColumn group = intColumn(1);
    final ByteColumn priority = byteColumn(2);
    /** Of this part. */
    final IntColumn kernels = intColumn(3);
    final IntColumn refs = intColumn(4);
    /** Row of the constraints; 0: none. */
    final IntColumn constraint = intColumn(5);
    /** Account that asks. */
    final IntColumn owner = intColumn(6);
    /** Limit of the run time; 0: none. */
    final LongColumn walltimeNs = longColumn(7);
    /** Whether its sessions are of type SYSTEM, which count by their number alone. */
    final ByteColumn system = byteColumn(8);
    /** Row of what the further kernels ask for, plus one; 0: there are none. */
    private final IntColumn nextPart = intColumn(9);
    private final LongColumn[] amounts = new LongColumn[SlotTable.SLOTS_MAX];
    private final LongColumn hash = longColumn(-1);
    /** Bit for each slot beyond mem with an amount above zero. */
    final IntColumn furtherMask = intColumn(-3);

    /* Caches of the pass: see Schedule. */
    final IntColumn queueHead = intColumn(0);
    final IntColumn queueTail = intColumn(0);
    final IntColumn queueHint = intColumn(0);
    /** Whether the queue of the group has it. */
    final ByteColumn status = byteColumn(0);
    final IntColumn treeLeaf = intColumn(0);
    /* See NeedTable. */
    final IntColumn needRow = intColumn(0);
    final IntColumn needPrevious = intColumn(0);
    final IntColumn needNext = intColumn(0);
    /* See ShapeHeap. */
    final LongColumn major = longColumn(0);
    final LongColumn minor = longColumn(0);
    final IntColumn heapChild = intColumn(0);
    final IntColumn heapPrevious = intColumn(0);
    final IntColumn heapNext = intColumn(0);
    final LongColumn satisfiableAt = longColumn(0);
    /** Row of the account that stands in the way, plus one: see {@link CappedShapes}. */
    final IntColumn cappedBy = intColumn(0);
    final IntColumn cappedPrevious = intColumn(0);
    final IntColumn cappedNext = intColumn(0);
    /** Number of the lane in the order of the group, plus one; 0: none yet. */
    final IntColumn lane = intColumn(0);
    /** Row of the account that asks, plus one; 0: it is not known. Derived. */
    private final IntColumn account = intColumn(-2);
    /** Of the first family of devices that is asked for: how many, at most so many as an agent may have. Derived. */
    final IntColumn deviceCount = intColumn(0);
    /** Thousandths of each of them. Derived. */
    final IntColumn deviceShare = intColumn(0);
    /** See {@link DeviceClass}. Derived. */
    final ByteColumn deviceClass = byteColumn(0);
    /** Of this part and all further ones. Derived. */
    final IntColumn kernelsInAll = intColumn(-4);
    /** Row of the part that fits nowhere, plus one; 0: the first. A cache of the pass. */
    private final IntColumn blockedPart = intColumn(0);
    /** Tells apart those that had the same row one after the other. A cache. */
    private final LongColumn serial = longColumn(0);
    private long serials;

    final NeedTable needs = new NeedTable(this);
    private final RowIndex index = new RowIndex();
    private final SlotTable slots;
    private final ConstraintTable constraints;

    ShapeTable(final SlotTable slots, final ConstraintTable constraints)
    {
        this.slots = slots;
        this.constraints = constraints;
        for (int slot = 0; slot < SlotTable.SLOTS_MAX; slot++)
        {
            if (slot < slots.count())
            {
                amounts[slot] = longColumn(16 + slot);
            }
        }
    }

    void onSlotDefined(final int slot)
    {
        amounts[slot] = longColumn(16 + slot);
    }

    /** Row of the account that asks, NONE if there is none of that number. */
    int account(final int shape)
    {
        return get(account, shape) - 1;
    }

    void account(final int shape, final int row)
    {
        set(account, shape, row + 1);
    }

    long amount(final int shape, final int slot)
    {
        return get(amounts[slot], shape);
    }

    /* Parts. */

    /** Whether not all kernels ask for the same. */
    boolean isParted(final int shape)
    {
        return 0 != get(nextPart, shape);
    }

    /** Row of what the further kernels ask for, NONE if there are none. */
    int nextPart(final int shape)
    {
        return get(nextPart, shape) - 1;
    }

    /** Row of the part of a number, the first being 0. */
    int partAt(final int shape, final int number)
    {
        int part = shape;
        for (int left = number; left > 0; left--)
        {
            part = nextPart(part);
        }
        return part;
    }

    /** Row of what the kernel of an index asks for. */
    int partOf(final int shape, final int kernelIndex)
    {
        int part = shape;
        if (isParted(shape))
        {
            int left = kernelIndex;
            while (left >= get(kernels, part))
            {
                left -= get(kernels, part);
                part = nextPart(part);
            }
        }
        return part;
    }

    /** Of a slot, by all kernels of all parts. */
    long total(final int shape, final int slot)
    {
        long sum = amount(shape, slot) * get(kernels, shape);
        for (int part = nextPart(shape); NONE != part; part = nextPart(part))
        {
            sum += amount(part, slot) * get(kernels, part);
        }
        return sum;
    }

    /** Bit for each slot beyond mem with an amount above zero in any part. */
    int furtherOfAll(final int shape)
    {
        int mask = get(furtherMask, shape);
        for (int part = nextPart(shape); NONE != part; part = nextPart(part))
        {
            mask |= get(furtherMask, part);
        }
        return mask;
    }

    /** Row of the part for which there is no room, as long as a shape is blocked. */
    int blockedPart(final int shape)
    {
        final int part = get(blockedPart, shape);
        return 0 == part ? shape : part - 1;
    }

    void blockedPart(final int shape, final int part)
    {
        set(blockedPart, shape, part == shape ? 0 : part + 1);
    }

    /** What an agent must have free of a slot, at least: of shares, so much on one device. */
    long need(final int shape, final int slot)
    {
        final long amount = get(amounts[slot], shape);
        return slots.isShare(slot) ? Shares.ofEach(amount) : amount;
    }

    private void setDevices(final int shape)
    {
        for (int mask = get(furtherMask, shape); 0 != mask; mask &= mask - 1)
        {
            final int slot = Integer.numberOfTrailingZeros(mask);
            final boolean share = slots.isShare(slot);
            if (share || slots.isDevice(slot))
            {
                final int whole = share ? slots.partner(slot) : slot;
                final boolean isWhole = 0 != (get(furtherMask, shape) & 1 << whole);
                final long count = isWhole ? amount(shape, whole) : Shares.devices(amount(shape, slot));
                set(deviceCount, shape, (int)Math.min(count, SlotTable.DEVICES_MAX));
                set(deviceShare, shape, isWhole ? AgentView.WHOLE : (int)need(shape, slot));
                break;
            }
        }
        set(deviceClass, shape, (byte)DeviceClass.of(get(deviceCount, shape), get(deviceShare, shape)));
    }

    int find(final Request request)
    {
        if (null != request.rest)
        {
            final int rest = find(request.rest);
            if (NONE == rest)
            {
                return NONE;
            }
            request.nextPart = rest + 1;
        }
        return find(request, request.hash());
    }

    private int find(final Request request, final long wanted)
    {
        for (int row = index.first(wanted); NONE != row; row = index.next())
        {
            if (wanted == get(hash, row) && matches(row, request))
            {
                return row;
            }
        }
        return NONE;
    }

    private boolean matches(final int row, final Request request)
    {
        if (get(group, row) != request.group ||
            get(priority, row) != request.priority ||
            get(kernels, row) != request.kernels ||
            get(furtherMask, row) != request.furtherMask ||
            get(constraint, row) != request.constraint ||
            get(owner, row) != request.owner ||
            (0 != get(system, row)) != request.system ||
            get(walltimeNs, row) != request.walltimeNs ||
            get(nextPart, row) != request.nextPart ||
            get(amounts[SlotTable.CPU], row) != request.amounts[SlotTable.CPU] ||
            get(amounts[SlotTable.MEM], row) != request.amounts[SlotTable.MEM])
        {
            return false;
        }
        for (int mask = request.furtherMask; 0 != mask; mask &= mask - 1)
        {
            final int slot = Integer.numberOfTrailingZeros(mask);
            if (get(amounts[slot], row) != request.amounts[slot])
            {
                return false;
            }
        }
        return true;
    }

    /** The row of an equal shape, or a new one; the rest is known by its row, and the caller adds a reference. */
    int intern(final Request request)
    {
        final long requestHash = request.hash();
        final int known = find(request, requestHash);
        if (NONE != known)
        {
            return known;
        }
        final int row = allocate();
        set(group, row, request.group);
        set(priority, row, (byte)request.priority);
        set(kernels, row, request.kernels);
        set(constraint, row, request.constraint);
        set(owner, row, request.owner);
        set(system, row, (byte)(request.system ? 1 : 0));
        set(walltimeNs, row, request.walltimeNs);
        set(hash, row, requestHash);
        for (int slot = 0; slot < slots.count(); slot++)
        {
            set(amounts[slot], row, request.amounts[slot]);
        }
        set(furtherMask, row, request.furtherMask);
        setDevices(row);
        set(nextPart, row, request.nextPart);
        set(kernelsInAll, row, request.kernels + (isParted(row) ? get(kernelsInAll, nextPart(row)) : 0));
        set(queueHead, row, NONE);
        set(queueTail, row, NONE);
        set(queueHint, row, NONE);
        set(treeLeaf, row, NONE);
        set(serial, row, ++serials);
        index.add(requestHash, row);
        needs.add(row);
        return row;
    }

    long serial(final int shape)
    {
        return get(serial, shape);
    }

    /** Whether a row is still that of the shape that had a serial. */
    boolean isStill(final int row, final long itsSerial)
    {
        return 0 != get(refs, row) && itsSerial == get(serial, row);
    }

    /** Of all that decides whether it fits, see {@link #isSameNeed}. */
    long needHash(final int shape)
    {
        final int constraintRow = get(constraint, shape);
        long needed = Hashing.chain(((long)get(group, shape) << 32) ^ constraintRow, get(kernels, shape));
        needed = constraints.isOfGroup(constraintRow) ? Hashing.chain(needed, get(owner, shape)) : needed;
        needed = Hashing.chain(Hashing.chain(needed, amount(shape, SlotTable.CPU)), amount(shape, SlotTable.MEM));
        for (int mask = get(furtherMask, shape); 0 != mask; mask &= mask - 1)
        {
            final int slot = Integer.numberOfTrailingZeros(mask);
            needed = Hashing.chain(needed + slot, amount(shape, slot));
        }
        return Hashing.mix(isParted(shape) ? Hashing.chain(needed, needHash(nextPart(shape))) : needed);
    }

    /** Whether two shapes fit in the same places. Groups of sessions are different ones for each owner. */
    boolean isSameNeed(final int left, final int right)
    {
        if (get(group, left) != get(group, right) ||
            get(kernels, left) != get(kernels, right) ||
            get(constraint, left) != get(constraint, right) ||
            get(furtherMask, left) != get(furtherMask, right) ||
            isParted(left) != isParted(right) ||
            get(owner, left) != get(owner, right) && constraints.isOfGroup(get(constraint, left)))
        {
            return false;
        }
        boolean same = !isParted(left) || isSameNeed(nextPart(left), nextPart(right));
        for (int slot = 0; slot < slots.count() && same; slot++)
        {
            same = amount(left, slot) == amount(right, slot);
        }
        return same;
    }

    void addReference(final int shape)
    {
        add(refs, shape, 1);
    }

    /** Returns whether that was the last one: the row is free then. */
    boolean dropReference(final int shape)
    {
        final int left = get(refs, shape) - 1;
        set(refs, shape, left);
        if (0 == left)
        {
            index.remove(get(hash, shape), shape);
            needs.remove(shape);
            release(shape);
        }
        return 0 == left;
    }

    void rebuildIndex()
    {
        index.clear();
        needs.clear();
        for (int row = 0; row < highWater(); row++)
        {
            if (isLive(row))
            {
                index.add(get(hash, row), row);
                needs.add(row);
            }
        }
    }

    long indexBytes()
    {
        return index.bytes() + needs.bytes() + needs.indexBytes();
    }

    @Override
    void transfer(final StateBlocks blocks, final int part)
    {
        super.transfer(blocks, part);
        for (int shape = 0; shape < highWater() && blocks.isReading(); shape++)
        {
            if (isLive(shape))
            {
                setDevices(shape);
            }
        }
    }
}
