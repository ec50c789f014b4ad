package io.plimsoll.loadtest.whatif;

import io.plimsoll.core.sbe.Backfill;
import io.plimsoll.core.sbe.BooleanType;
import io.plimsoll.core.sbe.ConfigureGroupDecoder;
import io.plimsoll.core.sbe.ConfigureGroupEncoder;
import io.plimsoll.core.sbe.GroupConfiguredDecoder;
import io.plimsoll.core.sbe.MessageHeaderEncoder;
import io.plimsoll.core.sbe.OrderPolicy;
import io.plimsoll.core.sbe.PreemptionMode;
import io.plimsoll.core.sbe.SelectPolicy;
import io.plimsoll.core.sbe.VictimScope;
import io.plimsoll.loadtest.simulate.GroupSpec;
import java.util.Set;
import org.agrona.MutableDirectBuffer;

/** All options of a resource group, as the journal has them or as a change wants them. */
final class GroupSettings
{
    private OrderPolicy order;
    private SelectPolicy selection;
    private int attemptsMax;
    private int decisionsPerCommandMax;
    private long pendingTimeoutNs;
    private long scheduledTimeoutNs;
    private long pullProgressTimeoutNs;
    private long pullTimeoutNs;
    private long prepareTimeoutNs;
    private long killTimeoutNs;
    private long retryBackoffNs;
    private int pendingMax;
    private Backfill backfill;
    private PreemptionMode preemption;
    private VictimScope victimScope;
    private long preemptionMinRuntimeNs;
    private long ageingNs;
    private long usageHalfLifeNs;
    private int quarantineAfter;
    private long quarantineNs;
    private short allowedTypes;
    private int kernelsMax;
    private BooleanType acceptUnsatisfiable;
    private long selectionSeed;
    private long lostTimeoutNs;
    private long delayMaxNs;
    final String name;
    private String selectionName;

    private GroupSettings(final String name, final String selectionName)
    {
        this.name = name;
        this.selectionName = selectionName;
    }

    static GroupSettings of(final GroupConfiguredDecoder from)
    {
        final GroupSettings group = new GroupSettings(from.groupName(), from.selectionName());
        group.order = from.order();
        group.selection = from.selection();
        group.attemptsMax = from.attemptsMax();
        group.decisionsPerCommandMax = from.decisionsPerCommandMax();
        group.pendingTimeoutNs = from.pendingTimeoutNs();
        group.scheduledTimeoutNs = from.scheduledTimeoutNs();
        group.pullProgressTimeoutNs = from.pullProgressTimeoutNs();
        group.pullTimeoutNs = from.pullTimeoutNs();
        group.prepareTimeoutNs = from.prepareTimeoutNs();
        group.killTimeoutNs = from.killTimeoutNs();
        group.retryBackoffNs = from.retryBackoffNs();
        group.pendingMax = from.pendingMax();
        group.backfill = from.backfill();
        group.preemption = from.preemption();
        group.victimScope = from.victimScope();
        group.preemptionMinRuntimeNs = from.preemptionMinRuntimeNs();
        group.ageingNs = from.ageingNs();
        group.usageHalfLifeNs = from.usageHalfLifeNs();
        group.quarantineAfter = from.quarantineAfter();
        group.quarantineNs = from.quarantineNs();
        group.allowedTypes = from.allowedTypes();
        group.kernelsMax = from.kernelsMax();
        group.acceptUnsatisfiable = from.acceptUnsatisfiable();
        group.selectionSeed = from.selectionSeed();
        group.lostTimeoutNs = from.lostTimeoutNs();
        group.delayMaxNs = from.delayMaxNs();
        return group;
    }

