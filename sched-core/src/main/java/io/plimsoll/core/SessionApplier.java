package io.plimsoll.core;

import io.plimsoll.core.sbe.BooleanType;
import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.MessageHeaderDecoder;
import io.plimsoll.core.sbe.OnLoss;
import io.plimsoll.core.sbe.Reason;
import io.plimsoll.core.sbe.Result;
import io.plimsoll.core.sbe.SessionAdvancedDecoder;
import io.plimsoll.core.sbe.SessionForgottenDecoder;
import io.plimsoll.core.sbe.SessionQueuedDecoder;
import io.plimsoll.core.sbe.SessionType;
import io.plimsoll.core.sbe.SpecAddedDecoder;
import io.plimsoll.core.sbe.SpecDroppedDecoder;
import io.plimsoll.core.sbe.SubmissionAcceptedDecoder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Applies events about sessions, specs and dependencies. */
final class SessionApplier
{
    private final CoreState state;
    private final SessionTable sessions;
    private final ShapeTable shapes;
    private final SpecTable specs;
    private final EdgeTable edges;
    private final Request request = new Request();
    private final Submission submission = new Submission();
    private final PartsFlyweight parts = new PartsFlyweight();
    private final UnsafeBuffer text = new UnsafeBuffer(0, 0);
    private final SessionQueuedDecoder queued = new SessionQueuedDecoder();
    private final SessionAdvancedDecoder advanced = new SessionAdvancedDecoder();
    private final SessionForgottenDecoder forgotten = new SessionForgottenDecoder();
    private final SubmissionAcceptedDecoder accepted = new SubmissionAcceptedDecoder();
    private final SpecAddedDecoder specAdded = new SpecAddedDecoder();
    private final SpecDroppedDecoder specDropped = new SpecDroppedDecoder();

    SessionApplier(final CoreState state)
    {
        this.state = state;
        sessions = state.sessions;
        shapes = state.shapes;
        specs = state.specs;
        edges = state.edges;
    }

    void onSpecAdded(final DirectBuffer buffer, final int offset, final EventHeader header)
    {
        specAdded.wrap(buffer, offset + MessageHeaderDecoder.ENCODED_LENGTH, header.blockLength(), header.version());
        specs.add(specAdded.specId(), specAdded.hashHi(), specAdded.hashLo());
        state.nextSpecId = Math.max(state.nextSpecId, specAdded.specId() + 1);
    }

    void onSpecDropped(final DirectBuffer buffer, final int offset, final EventHeader header)
    {
        specDropped.wrap(buffer, offset + MessageHeaderDecoder.ENCODED_LENGTH, header.blockLength(), header.version());
        specs.remove(specs.byId(specDropped.specId()));
    }

    void onSubmissionAccepted(final DirectBuffer buffer, final int offset, final EventHeader header)
    {
        accepted.wrap(buffer, offset + MessageHeaderDecoder.ENCODED_LENGTH, header.blockLength(), header.version());
        submission.ownerId = accepted.ownerId();
        submission.keyHi = accepted.keyHashHi();
        submission.keyLo = accepted.keyHashLo();
        submission.bodyHi = accepted.bodyHashHi();
        submission.bodyLo = accepted.bodyHashLo();
        if (BooleanType.F == accepted.repeated() && submission.hasKey())
        {
            accept(submission, accepted.firstId(), accepted.count());
        }
    }

    /** A submission that has a key came for the first time. */
    void accept(final Submission first, final long firstId, final long count)
    {
        final KeyTable keys = state.keys;
        final int key = keys.add(first.ownerId, first.keyHi, first.keyLo, state.timestampNs);
        keys.set(keys.bodyHi, key, first.bodyHi);
        keys.set(keys.bodyLo, key, first.bodyLo);
        keys.set(keys.firstId, key, firstId);
        keys.set(keys.idCount, key, count);
    }

