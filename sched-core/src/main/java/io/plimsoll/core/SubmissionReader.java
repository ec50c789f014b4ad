package io.plimsoll.core;

import io.plimsoll.core.sbe.BooleanType;
import io.plimsoll.core.sbe.GroupSizeEncodingDecoder;
import io.plimsoll.core.sbe.RejectCode;
import io.plimsoll.core.sbe.SessionType;
import io.plimsoll.core.sbe.SubmitSessionsDecoder;
import io.plimsoll.core.sbe.SubmitSessionsDecoder.SessionsDecoder;
import io.plimsoll.core.sbe.SubmitSessionsDecoder.SpecsDecoder;
import org.agrona.DirectBuffer;
import org.agrona.collections.LongArrayList;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Reads the sessions of a submission one after the other, as often as is asked for, and refuses what is wrong by
 * itself. Most are written like one that was there a short while ago, and cost no decoding then. Belongs to the
 * deciding thread.
 */
final class SubmissionReader
{
    private static final int GROUP_HEADER_LENGTH = GroupSizeEncodingDecoder.ENCODED_LENGTH;

    private final CoreState state;
    private final CommandBytes bytes;
    private final SubmissionRefusal refusal;
    private final EntryLimits limits;
    private final EntrySlots slots;
    private final EntryCache known = new EntryCache();
    /** Takes what is read where that is not known already. */
    private final SubmissionEntry scratch;
    private final LongArrayList specHashes = new LongArrayList();
    private final SubmitSessionsDecoder command = new SubmitSessionsDecoder();
    private final UnsafeBuffer text = new UnsafeBuffer(0, 0);
    private final UnsafeBuffer values = new UnsafeBuffer(0, 0);
    private final UnsafeBuffer partsBytes = new UnsafeBuffer(0, 0);
    /** Of the command, in its buffer. */
    private DirectBuffer buffer;
    private int offset;
    private int ownerId;
    /** Where in the command its sessions begin, how many there are, and how long the fixed part of each is. */
    private int sessionsAt;
    private int sessions;
    private int sessionLength;
    /** Where the next session stands. */
    private int next;
    /** Of the command, for what has to be read field by field; made ready when it is needed. */
    private SessionsDecoder decoder;
    private boolean isDecoding;

    SubmissionReader(final CoreState state, final CommandBytes bytes, final SubmissionRefusal refusal)
    {
        this.state = state;
        this.bytes = bytes;
        this.refusal = refusal;
        limits = new EntryLimits(state.options.arraySizeMax(), refusal);
        slots = new EntrySlots(state.slots, limits, refusal);
        scratch = new SubmissionEntry(state.options.dependenciesMax());
    }

    /** Takes the command whose header is at an offset, and reads what stands before its sessions. */
    void begin(final DirectBuffer commandBuffer, final int commandOffset, final int owner)
    {
        buffer = commandBuffer;
        offset = commandOffset;
        ownerId = owner;
        specHashes.clear();
        slots.begin();
        int at = CommandBytes.HEADER_LENGTH + bytes.blockLength();
        bytes.require(at, GROUP_HEADER_LENGTH);
        final int specs = bytes.getShort(at + GroupSizeEncodingDecoder.numInGroupEncodingOffset());
        final int specLength = bytes.getShort(at + GroupSizeEncodingDecoder.blockLengthEncodingOffset());
        at += GROUP_HEADER_LENGTH;
        for (int i = 0; i < specs; i++)
        {
            bytes.require(at, Math.max(specLength, SpecsDecoder.sbeBlockLength()) + SpecsDecoder.specHeaderLength());
            specHashes.addLong(bytes.getLong(at + SpecsDecoder.hashHiEncodingOffset()));
            specHashes.addLong(bytes.getLong(at + SpecsDecoder.hashLoEncodingOffset()));
            at += specLength;
            at += SpecsDecoder.specHeaderLength() + bytes.getShort(at);
        }
        bytes.require(at, GROUP_HEADER_LENGTH);
        sessionsAt = at;
        sessions = bytes.getShort(at + GroupSizeEncodingDecoder.numInGroupEncodingOffset());
        sessionLength = bytes.getShort(at + GroupSizeEncodingDecoder.blockLengthEncodingOffset());
        rewind();
    }

    /** The next session is the first one again. */
    void rewind()
    {
        next = sessionsAt + GROUP_HEADER_LENGTH;
        isDecoding = false;
    }

    /** How many sessions the submission has. */
    int sessions()
    {
        return sessions;
    }

    /** What the present session, and those before it, ask for beyond what is defined. */
    EntrySlots slots()
    {
        return slots;
    }

    /** First half of the hash of a spec. */
    long specHashHi(final int specIndex)
    {
        return specHashes.getLong(2 * specIndex);
    }

    long specHashLo(final int specIndex)
    {
        return specHashes.getLong(2 * specIndex + 1);
    }

    /**
     * Reads the next session. What is returned is good until the one after it is read.
     *
     * @param checked whether to say what is wrong with its numbers: those of one that was read before are right.
     * @return null if something is wrong, which was said.
     */
    SubmissionEntry read(final int index, final boolean checked)
    {
        final int start = next;
        final SubmissionEntry same = known.find(bytes, start, start + sessionLength);
        final int end = null == same ? Table.NONE : endWithoutParts(start + same.writtenLength());
        if (Table.NONE == end)
        {
            return readFields(index, checked);
        }
        next = end;
        same.index = index;
        same.request.owner = ownerId;
        slots.beginEntry();
        return same;
    }