    static GroupSettings of(final ConfigureGroupDecoder from)
    {
        final GroupSettings group = new GroupSettings(from.groupName(), from.selectionName());
        group.order = from.order();
        group.selection = from.selection();
        group.attemptsMax = from.attemptsMax();
        group.decisionsPerCommandMax = from.decisionsPerCommandMax();
        group.pendingTimeoutNs = from.pendingTimeoutNs();
        group.scheduledTimeoutNs = from.scheduledTimeoutNs();
        group.pullProgressTimeoutNs = from.pullProgressTimeoutNs();
        group.pullTimeoutNs = from.pullTimeoutNs();
        group.prepareTimeoutNs = from.prepareTimeoutNs();
        group.killTimeoutNs = from.killTimeoutNs();
        group.retryBackoffNs = from.retryBackoffNs();
        group.pendingMax = from.pendingMax();
        group.backfill = from.backfill();
        group.preemption = from.preemption();
        group.victimScope = from.victimScope();
        group.preemptionMinRuntimeNs = from.preemptionMinRuntimeNs();
        group.ageingNs = from.ageingNs();
        group.usageHalfLifeNs = from.usageHalfLifeNs();
        group.quarantineAfter = from.quarantineAfter();
        group.quarantineNs = from.quarantineNs();
        group.allowedTypes = from.allowedTypes();
        group.kernelsMax = from.kernelsMax();
        group.acceptUnsatisfiable = from.acceptUnsatisfiable();
        group.selectionSeed = from.selectionSeed();
        group.lostTimeoutNs = from.lostTimeoutNs();
        group.delayMaxNs = from.delayMaxNs();
        return group;
    }

    private GroupSettings copy()
    {
        final GroupSettings group = new GroupSettings(name, selectionName);
        final GroupSettings from = this;
        group.order = from.order;
        group.selection = from.selection;
        group.attemptsMax = from.attemptsMax;
        group.decisionsPerCommandMax = from.decisionsPerCommandMax;
        group.pendingTimeoutNs = from.pendingTimeoutNs;
        group.scheduledTimeoutNs = from.scheduledTimeoutNs;
        group.pullProgressTimeoutNs = from.pullProgressTimeoutNs;
        group.pullTimeoutNs = from.pullTimeoutNs;
        group.prepareTimeoutNs = from.prepareTimeoutNs;
        group.killTimeoutNs = from.killTimeoutNs;
        group.retryBackoffNs = from.retryBackoffNs;
        group.pendingMax = from.pendingMax;
        group.backfill = from.backfill;
        group.preemption = from.preemption;
        group.victimScope = from.victimScope;
        group.preemptionMinRuntimeNs = from.preemptionMinRuntimeNs;
        group.ageingNs = from.ageingNs;
        group.usageHalfLifeNs = from.usageHalfLifeNs;
        group.quarantineAfter = from.quarantineAfter;
        group.quarantineNs = from.quarantineNs;
        group.allowedTypes = from.allowedTypes;
        group.kernelsMax = from.kernelsMax;
        group.acceptUnsatisfiable = from.acceptUnsatisfiable;
        group.selectionSeed = from.selectionSeed;
        group.lostTimeoutNs = from.lostTimeoutNs;
        group.delayMaxNs = from.delayMaxNs;
        return group;
    }

    /**
     * The same with some options changed.
     *
     * @param spec  holds their values.
     * @param given fields of a scenario that were named; all others stay as they are.
     */
    GroupSettings with(final GroupSpec spec, final Set<String> given)
    {
        final GroupSettings group = copy();
        group.policies(spec, given);
        group.limits(spec, given);
        group.failures(spec, given);
        return group;
    }

    private void policies(final GroupSpec spec, final Set<String> given)
    {
        if (given.contains("order"))
        {
            order = spec.order();
        }
        if (given.contains("select"))
        {
            selection = spec.selection();
            selectionName = spec.selectionName();
        }
        if (given.contains("backfill"))
        {
            backfill = spec.backfill();
        }
        if (given.contains("preemption"))
        {
            preemption = spec.preemption().mode();
            victimScope = spec.preemption().scope();
            preemptionMinRuntimeNs = spec.preemption().minRuntimeNs();
        }
        ageingNs = given.contains("ageing") ? spec.ageingNs() : ageingNs;
        usageHalfLifeNs = given.contains("halfLife") ? spec.usageHalfLifeNs() : usageHalfLifeNs;
        delayMaxNs = given.contains("delayMax") ? spec.delayMaxNs() : delayMaxNs;
        selectionSeed = given.contains("seed") ? spec.seed() : selectionSeed;
    }

    private void limits(final GroupSpec spec, final Set<String> given)
    {
        pendingTimeoutNs = given.contains("pendingTimeout") ? spec.limits().pendingTimeoutNs() : pendingTimeoutNs;
        pendingMax = given.contains("pendingMax") ? spec.limits().pendingMax() : pendingMax;
        allowedTypes = given.contains("types") ? (short)spec.limits().allowedTypes() : allowedTypes;
        kernelsMax = given.contains("containersMax") ? spec.limits().kernelsMax() : kernelsMax;
        if (given.contains("unsatisfiable"))
        {
            acceptUnsatisfiable = spec.limits().unsatisfiableWaits() ? BooleanType.T : BooleanType.F;
        }
    }

