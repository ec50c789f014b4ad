package io.plimsoll.loadtest.whatif;

import io.plimsoll.core.sbe.BooleanType;
import io.plimsoll.core.sbe.ConfigureGroupDecoder;
import io.plimsoll.core.sbe.ConfigureGroupEncoder;
import io.plimsoll.core.sbe.GroupConfiguredDecoder;
import io.plimsoll.core.sbe.MessageHeaderEncoder;
import io.plimsoll.loadtest.simulate.GroupSpec;
import java.util.Set;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * All options of a resource group, as the journal has them or as a change wants them: the block of the command that
 * configures them, which has the same fields at the same places from {@code order} on as the event.
 */
final class GroupSettings
{
    private static final int BLOCK_LENGTH = ConfigureGroupEncoder.BLOCK_LENGTH;
    private static final int OPTIONS_OFFSET = ConfigureGroupEncoder.orderEncodingOffset();
    private static final int OPTIONS_LENGTH = BLOCK_LENGTH - OPTIONS_OFFSET;

    final String name;
    private final String selectionName;
    private final MutableDirectBuffer block = new ExpandableArrayBuffer(BLOCK_LENGTH);

    private GroupSettings(final String name, final String selectionName, final DirectBuffer from, final int options)
    {
        this.name = name;
        this.selectionName = selectionName;
        block.putBytes(OPTIONS_OFFSET, from, options, OPTIONS_LENGTH);
    }

    static GroupSettings of(final GroupConfiguredDecoder from)
    {
        final int options = from.offset() + GroupConfiguredDecoder.orderEncodingOffset();
        final String name = from.groupName();
        return new GroupSettings(name, from.selectionName(), from.buffer(), options);
    }

    static GroupSettings of(final ConfigureGroupDecoder from)
    {
        final String name = from.groupName();
        return new GroupSettings(name, from.selectionName(), from.buffer(), from.offset() + OPTIONS_OFFSET);
    }

    /**
     * The same with some options changed.
     *
     * @param spec  holds their values.
     * @param given fields of a scenario that were named; all others stay as they are.
     */
    GroupSettings with(final GroupSpec spec, final Set<String> given)
    {
        final String selection = given.contains("select") ? spec.selectionName() : selectionName;
        final GroupSettings group = new GroupSettings(name, selection, block, OPTIONS_OFFSET);
        final ConfigureGroupEncoder options = new ConfigureGroupEncoder().wrap(group.block, 0);
        given.forEach(field -> set(options, spec, field));
        return group;
    }

    private static void set(final ConfigureGroupEncoder options, final GroupSpec spec, final String field)
    {
        switch (field)
        {
            case "order" -> options.order(spec.order());
            case "select" -> options.selection(spec.selection());
            case "backfill" -> options.backfill(spec.backfill());
            case "preemption" -> options
                .preemption(spec.preemption().mode())
                .victimScope(spec.preemption().scope())
                .preemptionMinRuntimeNs(spec.preemption().minRuntimeNs());
            case "ageing" -> options.ageingNs(spec.ageingNs());
            case "halfLife" -> options.usageHalfLifeNs(spec.usageHalfLifeNs());
            case "delayMax" -> options.delayMaxNs(spec.delayMaxNs());
            case "seed" -> options.selectionSeed(spec.seed());
            case "pendingTimeout" -> options.pendingTimeoutNs(spec.limits().pendingTimeoutNs());
            case "pendingMax" -> options.pendingMax(spec.limits().pendingMax());
            case "types" -> options.allowedTypes((short)spec.limits().allowedTypes());
            case "containersMax" -> options.kernelsMax(spec.limits().kernelsMax());
            case "unsatisfiable" ->
                options.acceptUnsatisfiable(spec.limits().unsatisfiableWaits() ? BooleanType.T : BooleanType.F);
            case "attempts" -> options.attemptsMax(spec.failures().attemptsMax());
            case "retryBackoff" -> options.retryBackoffNs(spec.failures().retryBackoffNs());
            case "quarantineAfter" -> options.quarantineAfter(spec.failures().quarantineAfter());
            case "quarantine" -> options.quarantineNs(spec.failures().quarantineNs());
            default ->
            {
                // Its name, by which it was found.
            }
        }
    }

    /** Whether nothing would be different. */
    boolean isSame(final GroupSettings other)
    {
        return selectionName.equals(other.selectionName) && block.equals(other.block);
    }

    /** Writes the command that brings it about; returns its length. */
    int encode(
        final MutableDirectBuffer buffer,
        final MessageHeaderEncoder header,
        final ConfigureGroupEncoder command,
        final long correlationId,
        final int source)
    {
        command.wrapAndApplyHeader(buffer, 0, header);
        buffer.putBytes(command.offset(), block, 0, BLOCK_LENGTH);
        command.correlationId(correlationId).source(source).groupName(name).selectionName(selectionName);
        return MessageHeaderEncoder.ENCODED_LENGTH + command.encodedLength();
    }
}
