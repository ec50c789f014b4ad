package io.plimsoll.manager.control;

import io.plimsoll.core.sbe.Backfill;
import io.plimsoll.core.sbe.BooleanType;
import io.plimsoll.core.sbe.ConfigureGroupEncoder;
import io.plimsoll.core.sbe.GroupConfiguredDecoder;
import io.plimsoll.core.sbe.MessageHeaderEncoder;
import io.plimsoll.core.sbe.OrderPolicy;
import io.plimsoll.core.sbe.PreemptionMode;
import io.plimsoll.core.sbe.SelectPolicy;
import io.plimsoll.core.sbe.VictimScope;
import java.util.Arrays;
import org.agrona.MutableDirectBuffer;

/** All options of a resource group; immutable. */
public final class GroupOptions
{
    /** What a group has that was told nothing. */
    public static final GroupOptions DEFAULTS = defaults();

    /** Bytes that the command needs at most. */
    public static final int COMMAND_LENGTH_MAX = 1024;

    /** Longest name of a group or of a policy, in bytes. */
    public static final int NAME_LENGTH_MAX = 64;

    private final long[] values;
    /** Slots that are compared before others. */
    private static final String SLOTS_FIRST = "(concentrated|dispersed)(:[a-z0-9][a-z0-9._-]{0,63}){1,8}";

    private final String selectionName;

    private GroupOptions(final long[] values, final String selectionName)
    {
        this.values = values;
        this.selectionName = selectionName;
    }

    private static GroupOptions defaults()
    {
        final GroupOption[] options = GroupOption.values();
        final long[] values = new long[options.length];
        for (final GroupOption option : options)
        {
            values[option.ordinal()] = option.preset();
        }
        return new GroupOptions(values, "");
    }

    /** As the core has them. */
    public static GroupOptions of(final GroupConfiguredDecoder event)
    {
        final GroupOptions options = new GroupOptions(new long[GroupOption.values().length], "")
            .set(GroupOption.ORDER, event.orderRaw())
            .set(GroupOption.SELECT, event.selectionRaw())
            .set(GroupOption.SELECTION_SEED, event.selectionSeed())
            .set(GroupOption.BACKFILL, event.backfillRaw())
            .set(GroupOption.DELAY_MAX, event.delayMaxNs())
            .set(GroupOption.AGEING, event.ageingNs())
            .set(GroupOption.USAGE_HALF_LIFE, event.usageHalfLifeNs())
            .set(GroupOption.PREEMPTION_MODE, event.preemptionRaw())
            .set(GroupOption.PREEMPTION_SCOPE, event.victimScopeRaw())
            .set(GroupOption.PREEMPTION_MIN_RUNTIME, event.preemptionMinRuntimeNs())
            .set(GroupOption.QUARANTINE_AFTER, event.quarantineAfter())
            .set(GroupOption.QUARANTINE_DURATION, event.quarantineNs())
            .set(GroupOption.ALLOWED_TYPES, event.allowedTypes())
            .set(GroupOption.KERNELS_MAX, event.kernelsMax())
            .set(GroupOption.PENDING_MAX, event.pendingMax())
            .set(GroupOption.ACCEPT_UNSATISFIABLE, BooleanType.T == event.acceptUnsatisfiable() ? 1 : 0)
            .set(GroupOption.ATTEMPTS_MAX, event.attemptsMax())
            .set(GroupOption.DECISIONS_MAX, event.decisionsPerCommandMax())
            .set(GroupOption.RETRY_BACKOFF, event.retryBackoffNs())
            .set(GroupOption.PENDING_TIMEOUT, event.pendingTimeoutNs())
            .set(GroupOption.SCHEDULED_TIMEOUT, event.scheduledTimeoutNs())
            .set(GroupOption.PULL_PROGRESS_TIMEOUT, event.pullProgressTimeoutNs())
            .set(GroupOption.PULL_TIMEOUT, event.pullTimeoutNs())
            .set(GroupOption.PREPARE_TIMEOUT, event.prepareTimeoutNs())
            .set(GroupOption.KILL_TIMEOUT, event.killTimeoutNs())
            .set(GroupOption.LOST_TIMEOUT, event.lostTimeoutNs());
        event.skipGroupName();
        return new GroupOptions(options.values, event.selectionName());
    }

    private GroupOptions set(final GroupOption option, final long value)
    {
        values[option.ordinal()] = value;
        return this;
    }

    public long get(final GroupOption option)
    {
        return values[option.ordinal()];
    }

    /** Of the policy that scores agents, or of one with slots to compare first; empty if one of the others selects. */
    public String selectionName()
    {
        return selectionName;
    }