    void onQueued(final DirectBuffer buffer, final int offset, final EventHeader header)
    {
        queued.wrap(buffer, offset + MessageHeaderDecoder.ENCODED_LENGTH, header.blockLength(), header.version());
        final long count = queued.elementCount();
        final int session = add(queued.sessionId(), count, BooleanType.T == queued.array());
        sessions.set(sessions.owner, session, queued.ownerId());
        sessions.set(sessions.type, session, (byte)queued.sessionTypeRaw());
        sessions.set(sessions.restart, session, (byte)(OnLoss.RESTART == queued.onLoss() ? 1 : 0));
        sessions.set(sessions.walltimeNs, session, queued.walltimeNs());
        sessions.set(sessions.graceNs, session, queued.graceNs());
        sessions.set(sessions.startsAtNs, session, queued.startsAtNs());
        sessions.set(sessions.failurePolicy, session, (byte)queued.failurePolicyRaw());
        sessions.set(sessions.preemptible, session, (byte)(BooleanType.T == queued.preemptible() ? 1 : 0));
        refer(session, specs.byId(queued.specId()));
        readRequest();
        readDependencies(session);
        readConstraint();
        queued.wrapParts(text);
        enterPending(session, 0 == text.capacity() ? intern(request) : internParts(), count);
    }

    /** A session without dependencies came to wait, of a shape and a spec that are there. */
    void queue(final SubmissionEntry entry, final long id, final int spec)
    {
        final int session = add(id, entry.count, entry.array);
        sessions.set(sessions.owner, session, entry.shapeOwner);
        sessions.set(sessions.type, session, (byte)entry.type);
        sessions.set(sessions.restart, session, (byte)(OnLoss.RESTART.value() == entry.onLoss ? 1 : 0));
        sessions.set(sessions.walltimeNs, session, entry.walltimeNs);
        sessions.set(sessions.graceNs, session, entry.graceNs);
        sessions.set(sessions.startsAtNs, session, entry.startsAtNs);
        sessions.set(sessions.failurePolicy, session, (byte)entry.failurePolicy);
        sessions.set(sessions.preemptible, session, (byte)(entry.preemptible ? 1 : 0));
        refer(session, spec);
        enterPending(session, entry.shape, entry.count);
    }

    private int add(final long id, final long count, final boolean isArray)
    {
        final int session = sessions.add(id, count, isArray);
        state.nextSessionId = Math.max(state.nextSessionId, id + count);
        sessions.set(sessions.submittedNs, session, state.timestampNs);
        return session;
    }

    private void refer(final int session, final int spec)
    {
        sessions.set(sessions.spec, session, spec);
        specs.add(specs.refs, spec, 1);
    }

    private void enterPending(final int session, final int shape, final long count)
    {
        shapes.addReference(shape);
        sessions.set(sessions.shape, session, shape);
        state.requests.learn(shape, count);
        enterPending(session, 0L);
    }

    private void readRequest()
    {
        request.clear();
        request.group = queued.groupId();
        request.priority = queued.priority();
        request.owner = queued.ownerId();
        request.system = SessionType.SYSTEM.value() == queued.sessionTypeRaw();
        request.walltimeNs = queued.walltimeNs();
        request.kernels = queued.kernels();
        request.amounts[SlotTable.CPU] = queued.cpuMillis();
        request.amounts[SlotTable.MEM] = queued.memoryBytes();
        for (final SessionQueuedDecoder.SlotsDecoder slot : queued.slots())
        {
            request.further(slot.slotId(), slot.amount());
        }
    }

    /** The text of the constraints stands last in the event. */
    private void readConstraint()
    {
        queued.wrapConstraint(text);
        request.constraint = state.constraints.intern(text, 0, text.capacity());
    }

    /** Row of the shape of a request; a new one refers to its constraints and its further part. */
    int intern(final Request asked)
    {
        final int shape = shapes.intern(asked);
        if (0 == shapes.get(shapes.refs, shape))
        {
            shapes.account(shape, state.accounts.find(asked.owner));
            state.constraints.addReference(asked.constraint);
            if (shapes.isParted(shape))
            {
                shapes.addReference(shapes.nextPart(shape));
            }
        }
        return shape;
    }

    /** The last part comes first, so that each finds the shape of the rest there. */
    private int internParts()
    {
        int rest = Table.NONE;
        parts.wrap(text);
        while (parts.hasNext())
        {
            final Request part = request.addPart();
            part.constraint = request.constraint;
            parts.readQueued(part);
            part.nextPart = rest + 1;
            rest = intern(part);
        }
        request.nextPart = rest + 1;
        return intern(request);
    }

