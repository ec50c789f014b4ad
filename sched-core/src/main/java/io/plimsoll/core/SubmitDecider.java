package io.plimsoll.core;

import io.plimsoll.core.sbe.BooleanType;
import io.plimsoll.core.sbe.FailurePolicy;
import io.plimsoll.core.sbe.GroupSizeEncodingDecoder;
import io.plimsoll.core.sbe.OnLoss;
import io.plimsoll.core.sbe.RejectCode;
import io.plimsoll.core.sbe.SessionType;
import io.plimsoll.core.sbe.SubmitSessionsDecoder;
import io.plimsoll.core.sbe.SubmitSessionsDecoder.SessionsDecoder;
import io.plimsoll.core.sbe.SubmitSessionsDecoder.SpecsDecoder;
import org.agrona.DirectBuffer;
import org.agrona.collections.LongArrayList;
import org.agrona.concurrent.UnsafeBuffer;

/** Decides submissions: a chunk is checked whole, then queued whole. */
final class SubmitDecider
{
    static final long PRIORITY_MAX = 100;
    /** A gang is assigned in one command, so its events must fit: see SchedulerCore. */
    static final int GANG_EVENTS_MAX = 150 * 1024;
    /** Amounts stay far below the range of a long, so that sums over a gang cannot overflow. */
    static final long AMOUNT_MAX = 1L << 50;
    private static final int GROUP_HEADER_LENGTH = GroupSizeEncodingDecoder.ENCODED_LENGTH;
    static final long DURATION_MAX = 1L << 60;
    /** So that a time and a duration still add up to a number of 64 bits. */
    private static final long STARTS_AT_MAX_NS = 1L << 62;

    private final CoreState state;
    private final Emitter emitter;
    private final ClusterEmitter answers;
    private final Submission submission = new Submission();
    /** Takes what is read; where that is known already, the present entry is another. */
    private final SubmissionEntry scratch;
    private SubmissionEntry entry;
    private final EntryCache known = new EntryCache();
    private final CommandBytes bytes;
    /** Of the command, in its buffer. */
    private DirectBuffer buffer;
    private int offset;
    /** Where in the command its sessions begin, how many there are, and how long the fixed part of each is. */
    private int sessionsAt;
    private int sessions;
    private int sessionLength;
    /** Where the next session stands. */
    private int next;
    /** Of the command, for what has to be read field by field; made ready when it is needed. */
    private SessionsDecoder decoder;
    private boolean isDecoding;
    private final Rejection rejection = new Rejection();
    private final Capacities capacities;
    private final Admission admission;
    private final AskedSlots askedSlots;
    private final SubmitSessionsDecoder command = new SubmitSessionsDecoder();
    private final UnsafeBuffer text = new UnsafeBuffer(0, 0);
    private final UnsafeBuffer values = new UnsafeBuffer(0, 0);
    private final UnsafeBuffer partsBytes = new UnsafeBuffer(0, 0);
    private final PartsFlyweight parts = new PartsFlyweight();
    private final LongArrayList specHashes = new LongArrayList();
    private final LongArrayList pendingByGroup = new LongArrayList();
    /** Of {@link ShadowTable}, with what was read so far. */
    private long shadowRows;
    /** First slot of the present session that is not defined, with the amount; empty: all are. */
    private final UnsafeBuffer unknownSlot = new UnsafeBuffer(0, 0);
    private long unknownAmount;
    private boolean noRoom;
    private boolean bringsReady;

    SubmitDecider(
        final CoreState state, final Emitter emitter, final ClusterEmitter answers, final CommandBytes bytes)
    {
        this.state = state;
        this.bytes = bytes;
        this.emitter = emitter;
        this.answers = answers;
        scratch = new SubmissionEntry(state.options.dependenciesMax());
        entry = scratch;
        capacities = new Capacities(state);
        admission = new Admission(state);
        askedSlots = new AskedSlots(state.slots);
    }

