package io.plimsoll.manager.history;

import io.plimsoll.core.SessionPart;
import io.plimsoll.core.sbe.BooleanType;
import io.plimsoll.core.sbe.KernelAdvancedDecoder;
import io.plimsoll.core.sbe.KernelAssignedDecoder;
import io.plimsoll.core.sbe.KernelReportDecoder;
import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.MessageHeaderDecoder;
import io.plimsoll.core.sbe.SessionAdvancedDecoder;
import io.plimsoll.core.sbe.SessionQueuedDecoder;
import io.plimsoll.core.sbe.SessionUpdatedDecoder;
import io.plimsoll.core.sbe.SpecAddedDecoder;
import io.plimsoll.manager.egress.RecordListener;
import io.plimsoll.manager.egress.ReleasedRecord;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.agrona.collections.Long2ObjectHashMap;

/**
 * Turns records into rows. What a row becomes depends on nothing but the records, in whatever portions they come, so
 * that a history made anew is the same: no clock, no number of its own. For one thread.
 */
final class Projection implements RecordListener
{
    private static final int KERNEL_MASK = (1 << TouchedSessions.KERNEL_BITS) - 1;
    /** Bit of the changes of an update. */
    private static final int NAME_CHANGED = 1 << 2;
    private static final int SESSIONS_KEPT = 20_000;
    private static final int ARRAYS_KEPT = 1_000;

    final Names names;
    /** Rows as they are now, of all sessions that the records at hand are about. */
    final Long2ObjectHashMap<PastSession> sessions = new Long2ObjectHashMap<>();
    final TreeMap<Long, PastArray> arrays = new TreeMap<>();
    /* What has changed since it was written last. */
    final Set<PastSession> changedSessions = new LinkedHashSet<>();
    final Set<PastAttempt> changedAttempts = new LinkedHashSet<>();
    final Set<PastKernel> changedKernels = new LinkedHashSet<>();
    final Set<PastArray> changedArrays = new LinkedHashSet<>();
    final Map<PastArray.Change, PastArray> newChanges = new LinkedHashMap<>();
    final Map<Long, Spec> newSpecs = new HashMap<>();
    final UsageTally usage = new UsageTally();

    private final KernelReportDecoder report = new KernelReportDecoder();
    private long unknown;

    Projection(final Names names)
    {
        this.names = names;
    }

    /** Events of sessions that are not there: they began before the oldest record that could be read. */
    long unknown()
    {
        return unknown;
    }

    /** What was changed is in the database; of what may change again, some is kept. */
    void settled()
    {
        names.settled();
        if (sessions.size() > SESSIONS_KEPT)
        {
            sessions.clear();
        }
        else
        {
            changedSessions.stream().filter(session -> 0 != session.endedNs)
                .forEach(session -> sessions.remove(session.id));
        }
        if (arrays.size() > ARRAYS_KEPT)
        {
            arrays.clear();
        }
        changedSessions.clear();
        changedAttempts.clear();
        changedKernels.clear();
        changedArrays.clear();
        newChanges.clear();
        newSpecs.clear();
        usage.clear();
    }

    /** A row as it is in the database. */
    void known(final PastSession session)
    {
        sessions.put(session.id, session);
    }

    /** A row as it is in the database. */
    void known(final PastArray array)
    {
        arrays.put(array.asked.firstId(), array);
    }

    boolean isKnown(final long id)
    {
        return sessions.containsKey(id);
    }

    /** Whether it is an element of an array that is at hand. */
    boolean isOfArray(final long id)
    {
        return null != arrayOf(id);
    }

    /** Rows are read again when they are needed; nothing may have changed since they were written. */
    void forgetRows()
    {
        sessions.clear();
        arrays.clear();
    }

    private PastArray arrayOf(final long id)
    {
        final Map.Entry<Long, PastArray> entry = arrays.floorEntry(id);
        return null != entry && entry.getValue().contains(id) ? entry.getValue() : null;
    }

    /** An element of an array gets a row of its own now; null: unknown. */
    private PastSession session(final long id)
    {
        final PastSession session = sessions.get(id);
        if (null != session)
        {
            return session;
        }
        final PastArray array = arrayOf(id);
        if (null == array)
        {
            unknown++;
            return null;
        }
        final PastSession element = new PastSession(id, array.askedOf(id));
        sessions.put(id, element);
        changedSessions.add(element);
        array.waiting--;
        changedArrays.add(array);
        if (0 == array.waiting)
        {
            arrays.remove(array.asked.firstId());
        }
        return element;
    }

