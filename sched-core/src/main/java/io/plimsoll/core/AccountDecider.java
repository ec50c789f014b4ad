package io.plimsoll.core;

import io.plimsoll.core.sbe.AccountLevel;
import io.plimsoll.core.sbe.ConfigureAccountDecoder;
import io.plimsoll.core.sbe.ConfigureMixDecoder;
import io.plimsoll.core.sbe.RejectCode;
import org.agrona.concurrent.UnsafeBuffer;

/** Decides commands about owners of sessions, and about the mix of requests of a group. */
final class AccountDecider
{
    private static final int NAME_LENGTH_MAX = 255;
    private static final int WEIGHT_MAX = 1_000_000;
    private static final int DEVICE_SHARE_MAX = 1000;

    private final CoreState state;
    private final ClusterEmitter emitter;
    private final Rejection rejection = new Rejection();
    final ConfigureAccountDecoder configureAccount = new ConfigureAccountDecoder();
    final ConfigureMixDecoder configureMix = new ConfigureMixDecoder();
    private final UnsafeBuffer text = new UnsafeBuffer(0, 0);
    /** Slots that limits name and nobody has offered yet. */
    private final AskedSlots newSlots;

    AccountDecider(final CoreState state, final ClusterEmitter emitter)
    {
        this.state = state;
        this.emitter = emitter;
        newSlots = new AskedSlots(state.slots);
    }

    void onConfigureAccount()
    {
        rejection.reset(configureAccount.correlationId(), configureAccount.source());
        newSlots.clear();
        if (checkNumbers() && checkParent() && checkProject() && checkLimits())
        {
            for (int i = 0; i < newSlots.count(); i++)
            {
                emitter.slotDefined(state.slots.count(), SlotTable.kindOf(newSlots.name(i)), newSlots.name(i));
            }
            configureAccount.sbeRewind();
            emitter.accountConfigured(configureAccount);
        }
    }

    private boolean checkNumbers()
    {
        return inRange("accountId", configureAccount.accountId(), 1, Integer.MAX_VALUE) &&
            inRange("level", configureAccount.levelRaw(), 0, AccountLevel.MEMBER.value()) &&
            inRange("weight", configureAccount.weight(), 1, WEIGHT_MAX) &&
            inRange("priorityMax", configureAccount.priorityMax(), 0, EntryLimits.PRIORITY_MAX);
    }

    /** An account above is known and of a higher level, so there is no circle. */
    private boolean checkParent()
    {
        final int parentId = configureAccount.parentId();
        if (0 == parentId)
        {
            return true;
        }
        final int parent = state.accounts.find(parentId);
        rejection.subject = parentId;
        if (Table.NONE == parent)
        {
            emitter.rejected(rejection.because(RejectCode.UNKNOWN_ACCOUNT, parentId, 0), "parentId");
            return false;
        }
        final int highest = configureAccount.levelRaw() - 1;
        return inRange("parentId", state.accounts.get(state.accounts.level, parent), 0, highest) && isAboveChildren();
    }

    /** Only members have one. */
    private boolean checkProject()
    {
        final int projectId = projectId();
        if (0 == projectId)
        {
            return true;
        }
        if (AccountLevel.MEMBER.value() != configureAccount.levelRaw())
        {
            return inRange("projectId", projectId, 0, 0);
        }
        final int project = state.accounts.find(projectId);
        rejection.subject = projectId;
        if (Table.NONE == project)
        {
            emitter.rejected(rejection.because(RejectCode.UNKNOWN_ACCOUNT, projectId, 0), "projectId");
            return false;
        }
        final int level = AccountLevel.PROJECT.value();
        return inRange("projectId", state.accounts.get(state.accounts.level, project), level, level);
    }

    /** A command of before there were members has none. */
    private int projectId()
    {
        final int projectId = configureAccount.projectId();
        return ConfigureAccountDecoder.projectIdNullValue() == projectId ? 0 : projectId;
    }

    /** An account that is known keeps its level: others may be under it. */
    private boolean isAboveChildren()
    {
        final int known = state.accounts.find(configureAccount.accountId());
        return Table.NONE == known ||
            inRange("level", configureAccount.levelRaw(), state.accounts.get(state.accounts.level, known),
                state.accounts.get(state.accounts.level, known));
    }

    private boolean checkLimits()
    {
        for (final ConfigureAccountDecoder.LimitsDecoder limit : configureAccount.limits())
        {
            final long amount = limit.amount();
            limit.wrapSlotName(text);
            if (!checkSlot(amount))
            {
                return false;
            }
        }
        for (final ConfigureAccountDecoder.PendingLimitsDecoder limit : configureAccount.pendingLimits())
        {
            final long amount = limit.amount();
            limit.wrapSlotName(text);
            if (!checkSlot(amount))
            {
                return false;
            }
        }
        configureAccount.wrapAccountName(text);
        return inRange("accountName", text.capacity(), 1, NAME_LENGTH_MAX);
    }

    /** A limit may name a slot that no agent has offered yet. */
    private boolean checkSlot(final long amount)
    {
        if (amount < 0 || amount > EntryLimits.AMOUNT_MAX || 0 == text.capacity() ||
            text.capacity() > NAME_LENGTH_MAX)
        {
            rejection.because(RejectCode.OUT_OF_RANGE, amount, amount < 0 ? 0 : EntryLimits.AMOUNT_MAX);
            emitter.rejected(rejection, text, 0, Math.min(text.capacity(), NAME_LENGTH_MAX));
            return false;
        }
        final boolean known = Table.NONE != state.slots.find(text, 0, text.capacity());
        if (!known && !AskedSlots.isName(text))
        {
            emitter.rejected(rejection.because(RejectCode.UNKNOWN_SLOT, amount, 0), text, 0, text.capacity());
            return false;
        }
        if (!known && Table.NONE == newSlots.number(text))
        {
            final long slots = state.slots.count() + newSlots.count() + 1L;
            rejection.because(RejectCode.TOO_MANY_SLOTS, slots, AskedSlots.SLOTS_MAX);
            emitter.rejected(rejection, text, 0, text.capacity());
            return false;
        }
        return true;
    }

    void onConfigureMix()
    {
        rejection.reset(configureMix.correlationId(), configureMix.source());
        for (final ConfigureMixDecoder.EntriesDecoder entry : configureMix.entries())
        {
            final boolean right = inRange("cpuMillis", entry.cpuMillis(), 0, EntryLimits.AMOUNT_MAX) &&
                inRange("deviceCount", entry.deviceCount(), 0, SlotTable.DEVICES_MAX) &&
                inRange("deviceShare", entry.deviceShare(), 0, DEVICE_SHARE_MAX) &&
                inRange("occurrences", entry.occurrences(), 1, EntryLimits.AMOUNT_MAX);
            if (!right)
            {
                return;
            }
            entry.skipModels();
        }
        configureMix.wrapGroupName(text);
        final int group = state.groups.find(text, 0, text.capacity());
        if (Table.NONE == group)
        {
            emitter.rejected(rejection.because(RejectCode.UNKNOWN_GROUP, 0, 0), text, 0, text.capacity());
            return;
        }
        configureMix.sbeRewind();
        emitter.mixConfigured(group, configureMix);
    }

    private boolean inRange(final String field, final long value, final long min, final long max)
    {
        if (value >= min && value <= max)
        {
            return true;
        }
        emitter.rejected(rejection.because(RejectCode.OUT_OF_RANGE, value, value < min ? min : max), field);
        return false;
    }
}