    /**
     * Decides the command whose header is at an offset. One that brings nobody who may start at once is no cause to
     * place others: who goes first among them may have changed with the time, but counts when something else happens.
     *
     * @return whether it brought anybody who may.
     */
    boolean onSubmit(final DirectBuffer commandBuffer, final int commandOffset)
    {
        buffer = commandBuffer;
        offset = commandOffset;
        final int block = CommandBytes.HEADER_LENGTH;
        bytes.require(block, SubmitSessionsDecoder.BLOCK_LENGTH);
        submission.correlationId = bytes.getLong(block + SubmitSessionsDecoder.correlationIdEncodingOffset());
        submission.source = bytes.getInt(block + SubmitSessionsDecoder.sourceEncodingOffset());
        submission.ownerId = bytes.getInt(block + SubmitSessionsDecoder.ownerIdEncodingOffset());
        submission.keyHi = bytes.getLong(block + SubmitSessionsDecoder.keyHashHiEncodingOffset());
        submission.keyLo = bytes.getLong(block + SubmitSessionsDecoder.keyHashLoEncodingOffset());
        submission.bodyHi = bytes.getLong(block + SubmitSessionsDecoder.bodyHashHiEncodingOffset());
        submission.bodyLo = bytes.getLong(block + SubmitSessionsDecoder.bodyHashLoEncodingOffset());
        rejection.reset(submission.correlationId, submission.source);
        bringsReady = false;
        if (submission.hasKey() && answeredBefore())
        {
            return false;
        }
        if (state.lostTail)
        {
            return reject(RejectCode.LOST_TAIL, "");
        }
        if (check())
        {
            queue();
        }
        return bringsReady;
    }

    private boolean answeredBefore()
    {
        final KeyTable keys = state.keys;
        final int key = keys.find(submission.ownerId, submission.keyHi, submission.keyLo);
        if (Table.NONE == key)
        {
            return false;
        }
        if (submission.bodyHi == keys.get(keys.bodyHi, key) && submission.bodyLo == keys.get(keys.bodyLo, key))
        {
            emitter.submissionAccepted(submission, keys.get(keys.firstId, key), keys.get(keys.idCount, key), true);
        }
        else
        {
            rejection.subject = keys.get(keys.firstId, key);
            reject(RejectCode.IDEMPOTENCY_KEY_REUSED, "");
        }
        return true;
    }

    private boolean reject(final RejectCode code, final String field)
    {
        return reject(code, field, 0, 0);
    }

    private boolean reject(final RejectCode code, final String field, final long requested, final long limit)
    {
        answers.rejected(rejection.because(code, requested, limit), field);
        return false;
    }

    /* Checking. */

    private boolean check()
    {
        specHashes.clear();
        pendingByGroup.clear();
        askedSlots.clear();
        shadowRows = state.shadows.rows.count();
        admission.begin(submission.ownerId);
        for (int group = 0; group < state.groups.count(); group++)
        {
            pendingByGroup.addLong(state.groups.get(state.groups.pending, group));
        }
        readSpecs();
        for (int index = 0; index < sessions; index++)
        {
            rejection.entryIndex = index;
            if (!read(index, true) || !checkSlots() || !checkAdmission() || !checkFit())
            {
                return false;
            }
        }
        return sessions > 0 || reject(RejectCode.OUT_OF_RANGE, "sessions", 0, 1);
    }

    /** Reads what stands before the sessions. */
    private void readSpecs()
    {
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
        beginSessions();
    }

    private void beginSessions()
    {
        next = sessionsAt + GROUP_HEADER_LENGTH;
        isDecoding = false;
    }