    @Override
    public void onSpecAdded(final SpecAddedDecoder event, final ReleasedRecord record)
    {
        newSpecs.put(
            event.specId(),
            new Spec(
                new String(record.submission().spec(event.specIndex()), StandardCharsets.UTF_8),
                record.timestampNs()));
    }

    @Override
    public void onSessionQueued(final SessionQueuedDecoder event, final ReleasedRecord record)
    {
        final byte[] bytes = bytes(event);
        final int ownerId = event.ownerId();
        final Asked asked = new Asked(
            event.sessionId(),
            event.elementCount(),
            BooleanType.T == event.array(),
            record.submission().name(event.entryIndex()),
            ownerId,
            names.owner(ownerId),
            names.group(event.groupId()),
            event.sessionType(),
            event.onLoss(),
            event.priority(),
            event.kernels() + further(event),
            event.cpuMillis(),
            event.memoryBytes(),
            event.walltimeNs(),
            record.timestampNs(),
            event.specId(),
            bytes);
        if (asked.isArray())
        {
            final PastArray array = new PastArray(asked);
            arrays.put(asked.firstId(), array);
            changedArrays.add(array);
        }
        else
        {
            final PastSession session = new PastSession(asked.firstId(), asked);
            sessions.put(session.id, session);
            changedSessions.add(session);
        }
    }

    /** Kernels of parts that ask for something else than the first. */
    private int further(final SessionQueuedDecoder event)
    {
        int kernels = 0;
        for (final SessionPart part : SessionForms.terms(event, names.slotTable()).terms().parts())
        {
            kernels += part.kernels();
        }
        return kernels;
    }

    /** The event with its header, from which everything can be read again. */
    private static byte[] bytes(final SessionQueuedDecoder event)
    {
        final byte[] bytes = new byte[MessageHeaderDecoder.ENCODED_LENGTH + event.sbeDecodedLength()];
        event.buffer().getBytes(event.offset() - MessageHeaderDecoder.ENCODED_LENGTH, bytes);
        // Its place in a command that is not kept; a snapshot keeps it at another one.
        ByteBuffer.wrap(bytes).putShort(
            MessageHeaderDecoder.ENCODED_LENGTH + SessionQueuedDecoder.entryIndexEncodingOffset(), (short)0);
        return bytes;
    }

    @Override
    public void onSessionUpdated(final SessionUpdatedDecoder event, final ReleasedRecord record)
    {
        final long id = event.sessionId();
        final long count = event.elementCount();
        final int priority = event.priority();
        final long walltimeNs = event.walltimeNs();
        final String name = 0 == (event.changes() & NAME_CHANGED) ? null : event.sessionName();
        final PastSession session = 1 == count ? sessions.get(id) : null;
        if (null != session)
        {
            session.asked = session.asked.changed(name, priority, walltimeNs);
            changedSessions.add(session);
            return;
        }
        final PastArray array = arrayOf(id);
        if (null == array)
        {
            unknown++;
            return;
        }
        final PastArray.Change change = new PastArray.Change(
            array.asked.firstId(), record.sequence(), record.eventIndex(), id, count, name, priority, walltimeNs);
        array.changes.add(change);
        newChanges.put(change, array);
    }

    @Override
    public void onSessionAdvanced(final SessionAdvancedDecoder event, final ReleasedRecord record)
    {
        final PastSession session = session(event.sessionId());
        if (null == session)
        {
            return;
        }
        final LifeState next = event.state();
        final long atNs = record.timestampNs();
        if (session.attempt != event.attempt())
        {
            session.attempt = event.attempt();
            session.startedNs = 0;
        }
        session.state = next;
        session.result = event.result();
        session.reason = event.reason();
        session.exitCode = event.exitCode();
        session.notBeforeNs = event.notBeforeNs();
        session.startedNs = LifeState.RUNNING == next ? atNs : session.startedNs;
        session.endedNs = PastSession.isTerminal(next) ? atNs : session.endedNs;
        session.step(atNs);
        changedSessions.add(session);
        advance(session, atNs);
    }

    private void advance(final PastSession session, final long atNs)
    {
        final PastAttempt attempt = session.open;
        if (null == attempt)
        {
            return;
        }
        if (LifeState.RUNNING == session.state)
        {
            attempt.startedNs = atNs;
            changedAttempts.add(attempt);
        }
        else if (LifeState.PENDING == session.state || PastSession.isTerminal(session.state))
        {
            attempt.endedNs = atNs;
            attempt.reason = session.reason;
            attempt.exitCode = session.exitCode;
            changedAttempts.add(attempt);
            session.open = null;
        }
    }