    private void readDependencies(final int session)
    {
        int unmet = 0;
        for (final SessionQueuedDecoder.DependenciesDecoder dependency : queued.dependencies())
        {
            final long targetId = dependency.sessionId();
            final boolean anyEnd = BooleanType.T == dependency.anyEnd();
            final int target = sessions.findOwn(targetId);
            final boolean hasEnded = Table.NONE != target && sessions.isTerminal(target);
            final boolean hasFailed = hasEnded && Result.SUCCESS.value() != sessions.get(sessions.result, target);
            if (hasEnded && Table.NONE == edges.target(targetId))
            {
                state.ended.remove(target);
                state.awaited.add(target);
            }
            final int head = sessions.get(sessions.dependencyHead, session);
            sessions.set(sessions.dependencyHead, session, edges.add(targetId, anyEnd, session, head));
            if (hasFailed)
            {
                edges.fail(edges.target(targetId));
            }
            unmet += hasEnded && (anyEnd || !hasFailed) ? 0 : 1;
        }
        sessions.set(sessions.unmet, session, unmet);
    }

    private void enterPending(final int session, final long notBeforeNs)
    {
        final int group = shapes.get(shapes.group, sessions.get(sessions.shape, session));
        final GroupTable groups = state.groups;
        final long timeoutNs = groups.get(groups.pendingTimeoutNs, group);
        groups.add(groups.pending, group, sessions.waiting(session));
        state.ledger.onPending(sessions.get(sessions.shape, session), sessions.waiting(session));
        sessions.set(sessions.state, session, (byte)LifeState.PENDING.value());
        sessions.set(sessions.stateNs, session, state.timestampNs);
        sessions.set(sessions.notBeforeNs, session, notBeforeNs);
        final long sinceNs = Math.max(state.timestampNs, sessions.get(sessions.startsAtNs, session));
        sessions.set(sessions.deadlineNs, session, 0 == timeoutNs ? 0 : sinceNs + timeoutNs);
        state.shadows.onPending(session);
        state.schedule.deadlines.armSession(session);
        state.schedule.onPending(session);
    }

    private void leavePending(final int session)
    {
        final int group = shapes.get(shapes.group, sessions.get(sessions.shape, session));
        final GroupTable groups = state.groups;
        groups.add(groups.pending, group, -1);
        state.ledger.onPending(sessions.get(sessions.shape, session), -1);
        state.reservations.removeAll(session);
        state.schedule.onNotPending(session);
        state.schedule.deadlines.disarmSession(session);
        dropDependencies(session);
        sessions.set(sessions.deadlineNs, session, 0);
        sessions.set(sessions.notBeforeNs, session, 0);
        sessions.set(sessions.yieldsInVain, session, 0);
        sessions.set(sessions.yieldNotBeforeNs, session, 0);
    }

    void onAdvanced(final DirectBuffer buffer, final int offset, final EventHeader header)
    {
        advanced.wrap(buffer, offset + MessageHeaderDecoder.ENCODED_LENGTH, header.blockLength(), header.version());
        advance(
            advanced.sessionId(),
            advanced.stateRaw(),
            advanced.resultRaw(),
            advanced.reasonRaw(),
            advanced.attempt(),
            advanced.exitCode(),
            advanced.notBeforeNs());
    }

    void advance(
        final long id,
        final int next,
        final int result,
        final int reason,
        final int attempt,
        final int exitCode,
        final long notBeforeNs)
    {
        final int own = sessions.findOwn(id);
        final int session = Table.NONE == own ? takeElement(id) : own;
        final byte previous = sessions.get(sessions.state, session);
        if (!SessionEdges.mayBecome(previous, next))
        {
            throw new IllegalStateException("sessionId=" + id + " " + LifeState.get(previous) + " -> " +
                LifeState.get((short)next) + " reason=" + Reason.get((short)reason));
        }
        if (LifeState.PENDING.value() == previous && Table.NONE != own)
        {
            leavePending(session);
        }
        if (0 != sessions.get(sessions.killing, session) && next != LifeState.TERMINATING.value())
        {
            stopKilling(session);
        }
        sessions.set(sessions.state, session, (byte)next);
        state.schedule.onAdvanced(session, previous, next);
        sessions.set(sessions.stateNs, session, state.timestampNs);
        sessions.set(sessions.result, session, (byte)result);
        sessions.set(sessions.reason, session, (byte)reason);
        sessions.set(sessions.attempt, session, attempt);
        sessions.set(sessions.exitCode, session, exitCode);
        if (LifeState.PENDING.value() == next)
        {
            waitAgain(session, reason, notBeforeNs);
        }
        else
        {
            enter(session, next);
        }
    }

    private void waitAgain(final int session, final int reason, final long notBeforeNs)
    {
        sessions.set(sessions.held, session, 0);
        sessions.set(sessions.failedKernel, session, 0);
        sessions.set(sessions.runningNs, session, 0);
        if (Reason.PREEMPTED.value() == reason)
        {
            sessions.add(sessions.preemptions, session, 1);
        }
        enterPending(session, notBeforeNs);
    }