    /** Reads the next session into the entry; says what is wrong when told to check. */
    private boolean read(final int index, final boolean checked)
    {
        final int start = next;
        final SubmissionEntry same = known.find(bytes, start, start + sessionLength);
        final int end = null == same ? Table.NONE : endWithoutParts(start + same.writtenLength());
        if (Table.NONE == end)
        {
            return readFields(index, checked);
        }
        next = end;
        entry = same;
        entry.index = index;
        entry.request.owner = submission.ownerId;
        unknownSlot.wrap(0, 0);
        return true;
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

    private boolean readFields(final int index, final boolean checked)
    {
        final int start = next;
        final SessionsDecoder session = decode(start);
        entry = scratch;
        entry.index = index;
        if (!read(session, checked))
        {
            return false;
        }
        final int length = command.limit() - offset - start;
        final boolean parted = hasParts(session);
        next = command.limit() - offset;
        if (parted)
        {
            return readParts();
        }
        if (0 == unknownSlot.capacity())
        {
            entry = known.keep(entry, bytes, start, start + sessionLength, length);
        }
        return true;
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

    private boolean read(final SessionsDecoder session, final boolean checked)
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
        request.owner = submission.ownerId;
        request.system = SessionType.SYSTEM.value() == entry.type;
        request.walltimeNs = entry.walltimeNs;
        request.priority = session.priority();
        request.kernels = session.kernels();
        request.amounts[SlotTable.CPU] = session.cpuMillis();
        request.amounts[SlotTable.MEM] = session.memoryBytes();
        if (checked && !(checkNumbers() && checkCpuAndMem(request) && checkTimes()))
        {
            return false;
        }
        return readSlots(session) &&
            readDependencies(session, checked) &&
            readConstraints(session) &&
            readGroup(session);
    }

    private boolean checkNumbers()
    {
        final Request request = entry.request;
        final int specCount = specHashes.size() / 2;
        if (entry.specIndex >= specCount)
        {
            return reject(RejectCode.OUT_OF_RANGE, "specIndex", entry.specIndex, specCount - 1L);
        }
        if (entry.type > SessionType.SYSTEM.value())
        {
            return reject(RejectCode.OUT_OF_RANGE, "type", entry.type, SessionType.SYSTEM.value());
        }
        if (entry.onLoss > OnLoss.RESTART.value())
        {
            return reject(RejectCode.OUT_OF_RANGE, "onLoss", entry.onLoss, OnLoss.RESTART.value());
        }
        if (entry.failurePolicy > FailurePolicy.TOLERANT.value())
        {
            return reject(
                RejectCode.OUT_OF_RANGE, "failurePolicy", entry.failurePolicy, FailurePolicy.TOLERANT.value());
        }
        if (request.priority > PRIORITY_MAX)
        {
            return reject(RejectCode.OUT_OF_RANGE, "priority", request.priority, PRIORITY_MAX);
        }
        if (!checkKernels(request))
        {
            return false;
        }
        final long countMax = entry.array ? state.options.arraySizeMax() : 1;
        return entry.count >= 1 && entry.count <= countMax ||
            reject(RejectCode.OUT_OF_RANGE, "count", entry.count, countMax);
    }

    private boolean checkKernels(final Request request)
    {
        if (request.kernels < 1)
        {
            return reject(RejectCode.OUT_OF_RANGE, "kernels", request.kernels, 1);
        }
        return request.kernels <= KernelTable.KERNELS_MAX ||
            reject(RejectCode.TOO_MANY_KERNELS, "kernels", request.kernels, KernelTable.KERNELS_MAX);
    }

    private boolean checkCpuAndMem(final Request request)
    {
        final long cpu = request.amounts[SlotTable.CPU];
        if (cpu < 1 || cpu > AMOUNT_MAX)
        {
            return reject(RejectCode.OUT_OF_RANGE, "cpu", cpu, cpu < 1 ? 1 : AMOUNT_MAX);
        }
        final long mem = request.amounts[SlotTable.MEM];
        return mem >= 0 && mem <= AMOUNT_MAX ||
            reject(RejectCode.OUT_OF_RANGE, "mem", mem, mem < 0 ? 0 : AMOUNT_MAX);
    }

    private boolean checkTimes()
    {
        if (entry.walltimeNs < 0 || entry.walltimeNs > DURATION_MAX)
        {
            return reject(RejectCode.OUT_OF_RANGE, "walltime", entry.walltimeNs, DURATION_MAX);
        }
        if (entry.startsAtNs < 0 || entry.startsAtNs > STARTS_AT_MAX_NS)
        {
            final long nearest = entry.startsAtNs < 0 ? 0 : STARTS_AT_MAX_NS;
            return reject(RejectCode.OUT_OF_RANGE, "startsAt", entry.startsAtNs, nearest);
        }
        return entry.graceNs >= 0 && entry.graceNs <= DURATION_MAX ||
            reject(RejectCode.OUT_OF_RANGE, "grace", entry.graceNs, DURATION_MAX);
    }

    private boolean readSlots(final SessionsDecoder session)
    {
        unknownSlot.wrap(0, 0);
        noRoom = false;
        for (final SessionsDecoder.SlotsDecoder wanted : session.slots())
        {
            final long amount = wanted.amount();
            wanted.wrapSlotName(text);
            if (!readSlot(entry.request, amount))
            {
                return false;
            }
        }
        entry.furtherSlots = Integer.bitCount(entry.request.furtherMask);
        final int kernelsMax = GANG_EVENTS_MAX / Emitter.assignedLength(entry.furtherSlots);
        return entry.request.kernels <= kernelsMax ||
            reject(RejectCode.TOO_MANY_KERNELS, "kernels", entry.request.kernels, kernelsMax);
    }

    /** An amount of the slot whose name was just read. */
    private boolean readSlot(final Request request, final long amount)
    {
        final int known = state.slots.find(text, 0, text.capacity());
        if (Table.NONE == known && !AskedSlots.isName(text))
        {
            answers.rejected(rejection.because(RejectCode.UNKNOWN_SLOT, amount, 0), text, 0, text.capacity());
            return false;
        }
        final int slot = Table.NONE == known ? unknown(amount) : known;
        if (amount < 0 || amount > AMOUNT_MAX || (Table.NONE != slot && isTaken(request, slot)))
        {
            answers.rejected(
                rejection.because(RejectCode.OUT_OF_RANGE, amount, AMOUNT_MAX), text, 0, text.capacity());
            return false;
        }
        if (Table.NONE != slot)
        {
            request.further(slot, amount);
        }
        return true;
    }

    /** Further kernels that ask for something else. Parts next to each other that ask for the same are one. */
    private boolean readParts()
    {
        Request last = entry.request;
        int count = 1;
        parts.wrap(partsBytes);
        while (parts.hasNext())
        {
            if (count == PartsFit.PARTS_MAX || !parts.next())
            {
                return reject(RejectCode.OUT_OF_RANGE, "parts", count + 1L, PartsFit.PARTS_MAX);
            }
            final Request part = last.addPart();
            if (!readPart(part))
            {
                return false;
            }
            if (part.asksAs(last))
            {
                last.kernels += part.kernels;
                last.dropPart();
            }
            else
            {
                last = part;
                count++;
            }
        }
        entry.partsLength = PartsFlyweight.writeQueued(entry.request, entry.parts);
        return checkParts();
    }

    private boolean readPart(final Request part)
    {
        part.kernels = parts.kernels();
        part.amounts[SlotTable.CPU] = parts.cpuMillis();
        part.amounts[SlotTable.MEM] = parts.memoryBytes();
        if (!checkKernels(part) || !checkCpuAndMem(part))
        {
            return false;
        }
        for (int left = parts.slots(); left > 0; left--)
        {
            if (!parts.nextSlot(text))
            {
                return reject(RejectCode.OUT_OF_RANGE, "parts");
            }
            if (!readSlot(part, parts.amount()))
            {
                return false;
            }
        }
        return true;
    }

    private boolean checkParts()
    {
        int length = 0;
        int further = 0;
        for (Request part = entry.request; null != part; part = part.rest)
        {
            final int slots = Integer.bitCount(part.furtherMask);
            length += part.kernels * Emitter.assignedLength(slots);
            further = Math.max(further, slots);
        }
        final int kernels = entry.request.kernelsInAll();
        final int kernelsMax = Math.min(KernelTable.KERNELS_MAX, GANG_EVENTS_MAX / Emitter.assignedLength(further));
        return kernels <= KernelTable.KERNELS_MAX && length <= GANG_EVENTS_MAX ||
            reject(RejectCode.TOO_MANY_KERNELS, "kernels", kernels, kernelsMax);
    }

    private static boolean isTaken(final Request request, final int slot)
    {
        return slot <= SlotTable.MEM || 0 != request.amounts[slot];
    }

    /** Takes note of a slot that is not defined; the group, which says what that means, comes later in the command. */
    private int unknown(final long amount)
    {
        if (0 == unknownSlot.capacity())
        {
            unknownSlot.wrap(text);
            unknownAmount = amount;
        }
        final int slot = askedSlots.number(text);
        noRoom |= Table.NONE == slot;
        return slot;
    }

    /** In a group that takes whatever comes, an agent may come that has any slot. */
    private boolean checkSlots()
    {
        if (0 == unknownSlot.capacity())
        {
            return true;
        }
        if (!capacities.takesAny(entry.request.group))
        {
            rejection.because(RejectCode.UNKNOWN_SLOT, unknownAmount, 0);
            answers.rejected(rejection, unknownSlot, 0, unknownSlot.capacity());
            return false;
        }
        final long slots = state.slots.count() + askedSlots.count() + 1L;
        return !noRoom || reject(RejectCode.OUT_OF_RANGE, "slots", slots, AskedSlots.SLOTS_MAX);
    }

    private boolean readDependencies(
        final SessionsDecoder session, final boolean checked)
    {
        int count = 0;
        for (final SessionsDecoder.DependenciesDecoder dependency : session.dependencies())
        {
            final long id = dependency.sessionId();
            if (count == entry.dependencies.length)
            {
                return reject(RejectCode.TOO_MANY_DEPENDENCIES, "dependencies", count + 1L, count);
            }
            if (checked && Table.NONE == state.sessions.find(id))
            {
                rejection.subject = id;
                return reject(RejectCode.UNKNOWN_DEPENDENCY, "dependencies");
            }
            entry.anyEnd[count] = BooleanType.T == dependency.anyEnd();
            entry.dependencies[count++] = id;
        }
        entry.dependencyCount = count;
        return true;
    }

    private boolean readConstraints(final SessionsDecoder session)
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
                return reject(RejectCode.BAD_CONSTRAINT, "constraints", kind, 0);
            }
            entry.constraintLength = length;
        }
        return true;
    }

    private boolean readGroup(final SessionsDecoder session)
    {
        session.wrapGroupName(text);
        entry.request.group = state.groups.find(text, 0, text.capacity());
        if (Table.NONE == entry.request.group)
        {
            answers.rejected(rejection.because(RejectCode.UNKNOWN_GROUP, 0, 0), text, 0, text.capacity());
            return false;
        }
        return true;
    }

    private boolean checkAdmission()
    {
        if (admission.admits(entry))
        {
            return true;
        }
        final LimitReport report = admission.report();
        final boolean isType = report.has(LimitReport.Kind.TYPE);
        rejection.because(
            isType ? RejectCode.TYPE_NOT_ALLOWED : RejectCode.QUOTA_EXCEEDED,
            report.requested(0),
            report.limit(0));
        answers.rejected(rejection, report);
        return false;
    }

    private boolean checkFit()
    {
        final int group = entry.request.group;
        final long pending = pendingByGroup.getLong(group) + entry.count;
        final long pendingMax = state.groups.get(state.groups.pendingMax, group);
        if (pending > pendingMax)
        {
            return reject(RejectCode.TOO_MANY_PENDING, "count", entry.count, pendingMax);
        }
        pendingByGroup.setLong(group, pending);
        shadowRows += state.shadows.isKept(group) ? entry.count : 0;
        if (shadowRows > ShadowTable.ROWS_MAX)
        {
            return reject(RejectCode.TOO_MANY_PENDING, "count", entry.count, ShadowTable.ROWS_MAX);
        }
        if (capacities.couldFit(entry))
        {
            return true;
        }
        rejection.because(RejectCode.UNSATISFIABLE, capacities.requested(), capacities.limit());
        if (capacities.isConstrained())
        {
            answers.rejected(rejection, "constraints");
        }
        else if (Table.NONE == capacities.slot())
        {
            answers.rejected(rejection, "kernels");
        }
        else
        {
            answers.rejected(rejection, state.slots.get(state.slots.name, capacities.slot()));
        }
        return false;
    }

    /* Queueing. */

    private void queue()
    {
        for (int i = 0; i < askedSlots.count(); i++)
        {
            answers.slotDefined(state.slots.count(), SlotTable.kindOf(askedSlots.name(i)), askedSlots.name(i));
        }
        final long firstId = state.nextSessionId;
        final long nextId = 1 == sessions ? queue(firstId) : queueAll(firstId);
        emitter.submissionAccepted(submission, firstId, nextId - firstId, false);
    }

    /** Queues the present entry; returns the next id. */
    private long queue(final long id)
    {
        bringsReady |= entry.startsAtNs <= state.timestampNs;
        emitter.sessionQueued(entry, id, submission.ownerId, spec(entry.specIndex));
        return id + entry.count;
    }

    private long queueAll(final long firstId)
    {
        beginSessions();
        long nextId = firstId;
        for (int index = 0; index < sessions; index++)
        {
            read(index, false);
            nextId = queue(nextId);
        }
        return nextId;
    }

    /** Row of a spec, which is new if no session has it. */
    private int spec(final int specIndex)
    {
        final long hi = specHashes.getLong(2 * specIndex);
        final long lo = specHashes.getLong(2 * specIndex + 1);
        final int known = state.specs.find(hi, lo);
        if (Table.NONE != known)
        {
            return known;
        }
        final long specId = state.nextSpecId;
        emitter.specAdded(specId, hi, lo, specIndex);
        return state.specs.byId(specId);
    }
}
