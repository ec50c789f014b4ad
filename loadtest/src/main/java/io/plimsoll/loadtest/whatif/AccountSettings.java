package io.plimsoll.loadtest.whatif;

import io.plimsoll.core.sbe.AccountConfiguredDecoder;
import io.plimsoll.core.sbe.AccountLevel;
import io.plimsoll.core.sbe.ConfigureAccountDecoder;
import io.plimsoll.core.sbe.ConfigureAccountEncoder;
import io.plimsoll.core.sbe.MessageHeaderEncoder;
import java.util.Map;
import java.util.TreeMap;
import org.agrona.MutableDirectBuffer;

/** An owner of sessions with all limits, as the journal has it or as a change wants it. */
final class AccountSettings
{
    final int id;
    final AccountLevel level;
    final String name;
    int parentId;
    private int projectId;
    private int weight;
    private int sessionsMax;
    private int systemSessionsMax;
    private int pendingMax;
    private int kernelsMax;
    private short priorityMax;
    private short allowedTypes;
    private final TreeMap<String, Long> limits = new TreeMap<>();
    private final TreeMap<String, Long> pendingLimits = new TreeMap<>();

    private AccountSettings(final int id, final AccountLevel level, final String name)
    {
        this.id = id;
        this.level = level;
        this.name = name;
    }

    /** A new one that may do everything. */
    static AccountSettings unlimited(final int id, final AccountLevel level, final String name)
    {
        final AccountSettings account = new AccountSettings(id, level, name);
        account.weight = 1000;
        account.sessionsMax = -1;
        account.systemSessionsMax = -1;
        account.pendingMax = -1;
        account.kernelsMax = -1;
        account.priorityMax = 100;
        return account;
    }

    static AccountSettings of(final AccountConfiguredDecoder from, final ResourceBook resources)
    {
        final TreeMap<String, Long> limits = new TreeMap<>();
        final TreeMap<String, Long> pending = new TreeMap<>();
        for (final AccountConfiguredDecoder.LimitsDecoder limit : from.limits())
        {
            limits.put(resources.slot(limit.slotId()).name(), limit.amount());
        }
        for (final AccountConfiguredDecoder.PendingLimitsDecoder limit : from.pendingLimits())
        {
            pending.put(resources.slot(limit.slotId()).name(), limit.amount());
        }
        final AccountSettings account = new AccountSettings(from.accountId(), from.level(), from.accountName());
        account.parentId = from.parentId();
        account.projectId = Math.max(0, from.projectId());
        account.weight = from.weight();
        account.sessionsMax = from.sessionsMax();
        account.systemSessionsMax = from.systemSessionsMax();
        account.pendingMax = from.pendingMax();
        account.kernelsMax = from.kernelsMax();
        account.priorityMax = from.priorityMax();
        account.allowedTypes = from.allowedTypes();
        account.limits.putAll(limits);
        account.pendingLimits.putAll(pending);
        return account;
    }

    static AccountSettings of(final ConfigureAccountDecoder from)
    {
        final TreeMap<String, Long> limits = new TreeMap<>();
        final TreeMap<String, Long> pending = new TreeMap<>();
        for (final ConfigureAccountDecoder.LimitsDecoder limit : from.limits())
        {
            final long amount = limit.amount();
            limits.put(limit.slotName(), amount);
        }
        for (final ConfigureAccountDecoder.PendingLimitsDecoder limit : from.pendingLimits())
        {
            final long amount = limit.amount();
            pending.put(limit.slotName(), amount);
        }
        final AccountSettings account = new AccountSettings(from.accountId(), from.level(), from.accountName());
        account.parentId = from.parentId();
        account.projectId = Math.max(0, from.projectId());
        account.weight = from.weight();
        account.sessionsMax = from.sessionsMax();
        account.systemSessionsMax = from.systemSessionsMax();
        account.pendingMax = from.pendingMax();
        account.kernelsMax = from.kernelsMax();
        account.priorityMax = from.priorityMax();
        account.allowedTypes = from.allowedTypes();
        account.limits.putAll(limits);
        account.pendingLimits.putAll(pending);
        return account;
    }

    /** Whether it stands under another one, or works in it. */
    boolean isUnder(final int accountId)
    {
        return parentId == accountId || projectId == accountId;
    }

    /** The same with some things changed; what is null stays as it is. */
    AccountSettings with(final AccountChange change)
    {
        final AccountSettings account = new AccountSettings(id, level, name);
        account.parentId = parentId;
        account.projectId = projectId;
        account.weight = or(change.weightMillis(), weight);
        account.sessionsMax = or(change.numbers().get("sessions"), sessionsMax);
        account.systemSessionsMax = or(change.numbers().get("systemSessions"), systemSessionsMax);
        account.pendingMax = or(change.numbers().get("pending"), pendingMax);
        account.kernelsMax = or(change.numbers().get("containers"), kernelsMax);
        account.priorityMax = (short)or(change.numbers().get("priority"), priorityMax);
        account.allowedTypes = (short)or(change.numbers().get("types"), allowedTypes);
        account.limits.putAll(limits);
        account.pendingLimits.putAll(pendingLimits);
        apply(change.slots(), account.limits);
        apply(change.pendingSlots(), account.pendingLimits);
        return account;
    }

    private static int or(final Integer changed, final int otherwise)
    {
        return null == changed ? otherwise : changed;
    }

    private static void apply(final Map<String, Long> changes, final Map<String, Long> limits)
    {
        changes.forEach((slot, amount) ->
        {
            if (amount < 0)
            {
                limits.remove(slot);
            }
            else
            {
                limits.put(slot, amount);
            }
        });
    }

    /** Whether nothing would be different. */
    boolean isSame(final AccountSettings other)
    {
        return parentId == other.parentId &&
            projectId == other.projectId &&
            weight == other.weight &&
            sessionsMax == other.sessionsMax &&
            systemSessionsMax == other.systemSessionsMax &&
            pendingMax == other.pendingMax &&
            kernelsMax == other.kernelsMax &&
            priorityMax == other.priorityMax &&
            allowedTypes == other.allowedTypes &&
            limits.equals(other.limits) &&
            pendingLimits.equals(other.pendingLimits);
    }

    /** Writes the command that brings it about; returns its length. */
    int encode(
        final MutableDirectBuffer buffer,
        final MessageHeaderEncoder header,
        final ConfigureAccountEncoder command,
        final long correlationId,
        final int source)
    {
        command.wrapAndApplyHeader(buffer, 0, header)
            .correlationId(correlationId)
            .source(source)
            .accountId(id)
            .parentId(parentId)
            .projectId(projectId)
            .level(level)
            .weight(weight)
            .sessionsMax(sessionsMax)
            .systemSessionsMax(systemSessionsMax)
            .pendingMax(pendingMax)
            .kernelsMax(kernelsMax)
            .priorityMax(priorityMax)
            .allowedTypes(allowedTypes);
        final ConfigureAccountEncoder.LimitsEncoder slots = command.limitsCount(limits.size());
        limits.forEach((slot, amount) -> slots.next().amount(amount).slotName(slot));
        final ConfigureAccountEncoder.PendingLimitsEncoder waiting = command.pendingLimitsCount(pendingLimits.size());
        pendingLimits.forEach((slot, amount) -> waiting.next().amount(amount).slotName(slot));
        command.accountName(name);
        return MessageHeaderEncoder.ENCODED_LENGTH + command.encodedLength();
    }
}
