package io.plimsoll.manager.link;

import io.plimsoll.core.sbe.AgentConnectedEncoder;
import io.plimsoll.core.sbe.SlotKind;
import io.plimsoll.manager.control.CommandSource;
import io.plimsoll.transport.sbe.HelloDecoder;
import io.plimsoll.transport.sbe.MessageHeaderDecoder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * A Hello as its agent sent it, checked field by field, and as the command that it becomes. What passes here reaches
 * the core, which has no defence against nonsense but to stop.
 */
final class AgentGreeting
{
    /** The protocol that this build speaks. */
    static final int PROTOCOL_VERSION = 1;

    private static final int SLOTS_MAX = 64;
    private static final int DEVICES_MAX = 64;
    private static final int NAME_LENGTH_MAX = 64;
    private static final int SECRET_LENGTH_MAX = 256;
    private static final long CAPACITY_MAX = 1L << 53;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");
    private static final int LABELS_MAX = 64;
    private static final Pattern LABEL_KEY = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._/-]{0,63}");
    private static final Pattern LABEL_VALUE = Pattern.compile("[^|\\p{Cntrl}]{1,64}");
    private static final Pattern SLOT_NAME = Pattern.compile("[a-z][a-z0-9._-]*");
    private static final FrameShape SHAPE = FrameShape
        .flat(HelloDecoder.TEMPLATE_ID, HelloDecoder.BLOCK_LENGTH, 8)
        .withGroup(HelloDecoder.SlotsDecoder.sbeBlockLength(), 1, SLOTS_MAX);
    /** Of agents that know nothing of labels. */
    private static final FrameShape SHAPE_BEFORE_LABELS = FrameShape
        .flat(HelloDecoder.TEMPLATE_ID, HelloDecoder.BLOCK_LENGTH - Integer.BYTES, 7)
        .withGroup(HelloDecoder.SlotsDecoder.sbeBlockLength(), 1, SLOTS_MAX);

    private final HelloDecoder hello = new HelloDecoder();
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final AgentConnectedEncoder connected = new AgentConnectedEncoder();
    private final io.plimsoll.core.sbe.MessageHeaderEncoder commandHeader =
        new io.plimsoll.core.sbe.MessageHeaderEncoder();
    private final List<Slot> slots = new ArrayList<>();
    private UUID uuid;
    private String credential;
    private String joinToken;
    private String name;
    private String group;
    private String arch;
    private String labels;
    private int kernelsMax;
    private final Map<String, String> labelByKey = new LinkedHashMap<>();

    /**
     * Reads a Hello.
     *
     * @return null if all is well, else what is wrong, for people.
     */
    String read(final DirectBuffer buffer, final int offset, final int length)
    {
        if (!SHAPE_BEFORE_LABELS.fits(buffer, offset, length))
        {
            return "the first frame is no Hello";
        }
        header.wrap(buffer, offset);
        if (header.version() >= HelloDecoder.labelsSinceVersion() && !SHAPE.fits(buffer, offset, length))
        {
            return "the Hello is cut short";
        }
        hello.wrapAndApplyHeader(buffer, offset, header);
        final int most = hello.kernelsMax();
        kernelsMax = HelloDecoder.kernelsMaxNullValue() == most || most < 0 ? -1 : most;
        uuid = new UUID(hello.uuidHi(), hello.uuidLo());
        slots.clear();
        for (final HelloDecoder.SlotsDecoder slot : hello.slots())
        {
            slots.add(new Slot(slot.kind(), slot.capacity(), slot.slotName()));
        }
        credential = hello.credential();
        joinToken = hello.joinToken();
        name = hello.agentName();
        group = hello.groupName();
        arch = hello.arch();
        hello.skipBuild();
        hello.skipRuntime();
        labels = hello.labels();
        return check();
    }

    private String check()
    {
        if (0 == uuid.getMostSignificantBits() && 0 == uuid.getLeastSignificantBits())
        {
            return "the agent has no uuid";
        }
        if (!isName(NAME, name) || !isName(NAME, group) || !isName(NAME, arch))
        {
            return "names of agent, group and architecture consist of at most " + NAME_LENGTH_MAX +
                " letters, digits, dots, dashes and underscores";
        }
        if (credential.length() > SECRET_LENGTH_MAX || joinToken.length() > SECRET_LENGTH_MAX)
        {
            return "a credential or token is too long";
        }
        if (hello.seenTerm() < 0 || hello.seenSequence() < 0)
        {
            return "term and sequence cannot be negative";
        }
        final String wrong = checkSlots();
        return null == wrong ? checkLabels() : wrong;
    }

    private String checkLabels()
    {
        labelByKey.clear();
        if (labels.isEmpty())
        {
            return null;
        }
        for (final String line : labels.split("\n", LABELS_MAX + 2))
        {
            if (line.isEmpty())
            {
                continue;
            }
            final int equals = line.indexOf('=');
            final String key = equals < 0 ? line : line.substring(0, equals);
            final String value = equals < 0 ? "" : line.substring(equals + 1);
            if (!LABEL_KEY.matcher(key).matches() || !LABEL_VALUE.matcher(value).matches() ||
                null != labelByKey.put(key, value) || labelByKey.size() > LABELS_MAX)
            {
                return "labels differ, are at most " + LABELS_MAX + ", and have keys and values of at most " +
                    NAME_LENGTH_MAX + " characters";
            }
        }
        return null;
    }

    private String checkSlots()
    {
        final Set<String> names = new HashSet<>();
        for (final Slot slot : slots)
        {
            if (!isName(SLOT_NAME, slot.name()) || !names.add(slot.name()))
            {
                return "slot names are lower case, at most " + NAME_LENGTH_MAX + " characters, and differ";
            }
            final boolean device = io.plimsoll.transport.sbe.SlotKind.DEVICE == slot.kind();
            if (!device && io.plimsoll.transport.sbe.SlotKind.COUNT != slot.kind())
            {
                return "slot " + slot.name() + " is of an unknown kind";
            }
            if (slot.capacity() < 0 || slot.capacity() > (device ? DEVICES_MAX : CAPACITY_MAX))
            {
                return "slot " + slot.name() + " has an impossible capacity of " + slot.capacity();
            }
        }
        return null;
    }

    private static boolean isName(final Pattern pattern, final String text)
    {
        return text.length() <= NAME_LENGTH_MAX && pattern.matcher(text).matches();
    }

    int protocolVersion()
    {
        return hello.protocolVersion();
    }

    UUID uuid()
    {
        return uuid;
    }

    String credential()
    {
        return credential;
    }

    String joinToken()
    {
        return joinToken;
    }

    /** Encodes the command; returns its length. */
    int encodeConnected(final MutableDirectBuffer buffer, final long correlationId)
    {
        connected.wrapAndApplyHeader(buffer, 0, commandHeader)
            .correlationId(correlationId)
            .source(CommandSource.LINKS)
            .uuidHi(uuid.getMostSignificantBits())
            .uuidLo(uuid.getLeastSignificantBits())
            .clusterIdHi(hello.clusterIdHi())
            .clusterIdLo(hello.clusterIdLo())
            .seenTerm(hello.seenTerm())
            .seenTermNonce(hello.seenTermNonce())
            .seenSequence(hello.seenSequence())
            .kernelsMax(kernelsMax);
        final AgentConnectedEncoder.SlotsEncoder encodedSlots = connected.slotsCount(slots.size());
        for (final Slot slot : slots)
        {
            encodedSlots.next()
                .kind(SlotKind.get(slot.kind().value()))
                .capacity(slot.capacity())
                .slotName(slot.name());
        }
        final AgentConnectedEncoder.LabelsEncoder encodedLabels = connected.labelsCount(labelByKey.size());
        labelByKey.forEach((key, value) -> encodedLabels.next().key(key).value(value));
        connected.agentName(name).groupName(group).arch(arch);
        return io.plimsoll.core.sbe.MessageHeaderEncoder.ENCODED_LENGTH + connected.encodedLength();
    }

    private record Slot(io.plimsoll.transport.sbe.SlotKind kind, long capacity, String name)
    {
    }
}
