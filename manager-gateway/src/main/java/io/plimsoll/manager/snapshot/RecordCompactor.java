package io.plimsoll.manager.snapshot;

import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.core.sbe.AccountConfiguredDecoder;
import io.plimsoll.core.sbe.AgentAttachedDecoder;
import io.plimsoll.core.sbe.AgentChangedDecoder;
import io.plimsoll.core.sbe.BooleanType;
import io.plimsoll.core.sbe.GroupConfiguredDecoder;
import io.plimsoll.core.sbe.KernelAdvancedDecoder;
import io.plimsoll.core.sbe.KernelAssignedDecoder;
import io.plimsoll.core.sbe.KernelReleasedDecoder;
import io.plimsoll.core.sbe.KernelReportDecoder;
import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.LostTailChangedDecoder;
import io.plimsoll.core.sbe.ManagerStartedDecoder;
import io.plimsoll.core.sbe.MessageHeaderDecoder;
import io.plimsoll.core.sbe.OrphanFoundDecoder;
import io.plimsoll.core.sbe.PoisonedDecoder;
import io.plimsoll.core.sbe.SessionAdvancedDecoder;
import io.plimsoll.core.sbe.SessionForgottenDecoder;
import io.plimsoll.core.sbe.SessionQueuedDecoder;
import io.plimsoll.core.sbe.SessionUpdatedDecoder;
import io.plimsoll.core.sbe.SlotDefinedDecoder;
import io.plimsoll.core.sbe.SpecAddedDecoder;
import io.plimsoll.core.sbe.SpecDroppedDecoder;
import io.plimsoll.core.sbe.TermBeganDecoder;
import io.plimsoll.manager.egress.SubmissionIndex;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.agrona.DirectBuffer;
import org.agrona.collections.Long2ObjectHashMap;

/**
 * Leaves out of a journal what has no effect any more on what readers see: events of sessions that are forgotten, of
 * connections and options that are others now. What is left keeps its order, sequences and times, one event to a
 * record, and {@link io.plimsoll.manager.RestoredView} becomes the same by it as by the whole journal; so the events
 * are the format of this part of a snapshot, and whoever can read a journal can read it. What it puts out may be put in
 * again, followed by the records after it. What it keeps is off-heap, until it is closed or nobody refers to it. For
 * one thread.
 */
public final class RecordCompactor implements AutoCloseable
{
    private static final int CHUNK_LENGTH = 1 << 22;
    private static final int KERNEL_BITS = 10;
    private static final int KIND_SHIFT = 56;
    /* Kinds of keys. */
    private static final long KEPT = 0;
    private static final long SESSION = 1L << KIND_SHIFT;
    private static final long ARRAY = 2L << KIND_SHIFT;
    private static final long SPEC = 3L << KIND_SHIFT;
    private static final long ATTACHED = 4L << KIND_SHIFT;
    private static final long CHANGED = 5L << KIND_SHIFT;
    private static final long ORPHANS = 6L << KIND_SHIFT;
    private static final long GROUP = 7L << KIND_SHIFT;
    private static final long ACCOUNT = 8L << KIND_SHIFT;
    private static final long SEEN_TERM = 9L << KIND_SHIFT;
    /** A session that has a row of its own, or a job array. */
    private static final class Owner
    {
        private final long specId;
        private final long count;
        /** Sessions of the array that are forgotten. */
        private long forgotten;
        /** Sessions of the array that are forgotten and have kernels that may still run. */
        private long held;

        private Owner(final long specId, final long count)
        {
            this.specId = specId;
            this.count = count;
        }
    }

    /** Where kernels of a session are, or may be. */
    private static final class Placed
    {
        private int count;
        private boolean isForgotten;
    }

    /** How many sessions show a spec. */
    private static final class SpecUse
    {
        private long users;
        private boolean isDropped;
    }