    /** From now on the limit counts, for kernels too that are on their way out without having run. */
    private void onLimitSet(final int session)
    {
        for (int kernel = sessions.get(sessions.kernelHead, session);
            Table.NONE != kernel;
            kernel = state.kernels.get(state.kernels.siblingNext, kernel))
        {
            state.schedule.kernelEnds.onChanged(kernel);
        }
    }

    private void enter(final int session, final int next)
    {
        if (LifeState.SCHEDULED.value() == next)
        {
            state.ledger.onSession(sessions.get(sessions.shape, session), 1);
            state.shadows.onStarted(session);
        }
        else if (LifeState.RUNNING.value() == next)
        {
            sessions.set(sessions.runningNs, session, state.timestampNs);
            if (sessions.liveIn(session, LifeState.TERMINATING.value()) > 0)
            {
                onLimitSet(session);
            }
        }
        else if (LifeState.TERMINATING.value() == next)
        {
            if (0 == sessions.get(sessions.killing, session) &&
                sessions.get(sessions.live, session) > sessions.liveIn(session, LifeState.TERMINATING.value()))
            {
                sessions.set(sessions.killing, session, (byte)1);
                state.killing.add(session);
            }
        }
        else if (next >= LifeState.TERMINATED.value())
        {
            end(session);
        }
    }

    private void stopKilling(final int session)
    {
        sessions.set(sessions.killing, session, (byte)0);
        state.killing.remove(session);
    }

    private void end(final int session)
    {
        state.shadows.onEnded(session);
        final int target = edges.target(sessions.get(sessions.nextId, session));
        if (Table.NONE == target)
        {
            addUnawaited(session);
            return;
        }
        state.awaited.add(session);
        settle(edges.targets.get(edges.targets.anyHead, target));
        if (Result.SUCCESS.value() == sessions.get(sessions.result, session))
        {
            settle(edges.targets.get(edges.targets.head, target));
        }
        else
        {
            edges.fail(target);
        }
    }

    /** From here on it is only kept for those who ask how it ended; the list is in order of this time. */
    private void addUnawaited(final int session)
    {
        sessions.set(sessions.unawaitedNs, session, state.timestampNs);
        state.ended.add(session);
    }

    /** The dependency came true for all of a list who wait for it. */
    private void settle(final int firstEdge)
    {
        for (int edge = firstEdge; Table.NONE != edge; edge = edges.edges.get(edges.edges.nextOfTarget, edge))
        {
            final int dependent = edges.edges.get(edges.edges.dependent, edge);
            final int unmet = sessions.get(sessions.unmet, dependent) - 1;
            sessions.set(sessions.unmet, dependent, unmet);
            if (0 == unmet)
            {
                state.shadows.onPending(dependent);
                state.schedule.onPending(dependent);
            }
        }
    }

    /** The session waits no longer; what it alone waited for, and has ended, can be forgotten in time. */
    private void dropDependencies(final int session)
    {
        int edge = sessions.get(sessions.dependencyHead, session);
        while (Table.NONE != edge)
        {
            final int next = edges.edges.get(edges.edges.nextOfDependent, edge);
            final long targetId = edges.remove(edge);
            final int target = Table.NONE == targetId ? Table.NONE : sessions.findOwn(targetId);
            if (Table.NONE != target && sessions.isTerminal(target))
            {
                state.awaited.remove(target);
                addUnawaited(target);
            }
            edge = next;
        }
        sessions.set(sessions.dependencyHead, session, Table.NONE);
        sessions.set(sessions.unmet, session, 0);
    }

    /** Gives an element of a job array a row of its own; the array's row shrinks, or is cut in two. */
    private int takeElement(final long id)
    {
        final int array = sessions.arrays.find(id);
        if (Table.NONE == array)
        {
            throw new IllegalStateException("unknown sessionId=" + id);
        }
        if (id > sessions.get(sessions.nextId, array))
        {
            cut(array, id);
        }
        final int rest = sessions.arrays.find(id);
        final int element = sessions.add(id, 1, false);
        copy(rest, element);
        sessions.blocks.remove(id, 1);
        final int group = shapes.get(shapes.group, sessions.get(sessions.shape, rest));
        state.groups.add(state.groups.pending, group, -1);
        state.ledger.onPending(sessions.get(sessions.shape, rest), -1);
        if (1 == sessions.waiting(rest))
        {
            dropArray(rest);
        }
        else
        {
            sessions.set(sessions.nextId, rest, id + 1);
            state.reservations.trim(rest, sessions.waiting(rest));
            state.schedule.onHeadAdvanced(rest);
        }
        return element;
    }