    @Override
    public void onKernelAssigned(final KernelAssignedDecoder event, final ReleasedRecord record)
    {
        final PastSession session = session(event.kernelId() >> TouchedSessions.KERNEL_BITS);
        if (null == session)
        {
            return;
        }
        final long atNs = record.timestampNs();
        if (null == session.open || session.open.number != event.attempt())
        {
            session.open = new PastAttempt(session.id, event.attempt());
            session.open.assignedNs = atNs;
            changedAttempts.add(session.open);
        }
        final int index = (int)event.kernelId() & KERNEL_MASK;
        final PastKernel kernel = new PastKernel(session.id, event.attempt(), index);
        kernel.agentId = event.agentId();
        kernel.agent = names.agent(event.agentId());
        kernel.term = event.term();
        kernel.cpuMillis = event.cpuMillis();
        kernel.memoryBytes = event.memoryBytes();
        kernel.assignedNs = atNs;
        final Map<String, Long> slots = new TreeMap<>();
        for (final KernelAssignedDecoder.SlotsDecoder slot : event.slots())
        {
            slots.merge(names.slot(slot.slotId()), slot.amount(), Long::sum);
        }
        kernel.slots = slots;
        final PastKernel before = session.kernels.put(index, kernel);
        if (null != before)
        {
            // Placed again without a word of how the attempt before ended: it held nothing from here on.
            end(session, before, atNs);
        }
        changedKernels.add(kernel);
    }

    @Override
    public void onKernelAdvanced(final KernelAdvancedDecoder event, final ReleasedRecord record)
    {
        final PastSession session = session(event.kernelId() >> TouchedSessions.KERNEL_BITS);
        final PastKernel kernel =
            null == session ? null : session.kernels.get((int)event.kernelId() & KERNEL_MASK);
        if (null == kernel || kernel.attempt != event.attempt())
        {
            return;
        }
        final long atNs = record.timestampNs();
        kernel.state = event.state();
        kernel.reason = event.reason();
        kernel.exitCode = event.exitCode();
        if (LifeState.RUNNING == kernel.state && 0 == kernel.startedNs)
        {
            kernel.startedNs = atNs;
        }
        if (PastSession.isTerminal(kernel.state))
        {
            session.kernels.remove(kernel.index);
            end(session, kernel, atNs);
        }
        changedKernels.add(kernel);
    }

    /** What it had used by then counts, once: it is not among those that may end any more. */
    private void end(final PastSession session, final PastKernel kernel, final long atNs)
    {
        kernel.endedNs = atNs;
        changedKernels.add(kernel);
        if (0 != kernel.startedNs)
        {
            usage.add(session.asked.owner(), "cpu", kernel.cpuMillis, kernel.startedNs, atNs);
            usage.add(session.asked.owner(), "mem", kernel.memoryBytes, kernel.startedNs, atNs);
            kernel.slots.forEach((slot, amount) ->
                usage.add(session.asked.owner(), slot, amount, kernel.startedNs, atNs));
        }
    }

    /** What agents say beside the state; once a kernel has ended, it is told. */
    @Override
    public void onRecordBegin(final ReleasedRecord record)
    {
        if (KernelReportDecoder.TEMPLATE_ID != record.commandTemplateId())
        {
            return;
        }
        report.wrap(
            record.buffer(), record.commandBodyOffset(), record.commandBlockLength(), record.commandVersion());
        final PastSession session = sessions.get(report.kernelId() >> TouchedSessions.KERNEL_BITS);
        final PastKernel kernel =
            null == session ? null : session.kernels.get((int)report.kernelId() & KERNEL_MASK);
        if (null == kernel || kernel.agentId != report.agentId() || kernel.term != report.term() ||
            kernel.attempt != report.attempt())
        {
            return;
        }
        final String cpus = report.cpus();
        final String devices = report.devices();
        final String detail = report.detail();
        if (!cpus.isEmpty() || !devices.isEmpty() || !detail.isEmpty())
        {
            kernel.cpus = cpus.isEmpty() ? kernel.cpus : cpus;
            kernel.devices = devices.isEmpty() ? kernel.devices : devices;
            kernel.detail = detail.isEmpty() ? kernel.detail : detail;
            changedKernels.add(kernel);
        }
    }

    /**
     * What is launched.
     *
     * @param json    as it was submitted.
     * @param addedNs epoch nanoseconds.
     */
    record Spec(String json, long addedNs)
    {
    }
}