    /** Null if nothing is kept. */
    private final CompactLog kept;
    private final KeyedLog log;
    private final RecordBuilder builder = new RecordBuilder();
    private final Long2ObjectHashMap<Owner> sessions = new Long2ObjectHashMap<>();
    private final TreeMap<Long, Owner> arrays = new TreeMap<>();
    private final Long2ObjectHashMap<Placed> placed = new Long2ObjectHashMap<>();
    private final Long2ObjectHashMap<SpecUse> specs = new Long2ObjectHashMap<>();
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final KernelReportDecoder report = new KernelReportDecoder();
    private final GroupConfiguredDecoder group = new GroupConfiguredDecoder();
    private final AccountConfiguredDecoder account = new AccountConfiguredDecoder();
    private final AgentAttachedDecoder attached = new AgentAttachedDecoder();
    private final AgentChangedDecoder changed = new AgentChangedDecoder();
    private final OrphanFoundDecoder orphan = new OrphanFoundDecoder();
    private final SpecAddedDecoder specAdded = new SpecAddedDecoder();
    private final SpecDroppedDecoder specDropped = new SpecDroppedDecoder();
    private final SessionQueuedDecoder queued = new SessionQueuedDecoder();
    private final SessionAdvancedDecoder sessionAdvanced = new SessionAdvancedDecoder();
    private final SessionUpdatedDecoder updated = new SessionUpdatedDecoder();
    private final SessionForgottenDecoder forgotten = new SessionForgottenDecoder();
    private final KernelAssignedDecoder assigned = new KernelAssignedDecoder();
    private final KernelAdvancedDecoder kernelAdvanced = new KernelAdvancedDecoder();
    private final KernelReleasedDecoder released = new KernelReleasedDecoder();
    private final RecordFlyweight.EventConsumer onEvent = this::onEvent;
    private final SubmissionIndex submissions = new SubmissionIndex();
    private SubmissionIndex submission;
    private RecordFlyweight current;
    private long seenTermMax = -1;
    private long sequence;
    private long timestampNs;

    /** Empty. */
    public RecordCompactor()
    {
        kept = new CompactLog(CHUNK_LENGTH);
        log = kept;
    }

    private RecordCompactor(final LogTally tally)
    {
        kept = null;
        log = tally;
    }

    /** Keeps nothing, and says only how much it would. */
    static RecordCompactor counting()
    {
        return new RecordCompactor(new LogTally());
    }

    /** Takes a record of a journal, or one that was put out. */
    public void onRecord(final RecordFlyweight record)
    {
        sequence = record.sequence();
        timestampNs = record.timestampNs();
        final DirectBuffer buffer = record.buffer();
        final int command = record.commandOffset();
        header.wrap(buffer, command);
        submission = null;
        current = record;
        switch (header.templateId())
        {
            case KernelReportDecoder.TEMPLATE_ID -> onReport(record);
            case ManagerStartedDecoder.TEMPLATE_ID, PoisonedDecoder.TEMPLATE_ID ->
                begin().command(buffer, command, record.commandLength()).addTo(log, KEPT);
            default ->
            {
                // Its events say all.
            }
        }
        record.forEachEvent(onEvent);
    }

    private RecordBuilder begin()
    {
        return builder.begin(sequence, timestampNs);
    }

    private void onReport(final RecordFlyweight record)
    {
        report.wrapAndApplyHeader(record.buffer(), record.commandOffset(), header);
        final long sessionId = report.kernelId() >> KERNEL_BITS;
        final int said = report.skipCpus() + report.skipDevices() + report.skipDetail();
        if (said > 0 && placed.containsKey(sessionId))
        {
            begin().command(record.buffer(), record.commandOffset(), record.commandLength())
                .addTo(log, SESSION | sessionId);
        }
    }

    private void onEvent(final DirectBuffer buffer, final int offset, final int length)
    {
        header.wrap(buffer, offset);
        switch (header.templateId())
        {
            case TermBeganDecoder.TEMPLATE_ID,
                LostTailChangedDecoder.TEMPLATE_ID,
                SlotDefinedDecoder.TEMPLATE_ID -> keep(KEPT, buffer, offset, length);
            case GroupConfiguredDecoder.TEMPLATE_ID ->
                replace(GROUP | group.wrapAndApplyHeader(buffer, offset, header).groupId(), buffer, offset, length);
            case AccountConfiguredDecoder.TEMPLATE_ID -> replace(
                ACCOUNT | account.wrapAndApplyHeader(buffer, offset, header).accountId(), buffer, offset, length);
            case AgentAttachedDecoder.TEMPLATE_ID -> onAttached(buffer, offset, length);
            case AgentChangedDecoder.TEMPLATE_ID ->
                replace(CHANGED | changed.wrapAndApplyHeader(buffer, offset, header).agentId(), buffer, offset, length);
            case OrphanFoundDecoder.TEMPLATE_ID ->
                keep(ORPHANS | orphan.wrapAndApplyHeader(buffer, offset, header).agentId(), buffer, offset, length);
            default -> onWork(buffer, offset, length);
        }
    }