    /** Makes a second row of the elements of a waiting array from an id on, which is not its first. */
    void cut(final int array, final long id)
    {
        final long end = sessions.get(sessions.endId, array);
        sessions.set(sessions.endId, array, id);
        final int rest = sessions.add(id, end - id, true);
        sessions.blocks.remove(id, end - id);
        copy(array, rest);
        sessions.set(sessions.stateNs, rest, sessions.get(sessions.stateNs, array));
        sessions.set(sessions.notBeforeNs, rest, sessions.get(sessions.notBeforeNs, array));
        sessions.set(sessions.deadlineNs, rest, sessions.get(sessions.deadlineNs, array));
        for (int edge = sessions.get(sessions.dependencyHead, array);
            Table.NONE != edge;
            edge = edges.edges.get(edges.edges.nextOfDependent, edge))
        {
            final long targetId = edges.targets.get(edges.targets.sessionId, edges.edges.get(edges.edges.target, edge));
            final int head = sessions.get(sessions.dependencyHead, rest);
            final boolean anyEnd = 0 != edges.edges.get(edges.edges.anyEnd, edge);
            sessions.set(sessions.dependencyHead, rest, edges.add(targetId, anyEnd, rest, head));
        }
        sessions.set(sessions.unmet, rest, sessions.get(sessions.unmet, array));
        state.reservations.split(array, sessions.waiting(array), rest);
        state.schedule.deadlines.armSession(rest);
        state.schedule.onPending(rest);
    }

    private void copy(final int from, final int to)
    {
        final int shape = sessions.get(sessions.shape, from);
        shapes.addReference(shape);
        sessions.set(sessions.shape, to, shape);
        final int spec = sessions.get(sessions.spec, from);
        specs.add(specs.refs, spec, 1);
        sessions.set(sessions.spec, to, spec);
        sessions.set(sessions.owner, to, sessions.get(sessions.owner, from));
        sessions.set(sessions.type, to, sessions.get(sessions.type, from));
        sessions.set(sessions.restart, to, sessions.get(sessions.restart, from));
        sessions.set(sessions.walltimeNs, to, sessions.get(sessions.walltimeNs, from));
        sessions.set(sessions.graceNs, to, sessions.get(sessions.graceNs, from));
        sessions.set(sessions.startsAtNs, to, sessions.get(sessions.startsAtNs, from));
        sessions.set(sessions.submittedNs, to, sessions.get(sessions.submittedNs, from));
        sessions.set(sessions.failurePolicy, to, sessions.get(sessions.failurePolicy, from));
        sessions.set(sessions.preemptible, to, sessions.get(sessions.preemptible, from));
        sessions.set(sessions.state, to, sessions.get(sessions.state, from));
    }

    /** The last element of an array was taken. */
    private void dropArray(final int array)
    {
        state.reservations.removeAll(array);
        state.schedule.onNotPending(array);
        state.schedule.deadlines.disarmSession(array);
        dropDependencies(array);
        sessions.arrays.remove(array);
        release(array);
    }

    private void release(final int session)
    {
        final int spec = sessions.get(sessions.spec, session);
        specs.add(specs.refs, spec, -1);
        state.dropShape(sessions.get(sessions.shape, session));
        sessions.remove(session);
    }

    void onForgotten(final DirectBuffer buffer, final int offset, final EventHeader header)
    {
        forgotten.wrap(buffer, offset + MessageHeaderDecoder.ENCODED_LENGTH, header.blockLength(), header.version());
        forget(sessions.findOwn(forgotten.sessionId()));
    }

    void forget(final int session)
    {
        // Decision version 1 also forgot what others had waited for, and its journals are restored all the same.
        final boolean isAwaited = Table.NONE != edges.target(sessions.get(sessions.nextId, session));
        (isAwaited ? state.awaited : state.ended).remove(session);
        if (sessions.get(sessions.held, session) > 0)
        {
            state.ledger.onSession(sessions.get(sessions.shape, session), -1);
        }
        for (int kernel = sessions.get(sessions.kernelHead, session); Table.NONE != kernel;)
        {
            state.kernels.detach(kernel);
            kernel = state.kernels.get(state.kernels.siblingNext, kernel);
        }
        release(session);
    }
}
