package io.plimsoll.core;

import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * All limits that stand in the way of one session, at all levels: gathered by {@link Quotas} and {@link Admission}, for
 * an answer that names them all. A flyweight of the deciding thread.
 */
final class LimitReport
{
    /** What is limited. */
    enum Kind
    {
        SLOT(""),
        PENDING_SLOT("pending "),
        SESSIONS("sessions"),
        SYSTEM_SESSIONS("system sessions"),
        PENDING_SESSIONS("pending sessions"),
        KERNELS("kernels"),
        PRIORITY("priority"),
        TYPE("type");

        final String text;

        Kind(final String text)
        {
            this.text = text;
        }
    }

    private static final String[] LEVELS = {"domain ", "project ", "user ", "keypair ", "member "};
    private static final String[] TYPES = {"batch", "interactive", "inference", "system"};
    private static final int CPU_UNIT = 1000;
    private static final int ENTRIES_MAX = LEVELS.length * (2 * SlotTable.SLOTS_MAX + Kind.values().length) + 2;

    private final CoreState state;
    private final Kind[] kinds = new Kind[ENTRIES_MAX];
    private final int[] accounts = new int[ENTRIES_MAX];
    private final int[] slots = new int[ENTRIES_MAX];
    private final long[] used = new long[ENTRIES_MAX];
    private final long[] requested = new long[ENTRIES_MAX];
    private final long[] limits = new long[ENTRIES_MAX];
    private final ExpandableArrayBuffer text = new ExpandableArrayBuffer();
    private int group;
    private int count;
    private int length;

    LimitReport(final CoreState state)
    {
        this.state = state;
    }

    /** For a session of a group. */
    void clear(final int groupId)
    {
        group = groupId;
        count = 0;
    }

    /** Takes note of a limit; the account is NONE if it is that of the group. */
    void add(
        final Kind kind, final int account, final int slot, final long usedNow, final long asked, final long limit)
    {
        kinds[count] = kind;
        accounts[count] = account;
        slots[count] = slot;
        used[count] = usedNow;
        requested[count] = asked;
        limits[count] = limit;
        count++;
    }

    int count()
    {
        return count;
    }

    Kind kind(final int entry)
    {
        return kinds[entry];
    }

    /** Row of the account whose limit it is; NONE for the group. */
    int account(final int entry)
    {
        return accounts[entry];
    }

    int slot(final int entry)
    {
        return slots[entry];
    }

    long used(final int entry)
    {
        return used[entry];
    }

    long requested(final int entry)
    {
        return requested[entry];
    }

    long limit(final int entry)
    {
        return limits[entry];
    }

    boolean has(final Kind kind)
    {
        for (int entry = 0; entry < count; entry++)
        {
            if (kind == kinds[entry])
            {
                return true;
            }
        }
        return false;
    }

    /** Name by which a client knows what the first entry limits. */
    String field()
    {
        return switch (kinds[0])
        {
            case KERNELS -> "kernels";
            case PRIORITY -> "priority";
            case TYPE -> "type";
            case PENDING_SESSIONS -> "count";
            default -> "";
        };
    }

    /* As text. */

    DirectBuffer text()
    {
        return text;
    }

    /** Writes all entries, separated by semicolons; returns how many bytes of {@link #text()} that took. */
    int render()
    {
        length = 0;
        for (int entry = 0; entry < count; entry++)
        {
            if (entry > 0)
            {
                put("; ");
            }
            putOwner(accounts[entry]);
            putEntry(entry);
        }
        return length;
    }

    private void putOwner(final int account)
    {
        if (Table.NONE == account)
        {
            put("group ");
            putName(state.groups.get(state.groups.name, group));
        }
        else
        {
            put(LEVELS[state.accounts.get(state.accounts.level, account)]);
            putName(state.accounts.get(state.accounts.name, account));
        }
        put(": ");
    }

    private void putEntry(final int entry)
    {
        final Kind kind = kinds[entry];
        put(kind.text);
        if (Kind.SLOT == kind || Kind.PENDING_SLOT == kind)
        {
            putName(state.slots.get(state.slots.name, slots[entry]));
        }
        put(": ");
        if (Kind.TYPE == kind)
        {
            put(TYPES[(int)requested[entry]]);
            put(" is not allowed");
            return;
        }
        if (Kind.KERNELS != kind && Kind.PRIORITY != kind)
        {
            put("used ");
            putAmount(entry, used[entry]);
            put(" + ");
        }
        put("requested ");
        putAmount(entry, requested[entry]);
        put(" > limit ");
        putAmount(entry, limits[entry]);
        put(" (over by ");
        putAmount(entry, used[entry] + requested[entry] - limits[entry]);
        put(")");
    }

    /** Cores and shares of devices are kept as thousandths and shown as what they are. */
    private void putAmount(final int entry, final long amount)
    {
        final boolean isSlot = Kind.SLOT == kinds[entry] || Kind.PENDING_SLOT == kinds[entry];
        final boolean thousandths =
            isSlot && (SlotTable.CPU == slots[entry] || state.slots.isShare(slots[entry]));
        if (!thousandths)
        {
            length += text.putLongAscii(length, amount);
            return;
        }
        length += text.putLongAscii(length, amount / CPU_UNIT);
        int rest = (int)(amount % CPU_UNIT);
        if (0 != rest)
        {
            put(".");
            for (int unit = CPU_UNIT / 10; rest > 0; unit /= 10)
            {
                length += text.putIntAscii(length, rest / unit);
                rest %= unit;
            }
        }
    }

    private void put(final String ascii)
    {
        length += text.putStringWithoutLengthAscii(length, ascii);
    }

    private void putName(final int name)
    {
        final MutableDirectBuffer target = text;
        target.putBytes(length, state.names.buffer(), state.names.offset(name), state.names.length(name));
        length += state.names.length(name);
    }
}
