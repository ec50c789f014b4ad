package io.plimsoll.core;

import io.plimsoll.core.sbe.RejectCode;
import io.plimsoll.core.sbe.SubmitSessionsDecoder;
import org.agrona.DirectBuffer;
import org.agrona.collections.LongArrayList;

/**
 * Decides submissions: a chunk is checked whole, then queued whole. What is wrong with a session by itself the
 * {@link SubmissionReader} finds; what the cluster, its groups and accounts have against it is found here.
 */
final class SubmitDecider
{
    private final CoreState state;
    private final Emitter emitter;
    private final ClusterEmitter answers;
    private final Submission submission = new Submission();
    private final CommandBytes bytes;
    private final SubmissionRefusal refusal;
    private final SubmissionReader reader;
    private final EntrySlots slots;
    private final Capacities capacities;
    private final Admission admission;
    private final LongArrayList pendingByGroup = new LongArrayList();
    /** Of {@link ShadowTable}, with what was read so far. */
    private long shadowRows;
    private boolean bringsReady;

    SubmitDecider(
        final CoreState state, final Emitter emitter, final ClusterEmitter answers, final CommandBytes bytes)
    {
        this.state = state;
        this.bytes = bytes;
        this.emitter = emitter;
        this.answers = answers;
        refusal = new SubmissionRefusal(answers);
        reader = new SubmissionReader(state, bytes, refusal);
        slots = reader.slots();
        capacities = new Capacities(state);
        admission = new Admission(state);
    }

    /**
     * Decides the command whose header is at an offset. One that brings nobody who may start at once is no cause to
     * place others: who goes first among them may have changed with the time, but counts when something else happens.
     *
     * @return whether it brought anybody who may.
     */
    boolean onSubmit(final DirectBuffer commandBuffer, final int commandOffset)
    {
        final int block = CommandBytes.HEADER_LENGTH;
        bytes.require(block, SubmitSessionsDecoder.BLOCK_LENGTH);
        submission.correlationId = bytes.getLong(block + SubmitSessionsDecoder.correlationIdEncodingOffset());
        submission.source = bytes.getInt(block + SubmitSessionsDecoder.sourceEncodingOffset());
        submission.ownerId = bytes.getInt(block + SubmitSessionsDecoder.ownerIdEncodingOffset());
        submission.keyHi = bytes.getLong(block + SubmitSessionsDecoder.keyHashHiEncodingOffset());
        submission.keyLo = bytes.getLong(block + SubmitSessionsDecoder.keyHashLoEncodingOffset());
        submission.bodyHi = bytes.getLong(block + SubmitSessionsDecoder.bodyHashHiEncodingOffset());
        submission.bodyLo = bytes.getLong(block + SubmitSessionsDecoder.bodyHashLoEncodingOffset());
        refusal.begin(submission);
        bringsReady = false;
        if (submission.hasKey() && answeredBefore())
        {
            return false;
        }
        if (state.lostTail)
        {
            return refusal.because(RejectCode.LOST_TAIL, "");
        }
        reader.begin(commandBuffer, commandOffset, submission.ownerId);
        final SubmissionEntry last = check();
        if (null != last)
        {
            queue(last);
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
            refusal.because(RejectCode.IDEMPOTENCY_KEY_REUSED, "", keys.get(keys.firstId, key));
        }
        return true;
    }

    /* Checking. */

    /** Checks all sessions; returns the last one, null if it was said what is wrong. */
    private SubmissionEntry check()
    {
        pendingByGroup.clear();
        shadowRows = state.shadows.rows.count();
        admission.begin(submission.ownerId);
        for (int group = 0; group < state.groups.count(); group++)
        {
            pendingByGroup.addLong(state.groups.get(state.groups.pending, group));
        }
        SubmissionEntry entry = null;
        for (int index = 0; index < reader.sessions(); index++)
        {
            refusal.entry(index);
            entry = reader.read(index, true);
            if (null == entry || !checkSlots(entry) || !checkAdmission(entry) || !checkFit(entry))
            {
                return null;
            }
        }
        if (null == entry)
        {
            refusal.because(RejectCode.OUT_OF_RANGE, "sessions", 0, 1);
        }
        return entry;
    }

    /** In a group that takes whatever comes, an agent may come that has any slot. */
    private boolean checkSlots(final SubmissionEntry entry)
    {
        return slots.areDefined() || slots.mayBeAsked(capacities.takesAny(entry.request.group));
    }

    private boolean checkAdmission(final SubmissionEntry entry)
    {
        return admission.admits(entry) || refusal.because(admission.report());
    }

    private boolean checkFit(final SubmissionEntry entry)
    {
        final int group = entry.request.group;
        final long pending = pendingByGroup.getLong(group) + entry.count;
        final long pendingMax = state.groups.get(state.groups.pendingMax, group);
        if (pending > pendingMax)
        {
            return refusal.because(RejectCode.TOO_MANY_PENDING, "count", entry.count, pendingMax);
        }
        pendingByGroup.setLong(group, pending);
        shadowRows += state.shadows.isKept(group) ? entry.count : 0;
        if (shadowRows > ShadowTable.ROWS_MAX)
        {
            return refusal.because(RejectCode.TOO_MANY_PENDING, "count", entry.count, ShadowTable.ROWS_MAX);
        }
        if (!admission.leavesEnough(entry, pending, pendingMax) ||
            state.shadows.isKept(group) && !admission.leavesEnough(entry, shadowRows, ShadowTable.ROWS_MAX))
        {
            return refusal.because(RejectCode.TOO_MANY_PENDING, admission.report());
        }
        return capacities.couldFit(entry) || refuseUnsatisfiable();
    }

    private boolean refuseUnsatisfiable()
    {
        final long requested = capacities.requested();
        final long limit = capacities.limit();
        if (capacities.isConstrained())
        {
            return refusal.because(RejectCode.UNSATISFIABLE, "constraints", requested, limit);
        }
        if (Table.NONE == capacities.slot())
        {
            return refusal.because(RejectCode.UNSATISFIABLE, "kernels", requested, limit);
        }
        final int name = state.slots.get(state.slots.name, capacities.slot());
        return refusal.because(RejectCode.UNSATISFIABLE, name, requested, limit);
    }

    /* Queueing. */

    /** Queues all sessions, of which the last one is the one that was just read. */
    private void queue(final SubmissionEntry last)
    {
        final AskedSlots asked = slots.asked();
        for (int i = 0; i < asked.count(); i++)
        {
            answers.slotDefined(state.slots.count(), SlotTable.kindOf(asked.name(i)), asked.name(i));
        }
        final long firstId = state.nextSessionId;
        final long nextId = 1 == reader.sessions() ? queue(last, firstId) : queueAll(firstId);
        emitter.submissionAccepted(submission, firstId, nextId - firstId, false);
    }

    /** Queues a session; returns the next id. */
    private long queue(final SubmissionEntry entry, final long id)
    {
        bringsReady |= entry.startsAtNs <= state.timestampNs;
        emitter.sessionQueued(entry, id, submission.ownerId, spec(entry.specIndex));
        return id + entry.count;
    }

    private long queueAll(final long firstId)
    {
        reader.rewind();
        long nextId = firstId;
        for (int index = 0; index < reader.sessions(); index++)
        {
            nextId = queue(reader.read(index, false), nextId);
        }
        return nextId;
    }

    /** Row of a spec, which is new if no session has it. */
    private int spec(final int specIndex)
    {
        final long hi = reader.specHashHi(specIndex);
        final long lo = reader.specHashLo(specIndex);
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