    /** Choice of an option that is one, as people name it. */
    public String choice(final GroupOption option)
    {
        final int code = (int)get(option);
        return GroupOption.SELECT == option && !selectionName.isEmpty() ? selectionName : option.choices().get(code);
    }

    /**
     * The same with another value of one option.
     *
     * @throws IllegalArgumentException that says what would be right.
     */
    public GroupOptions with(final GroupOption option, final String text)
    {
        final long[] changed = values.clone();
        if (GroupOption.SELECT == option && !option.choices().contains(text))
        {
            if (text.matches(SLOTS_FIRST))
            {
                changed[option.ordinal()] = option.parse(text.substring(0, text.indexOf(':')));
                return new GroupOptions(changed, text);
            }
            if (!text.matches("[a-z0-9][a-z0-9._-]{0,63}"))
            {
                throw new IllegalArgumentException(
                    "use " + String.join(", ", option.choices()) + ", or the name of a policy that scores;" +
                        " the first two may name slots to compare first, such as concentrated:mem:cpu");
            }
            changed[option.ordinal()] = SelectPolicy.SCORED.value();
            return new GroupOptions(changed, text);
        }
        changed[option.ordinal()] = option.parse(text);
        return new GroupOptions(changed, GroupOption.SELECT == option ? "" : selectionName);
    }

    /** The same with one option as by default. */
    public GroupOptions withDefault(final GroupOption option)
    {
        final long[] changed = values.clone();
        changed[option.ordinal()] = option.preset();
        return new GroupOptions(changed, GroupOption.SELECT == option ? "" : selectionName);
    }

    /** Encodes the command that makes a group have these options; returns its length. */
    public int encode(
        final MutableDirectBuffer buffer, final long correlationId, final int source, final String groupName)
    {
        final ConfigureGroupEncoder command = new ConfigureGroupEncoder();
        command.wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder())
            .correlationId(correlationId)
            .source(source)
            .order(OrderPolicy.get(code(GroupOption.ORDER)))
            .selection(SelectPolicy.get(code(GroupOption.SELECT)))
            .attemptsMax((int)get(GroupOption.ATTEMPTS_MAX))
            .decisionsPerCommandMax((int)get(GroupOption.DECISIONS_MAX))
            .pendingTimeoutNs(get(GroupOption.PENDING_TIMEOUT))
            .scheduledTimeoutNs(get(GroupOption.SCHEDULED_TIMEOUT))
            .pullProgressTimeoutNs(get(GroupOption.PULL_PROGRESS_TIMEOUT))
            .pullTimeoutNs(get(GroupOption.PULL_TIMEOUT))
            .prepareTimeoutNs(get(GroupOption.PREPARE_TIMEOUT))
            .killTimeoutNs(get(GroupOption.KILL_TIMEOUT))
            .retryBackoffNs(get(GroupOption.RETRY_BACKOFF))
            .pendingMax((int)get(GroupOption.PENDING_MAX))
            .backfill(Backfill.get(code(GroupOption.BACKFILL)))
            .preemption(PreemptionMode.get(code(GroupOption.PREEMPTION_MODE)))
            .victimScope(VictimScope.get(code(GroupOption.PREEMPTION_SCOPE)))
            .preemptionMinRuntimeNs(get(GroupOption.PREEMPTION_MIN_RUNTIME))
            .ageingNs(get(GroupOption.AGEING))
            .usageHalfLifeNs(get(GroupOption.USAGE_HALF_LIFE))
            .quarantineAfter((int)get(GroupOption.QUARANTINE_AFTER))
            .quarantineNs(get(GroupOption.QUARANTINE_DURATION))
            .allowedTypes(code(GroupOption.ALLOWED_TYPES))
            .kernelsMax((int)get(GroupOption.KERNELS_MAX))
            .acceptUnsatisfiable(0 == get(GroupOption.ACCEPT_UNSATISFIABLE) ? BooleanType.F : BooleanType.T)
            .selectionSeed(get(GroupOption.SELECTION_SEED))
            .lostTimeoutNs(get(GroupOption.LOST_TIMEOUT))
            .delayMaxNs(get(GroupOption.DELAY_MAX))
            .groupName(groupName)
            .selectionName(selectionName);
        return MessageHeaderEncoder.ENCODED_LENGTH + command.encodedLength();
    }

    private short code(final GroupOption option)
    {
        return (short)get(option);
    }

    @Override
    public boolean equals(final Object other)
    {
        return other instanceof final GroupOptions options && Arrays.equals(values, options.values) &&
            selectionName.equals(options.selectionName);
    }

    @Override
    public int hashCode()
    {
        return 31 * Arrays.hashCode(values) + selectionName.hashCode();
    }

    @Override
    public String toString()
    {
        return Arrays.toString(values) + selectionName;
    }
}