    /** End of a session whose name stands at a place; NONE if it has further parts. */
    private int endWithoutParts(final int nameAt)
    {
        bytes.require(nameAt, SessionsDecoder.sessionNameHeaderLength());
        final int end = nameAt + SessionsDecoder.sessionNameHeaderLength() + bytes.getShort(nameAt);
        if (bytes.version() < SessionsDecoder.partsSinceVersion())
        {
            bytes.require(end, 0);
            return end;
        }
        bytes.require(end, SessionsDecoder.partsHeaderLength());
        return 0 == bytes.getShort(end) ? end + SessionsDecoder.partsHeaderLength() : Table.NONE;
    }

    private SubmissionEntry readFields(final int index, final boolean checked)
    {
        final int start = next;
        final SessionsDecoder session = decode(start);
        scratch.index = index;
        if (!read(session, scratch, checked))
        {
            return null;
        }
        final int length = command.limit() - offset - start;
        final boolean parted = hasParts(session);
        next = command.limit() - offset;
        if (parted)
        {
            return slots.readParts(partsBytes, scratch) ? scratch : null;
        }
        return slots.areDefined() ? known.keep(scratch, bytes, start, start + sessionLength, length) : scratch;
    }

    /** The fields of the session at a place. */
    private SessionsDecoder decode(final int at)
    {
        if (!isDecoding)
        {
            isDecoding = true;
            command.wrap(buffer, offset + CommandBytes.HEADER_LENGTH, bytes.blockLength(), bytes.version());
            command.limit(offset + sessionsAt);
            decoder = command.sessions();
        }
        command.limit(offset + at);
        return decoder.next();
    }

    /** Reads what stands last in a session, its name and its further parts. */
    private boolean hasParts(final SessionsDecoder session)
    {
        session.skipSessionName();
        session.wrapParts(partsBytes);
        return partsBytes.capacity() > 0;
    }

    private boolean read(final SessionsDecoder session, final SubmissionEntry entry, final boolean checked)
    {
        final Request request = entry.request;
        request.clear();
        entry.satisfiableAt = 0;
        entry.partsLength = 0;
        entry.specIndex = session.specIndex();
        entry.type = session.sessionTypeRaw();
        entry.onLoss = session.onLossRaw();
        entry.count = session.elementCount();
        entry.array = BooleanType.T == session.array();
        entry.walltimeNs = session.walltimeNs();
        entry.graceNs = session.graceNs();
        entry.startsAtNs = session.startsAtNs();
        entry.failurePolicy = session.failurePolicyRaw();
        entry.preemptible = BooleanType.T == session.preemptible();
        request.owner = ownerId;
        request.system = SessionType.SYSTEM.value() == entry.type;
        request.walltimeNs = entry.walltimeNs;
        request.priority = session.priority();
        request.kernels = session.kernels();
        request.amounts[SlotTable.CPU] = session.cpuMillis();
        request.amounts[SlotTable.MEM] = session.memoryBytes();
        return (!checked || limits.hold(entry, specHashes.size() / 2)) &&
            slots.read(session, entry) &&
            readDependencies(session, entry, checked) &&
            readConstraints(session, entry) &&
            readGroup(session, entry);
    }

    private boolean readDependencies(
        final SessionsDecoder session, final SubmissionEntry entry, final boolean checked)
    {
        int count = 0;
        for (final SessionsDecoder.DependenciesDecoder dependency : session.dependencies())
        {
            final long id = dependency.sessionId();
            if (count == entry.dependencies.length)
            {
                return refusal.because(RejectCode.TOO_MANY_DEPENDENCIES, "dependencies", count + 1L, count);
            }
            if (checked && Table.NONE == state.sessions.find(id))
            {
                return refusal.because(RejectCode.UNKNOWN_DEPENDENCY, "dependencies", id);
            }
            entry.anyEnd[count] = BooleanType.T == dependency.anyEnd();
            entry.dependencies[count++] = id;
        }
        entry.dependencyCount = count;
        return true;
    }

    private boolean readConstraints(final SessionsDecoder session, final SubmissionEntry entry)
    {
        entry.constraintLength = 0;
        for (final SessionsDecoder.ConstraintsDecoder constraint : session.constraints())
        {
            final short kind = constraint.kindRaw();
            constraint.wrapKey(text);
            constraint.wrapValues(values);
            final int length = ConstraintText.append(entry.constraint, entry.constraintLength, kind, text, values);
            if (length < 0)
            {
                return refusal.because(RejectCode.BAD_CONSTRAINT, "constraints", kind, 0);
            }
            entry.constraintLength = length;
        }
        return true;
    }

    private boolean readGroup(final SessionsDecoder session, final SubmissionEntry entry)
    {
        session.wrapGroupName(text);
        entry.request.group = state.groups.find(text, 0, text.capacity());
        return Table.NONE != entry.request.group || refusal.because(RejectCode.UNKNOWN_GROUP, text, 0, 0);
    }
}
