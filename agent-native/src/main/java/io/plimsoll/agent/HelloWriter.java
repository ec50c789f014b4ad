package io.plimsoll.agent;

import io.plimsoll.transport.sbe.HelloEncoder;
import io.plimsoll.transport.sbe.MessageHeaderEncoder;
import io.plimsoll.transport.sbe.SlotKind;
import org.agrona.MutableDirectBuffer;

/** Writes how an agent introduces itself. */
final class HelloWriter
{
    static final int PROTOCOL_VERSION = 1;

    private final AgentOptions options;
    private final String runtimeName;
    private final HelloEncoder encoder = new HelloEncoder();
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();

    HelloWriter(final AgentOptions options, final String runtimeName)
    {
        this.options = options;
        this.runtimeName = runtimeName;
    }

    /**
     * Writes it.
     *
     * @param buffer  to write to.
     * @param memory  of the agent.
     * @param offer   what it has.
     * @param joining whether to join by token rather than by the stored credential.
     * @return length with header.
     */
    int write(final MutableDirectBuffer buffer, final AgentMemory memory, final Offer offer, final boolean joining)
    {
        final AgentMemory.Cluster seen = memory.current();
        encoder.wrapAndApplyHeader(buffer, 0, header)
            .protocolVersion(PROTOCOL_VERSION)
            .uuidHi(memory.uuid().getMostSignificantBits())
            .uuidLo(memory.uuid().getLeastSignificantBits())
            .clusterIdHi(null == seen ? 0 : seen.idHi)
            .clusterIdLo(null == seen ? 0 : seen.idLo)
            .seenTerm(null == seen ? 0 : seen.term)
            .seenTermNonce(null == seen ? 0 : seen.termNonce)
            .seenSequence(null == seen ? 0 : seen.sequence)
            .kernelsMax(options.kernelsMax());
        final HelloEncoder.SlotsEncoder slots = encoder.slotsCount(offer.capacities().size());
        for (final Capacity capacity : offer.capacities())
        {
            slots.next()
                .kind(capacity.device() ? SlotKind.DEVICE : SlotKind.COUNT)
                .capacity(capacity.amount())
                .slotName(capacity.name());
        }
        encoder
            .credential(joining || null == seen ? "" : seen.credential)
            .joinToken(joining ? options.joinToken() : "")
            .agentName(options.name())
            .groupName(options.group())
            .arch(options.arch())
            .build(options.build())
            .runtime(runtimeName)
            .labels(labels(offer));
        return MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength();
    }

    private static String labels(final Offer offer)
    {
        final StringBuilder text = new StringBuilder();
        offer.labels().forEach((key, value) -> text.append(key).append('=').append(value).append('\n'));
        return text.toString();
    }
}