    private void keep(final long key, final DirectBuffer buffer, final int offset, final int length)
    {
        begin().event(buffer, offset, length).addTo(log, key);
    }

    private void replace(final long key, final DirectBuffer buffer, final int offset, final int length)
    {
        log.drop(key);
        keep(key, buffer, offset, length);
    }

    private void onAttached(final DirectBuffer buffer, final int offset, final int length)
    {
        attached.wrapAndApplyHeader(buffer, offset, header);
        log.drop(ORPHANS | attached.agentId());
        if (attached.seenTerm() > seenTermMax)
        {
            // The highest term that any agent told of outlasts what else it said.
            seenTermMax = attached.seenTerm();
            replace(SEEN_TERM, buffer, offset, length);
        }
        replace(ATTACHED | attached.agentId(), buffer, offset, length);
    }

    private void onWork(final DirectBuffer buffer, final int offset, final int length)
    {
        switch (header.templateId())
        {
            case SpecAddedDecoder.TEMPLATE_ID -> onSpecAdded(buffer, offset, length);
            case SpecDroppedDecoder.TEMPLATE_ID -> onSpecDropped(buffer, offset, length);
            case SessionQueuedDecoder.TEMPLATE_ID -> onQueued(buffer, offset, length);
            case SessionAdvancedDecoder.TEMPLATE_ID -> keep(
                SESSION | sessionAdvanced.wrapAndApplyHeader(buffer, offset, header).sessionId(),
                buffer, offset, length);
            case SessionUpdatedDecoder.TEMPLATE_ID -> onUpdated(buffer, offset, length);
            case SessionForgottenDecoder.TEMPLATE_ID -> onForgotten(buffer, offset, length);
            case KernelAssignedDecoder.TEMPLATE_ID ->
            {
                final long id = assigned.wrapAndApplyHeader(buffer, offset, header).kernelId() >> KERNEL_BITS;
                placed.computeIfAbsent(id, key -> new Placed()).count++;
                keep(SESSION | id, buffer, offset, length);
            }
            case KernelAdvancedDecoder.TEMPLATE_ID ->
            {
                kernelAdvanced.wrapAndApplyHeader(buffer, offset, header);
                final long id = kernelAdvanced.kernelId() >> KERNEL_BITS;
                keep(SESSION | id, buffer, offset, length);
                if (isTerminal(kernelAdvanced.state()) && BooleanType.T != kernelAdvanced.held())
                {
                    release(id);
                }
            }
            case KernelReleasedDecoder.TEMPLATE_ID ->
            {
                final long id = released.wrapAndApplyHeader(buffer, offset, header).kernelId() >> KERNEL_BITS;
                keep(SESSION | id, buffer, offset, length);
                release(id);
            }
            default ->
            {
                // Readers do not see it, or it belongs to a release that this one does not know.
            }
        }
    }

    private static boolean isTerminal(final LifeState state)
    {
        return LifeState.TERMINATED == state || LifeState.CANCELLED == state || LifeState.ERROR == state;
    }

    /* Specs: there until the core has dropped them and no session shows them. */

    private void onSpecAdded(final DirectBuffer buffer, final int offset, final int length)
    {
        specAdded.wrapAndApplyHeader(buffer, offset, header);
        specs.put(specAdded.specId(), new SpecUse());
        begin()
            .spec(submission().spec(specAdded.specIndex()))
            .event(buffer, offset, length)
            .ofFirstSpec()
            .addTo(log, SPEC | specAdded.specId());
    }

    private void onSpecDropped(final DirectBuffer buffer, final int offset, final int length)
    {
        final long specId = specDropped.wrapAndApplyHeader(buffer, offset, header).specId();
        final SpecUse use = specs.get(specId);
        use.isDropped = true;
        keep(SPEC | specId, buffer, offset, length);
        dropIfUnused(specId, use);
    }

    private void unuse(final long specId)
    {
        final SpecUse use = specs.get(specId);
        use.users--;
        dropIfUnused(specId, use);
    }