    private void failures(final GroupSpec spec, final Set<String> given)
    {
        attemptsMax = given.contains("attempts") ? spec.failures().attemptsMax() : attemptsMax;
        retryBackoffNs = given.contains("retryBackoff") ? spec.failures().retryBackoffNs() : retryBackoffNs;
        quarantineAfter = given.contains("quarantineAfter") ? spec.failures().quarantineAfter() : quarantineAfter;
        quarantineNs = given.contains("quarantine") ? spec.failures().quarantineNs() : quarantineNs;
    }

    /** Whether nothing would be different. */
    boolean isSame(final GroupSettings other)
    {
        return isSamePolicy(other) && isSameRest(other);
    }

    private boolean isSamePolicy(final GroupSettings other)
    {
        return order == other.order &&
            selection == other.selection &&
            backfill == other.backfill &&
            preemption == other.preemption &&
            victimScope == other.victimScope &&
            preemptionMinRuntimeNs == other.preemptionMinRuntimeNs &&
            ageingNs == other.ageingNs &&
            usageHalfLifeNs == other.usageHalfLifeNs &&
            selectionSeed == other.selectionSeed &&
            delayMaxNs == other.delayMaxNs &&
            selectionName.equals(other.selectionName);
    }

    private boolean isSameRest(final GroupSettings other)
    {
        return attemptsMax == other.attemptsMax &&
            decisionsPerCommandMax == other.decisionsPerCommandMax &&
            pendingTimeoutNs == other.pendingTimeoutNs &&
            scheduledTimeoutNs == other.scheduledTimeoutNs &&
            pullProgressTimeoutNs == other.pullProgressTimeoutNs &&
            pullTimeoutNs == other.pullTimeoutNs &&
            prepareTimeoutNs == other.prepareTimeoutNs &&
            killTimeoutNs == other.killTimeoutNs &&
            retryBackoffNs == other.retryBackoffNs &&
            pendingMax == other.pendingMax &&
            quarantineAfter == other.quarantineAfter &&
            quarantineNs == other.quarantineNs &&
            allowedTypes == other.allowedTypes &&
            kernelsMax == other.kernelsMax &&
            acceptUnsatisfiable == other.acceptUnsatisfiable &&
            lostTimeoutNs == other.lostTimeoutNs;
    }

    /** Writes the command that brings it about; returns its length. */
    int encode(
        final MutableDirectBuffer buffer,
        final MessageHeaderEncoder header,
        final ConfigureGroupEncoder command,
        final long correlationId,
        final int source)
    {
        command.wrapAndApplyHeader(buffer, 0, header)
            .correlationId(correlationId)
            .source(source)
            .order(order)
            .selection(selection)
            .attemptsMax(attemptsMax)
            .decisionsPerCommandMax(decisionsPerCommandMax)
            .pendingTimeoutNs(pendingTimeoutNs)
            .scheduledTimeoutNs(scheduledTimeoutNs)
            .pullProgressTimeoutNs(pullProgressTimeoutNs)
            .pullTimeoutNs(pullTimeoutNs)
            .prepareTimeoutNs(prepareTimeoutNs)
            .killTimeoutNs(killTimeoutNs)
            .retryBackoffNs(retryBackoffNs)
            .pendingMax(pendingMax)
            .backfill(backfill)
            .preemption(preemption)
            .victimScope(victimScope)
            .preemptionMinRuntimeNs(preemptionMinRuntimeNs)
            .ageingNs(ageingNs)
            .usageHalfLifeNs(usageHalfLifeNs)
            .quarantineAfter(quarantineAfter)
            .quarantineNs(quarantineNs)
            .allowedTypes(allowedTypes)
            .kernelsMax(kernelsMax)
            .acceptUnsatisfiable(acceptUnsatisfiable)
            .selectionSeed(selectionSeed)
            .lostTimeoutNs(lostTimeoutNs)
            .delayMaxNs(delayMaxNs)
            .groupName(name)
            .selectionName(selectionName);
        return MessageHeaderEncoder.ENCODED_LENGTH + command.encodedLength();
    }
}