    private void dropIfUnused(final long specId, final SpecUse use)
    {
        if (use.isDropped && 0 == use.users)
        {
            specs.remove(specId);
            log.drop(SPEC | specId);
        }
    }

    /* Sessions: there until they are forgotten and none of their kernels may still run. */

    private void onQueued(final DirectBuffer buffer, final int offset, final int length)
    {
        queued.wrapAndApplyHeader(buffer, offset, header);
        final long id = queued.sessionId();
        final boolean isArray = BooleanType.T == queued.array();
        final Owner owner = new Owner(queued.specId(), queued.elementCount());
        specs.get(owner.specId).users++;
        if (isArray)
        {
            arrays.put(id, owner);
        }
        else
        {
            sessions.put(id, owner);
        }
        begin()
            .name(submission().nameBytes(queued.entryIndex()))
            .event(buffer, offset, length)
            .ofFirstSession()
            .addTo(log, (isArray ? ARRAY : SESSION) | id);
    }

    /** Of elements of an array it is kept as long as that: which of them waited nobody needs to know here. */
    private void onUpdated(final DirectBuffer buffer, final int offset, final int length)
    {
        final long id = updated.wrapAndApplyHeader(buffer, offset, header).sessionId();
        keep(sessions.containsKey(id) ? SESSION | id : ARRAY | arrays.floorKey(id), buffer, offset, length);
    }

    private void onForgotten(final DirectBuffer buffer, final int offset, final int length)
    {
        final long id = forgotten.wrapAndApplyHeader(buffer, offset, header).sessionId();
        final Placed kernels = placed.get(id);
        if (null != kernels && kernels.count > 0)
        {
            kernels.isForgotten = true;
            keep(SESSION | id, buffer, offset, length);
            if (!sessions.containsKey(id))
            {
                final Owner array = arrays.floorEntry(id).getValue();
                array.forgotten++;
                array.held++;
            }
            return;
        }
        drop(id, true);
    }

    private void release(final long id)
    {
        final Placed kernels = placed.get(id);
        if (0 == --kernels.count && kernels.isForgotten)
        {
            drop(id, false);
        }
    }

    private void drop(final long id, final boolean now)
    {
        placed.remove(id);
        log.drop(SESSION | id);
        final Owner owner = sessions.remove(id);
        if (null != owner)
        {
            unuse(owner.specId);
            return;
        }
        final Map.Entry<Long, Owner> array = arrays.floorEntry(id);
        final Owner of = array.getValue();
        of.forgotten += now ? 1 : 0;
        of.held -= now ? 0 : 1;
        if (of.forgotten == of.count && 0 == of.held)
        {
            arrays.remove(array.getKey());
            log.drop(ARRAY | array.getKey());
            unuse(of.specId);
        }
        else
        {
            // The array lacks it from now on; what it came to nobody sees, but it waits no more.
            begin().ended(id).addTo(log, ARRAY | array.getKey());
            begin().forgotten(id).addTo(log, ARRAY | array.getKey());
        }
    }

    private SubmissionIndex submission()
    {
        if (null == submission)
        {
            header.wrap(current.buffer(), current.commandOffset());
            submission = submissions.read(
                current.buffer(),
                current.commandOffset() + MessageHeaderDecoder.ENCODED_LENGTH,
                header.blockLength(),
                header.version());
        }
        return submission;
    }

    /** Bytes of what still has an effect. */
    long liveBytes()
    {
        return log.liveBytes();
    }

    /**
     * What still has an effect, in order, and last a record that says how far that goes. A record is valid until the
     * next one is asked for, and while nothing else is taken.
     */
    Iterator<RecordFlyweight> records()
    {
        final Iterator<RecordFlyweight> live = kept.records();
        return new Iterator<>()
        {
            private boolean hasEnded;

            @Override
            public boolean hasNext()
            {
                return !hasEnded;
            }

            @Override
            public RecordFlyweight next()
            {
                if (live.hasNext())
                {
                    return live.next();
                }
                if (hasEnded)
                {
                    throw new NoSuchElementException("behind the last record");
                }
                hasEnded = true;
                return begin().record();
            }
        };
    }

    /** Hands over the same. */
    public void forEach(final Consumer<RecordFlyweight> consumer)
    {
        records().forEachRemaining(consumer);
    }

    /** Forgets everything. */
    @Override
    public void close()
    {
        if (null != kept)
        {
            kept.close();
        }
    }
}
