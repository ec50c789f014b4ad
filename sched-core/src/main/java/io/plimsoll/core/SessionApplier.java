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
        keys.bodyHi.set(key, first.bodyHi);
        keys.bodyLo.set(key, first.bodyLo);
        keys.firstId.set(key, firstId);
        keys.idCount.set(key, count);
    }

    void onQueued(final DirectBuffer buffer, final int offset, final EventHeader header)
    {
        queued.wrap(buffer, offset + MessageHeaderDecoder.ENCODED_LENGTH, header.blockLength(), header.version());
        final long count = queued.elementCount();
        final int session = add(queued.sessionId(), count, BooleanType.T == queued.array());
        sessions.owner.set(session, queued.ownerId());
        sessions.type.set(session, (byte)queued.sessionTypeRaw());
        sessions.restart.set(session, (byte)(OnLoss.RESTART == queued.onLoss() ? 1 : 0));
        sessions.walltimeNs.set(session, queued.walltimeNs());
        sessions.graceNs.set(session, queued.graceNs());
        sessions.startsAtNs.set(session, queued.startsAtNs());
        sessions.failurePolicy.set(session, (byte)queued.failurePolicyRaw());
        sessions.preemptible.set(session, (byte)(BooleanType.T == queued.preemptible() ? 1 : 0));
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
        sessions.owner.set(session, entry.shapeOwner);
        sessions.type.set(session, (byte)entry.type);
        sessions.restart.set(session, (byte)(OnLoss.RESTART.value() == entry.onLoss ? 1 : 0));
        sessions.walltimeNs.set(session, entry.walltimeNs);
        sessions.graceNs.set(session, entry.graceNs);
        sessions.startsAtNs.set(session, entry.startsAtNs);
        sessions.failurePolicy.set(session, (byte)entry.failurePolicy);
        sessions.preemptible.set(session, (byte)(entry.preemptible ? 1 : 0));
        refer(session, spec);
        enterPending(session, entry.shape, entry.count);
    }

    private int add(final long id, final long count, final boolean isArray)
    {
        final int session = sessions.add(id, count, isArray);
        state.nextSessionId = Math.max(state.nextSessionId, id + count);
        sessions.submittedNs.set(session, state.timestampNs);
        return session;
    }

    private void refer(final int session, final int spec)
    {
        sessions.spec.set(session, spec);
        specs.refs.set(spec, specs.refs.get(spec) + 1);
    }

    private void enterPending(final int session, final int shape, final long count)
    {
        shapes.addReference(shape);
        sessions.shape.set(session, shape);
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

    private int intern(final Request asked)
    {
        final int shape = shapes.intern(asked);
        if (0 == shapes.refs.get(shape))
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
            final boolean hasFailed = hasEnded && Result.SUCCESS.value() != sessions.result.get(target);
            if (hasEnded && Table.NONE == edges.target(targetId))
            {
                state.ended.remove(target);
                state.awaited.add(target);
            }
            final int head = sessions.dependencyHead.get(session);
            sessions.dependencyHead.set(session, edges.add(targetId, anyEnd, session, head));
            if (hasFailed)
            {
                edges.fail(edges.target(targetId));
            }
            unmet += hasEnded && (anyEnd || !hasFailed) ? 0 : 1;
        }
        sessions.unmet.set(session, unmet);
    }

    private void enterPending(final int session, final long notBeforeNs)
    {
        final int group = shapes.group.get(sessions.shape.get(session));
        final GroupTable groups = state.groups;
        final long timeoutNs = groups.pendingTimeoutNs.get(group);
        groups.pending.set(group, groups.pending.get(group) + sessions.waiting(session));
        state.ledger.onPending(sessions.shape.get(session), sessions.waiting(session));
        sessions.state.set(session, (byte)LifeState.PENDING.value());
        sessions.stateNs.set(session, state.timestampNs);
        sessions.notBeforeNs.set(session, notBeforeNs);
        final long sinceNs = Math.max(state.timestampNs, sessions.startsAtNs.get(session));
        sessions.deadlineNs.set(session, 0 == timeoutNs ? 0 : sinceNs + timeoutNs);
        state.shadows.onPending(session);
        state.schedule.armSession(session);
        state.schedule.onPending(session);
    }

    private void leavePending(final int session)
    {
        final int group = shapes.group.get(sessions.shape.get(session));
        final GroupTable groups = state.groups;
        groups.pending.set(group, groups.pending.get(group) - 1);
        state.ledger.onPending(sessions.shape.get(session), -1);
        state.reservations.removeAll(session);
        state.schedule.onNotPending(session);
        state.schedule.disarmSession(session);
        dropDependencies(session);
        sessions.deadlineNs.set(session, 0);
        sessions.notBeforeNs.set(session, 0);
        sessions.yieldsInVain.set(session, 0);
        sessions.yieldNotBeforeNs.set(session, 0);
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
        final byte previous = sessions.state.get(session);
        if (!SessionEdges.mayBecome(previous, next))
        {
            throw new IllegalStateException("sessionId=" + id + " " + LifeState.get(previous) + " -> " +
                LifeState.get((short)next) + " reason=" + Reason.get((short)reason));
        }
        if (LifeState.PENDING.value() == previous && Table.NONE != own)
        {
            leavePending(session);
        }
        if (0 != sessions.killing.get(session) && next != LifeState.TERMINATING.value())
        {
            stopKilling(session);
        }
        sessions.state.set(session, (byte)next);
        state.schedule.onAdvanced(session, previous, next);
        sessions.stateNs.set(session, state.timestampNs);
        sessions.result.set(session, (byte)result);
        sessions.reason.set(session, (byte)reason);
        sessions.attempt.set(session, attempt);
        sessions.exitCode.set(session, exitCode);
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
        sessions.held.set(session, 0);
        sessions.failedKernel.set(session, 0);
        sessions.runningNs.set(session, 0);
        if (Reason.PREEMPTED.value() == reason)
        {
            sessions.preemptions.set(session, sessions.preemptions.get(session) + 1);
        }
        enterPending(session, notBeforeNs);
    }

    private void enter(final int session, final int next)
    {
        if (LifeState.SCHEDULED.value() == next)
        {
            state.ledger.onSession(sessions.shape.get(session), 1);
            state.shadows.onStarted(session);
        }
        else if (LifeState.RUNNING.value() == next)
        {
            sessions.runningNs.set(session, state.timestampNs);
        }
        else if (LifeState.TERMINATING.value() == next)
        {
            if (0 == sessions.killing.get(session) &&
                sessions.live.get(session) > sessions.liveIn(session, LifeState.TERMINATING.value()))
            {
                sessions.killing.set(session, (byte)1);
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
        sessions.killing.set(session, (byte)0);
        state.killing.remove(session);
    }

    private void end(final int session)
    {
        state.shadows.onEnded(session);
        final int target = edges.target(sessions.nextId.get(session));
        if (Table.NONE == target)
        {
            addUnawaited(session);
            return;
        }
        state.awaited.add(session);
        settle(edges.targets.anyHead.get(target));
        if (Result.SUCCESS.value() == sessions.result.get(session))
        {
            settle(edges.targets.head.get(target));
        }
        else
        {
            edges.fail(target);
        }
    }

    /** From here on it is only kept for those who ask how it ended; the list is in order of this time. */
    private void addUnawaited(final int session)
    {
        sessions.unawaitedNs.set(session, state.timestampNs);
        state.ended.add(session);
    }

    /** The dependency came true for all of a list who wait for it. */
    private void settle(final int firstEdge)
    {
        for (int edge = firstEdge; Table.NONE != edge; edge = edges.edges.nextOfTarget.get(edge))
        {
            final int dependent = edges.edges.dependent.get(edge);
            final int unmet = sessions.unmet.get(dependent) - 1;
            sessions.unmet.set(dependent, unmet);
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
        int edge = sessions.dependencyHead.get(session);
        while (Table.NONE != edge)
        {
            final int next = edges.edges.nextOfDependent.get(edge);
            final long targetId = edges.remove(edge);
            final int target = Table.NONE == targetId ? Table.NONE : sessions.findOwn(targetId);
            if (Table.NONE != target && sessions.isTerminal(target))
            {
                state.awaited.remove(target);
                addUnawaited(target);
            }
            edge = next;
        }
        sessions.dependencyHead.set(session, Table.NONE);
        sessions.unmet.set(session, 0);
    }

    /** Gives an element of a job array a row of its own; the array's row shrinks, or is cut in two. */
    private int takeElement(final long id)
    {
        final int array = sessions.arrays.find(id);
        if (Table.NONE == array)
        {
            throw new IllegalStateException("unknown sessionId=" + id);
        }
        if (id > sessions.nextId.get(array))
        {
            cut(array, id);
        }
        final int rest = sessions.arrays.find(id);
        final int element = sessions.add(id, 1, false);
        copy(rest, element);
        sessions.blocks.remove(id, 1);
        final int group = shapes.group.get(sessions.shape.get(rest));
        state.groups.pending.set(group, state.groups.pending.get(group) - 1);
        state.ledger.onPending(sessions.shape.get(rest), -1);
        if (1 == sessions.waiting(rest))
        {
            dropArray(rest);
        }
        else
        {
            sessions.nextId.set(rest, id + 1);
            state.reservations.trim(rest, sessions.waiting(rest));
            state.schedule.onHeadAdvanced(rest);
        }
        return element;
    }

    /** Makes a second row of the elements from an id on. */
    private void cut(final int array, final long id)
    {
        final long end = sessions.endId.get(array);
        sessions.endId.set(array, id);
        final int rest = sessions.add(id, end - id, true);
        sessions.blocks.remove(id, end - id);
        copy(array, rest);
        sessions.stateNs.set(rest, sessions.stateNs.get(array));
        sessions.notBeforeNs.set(rest, sessions.notBeforeNs.get(array));
        sessions.deadlineNs.set(rest, sessions.deadlineNs.get(array));
        for (int edge = sessions.dependencyHead.get(array);
            Table.NONE != edge;
            edge = edges.edges.nextOfDependent.get(edge))
        {
            final long targetId = edges.targets.sessionId.get(edges.edges.target.get(edge));
            final int head = sessions.dependencyHead.get(rest);
            final boolean anyEnd = 0 != edges.edges.anyEnd.get(edge);
            sessions.dependencyHead.set(rest, edges.add(targetId, anyEnd, rest, head));
        }
        sessions.unmet.set(rest, sessions.unmet.get(array));
        state.reservations.split(array, sessions.waiting(array), rest);
        state.schedule.armSession(rest);
        state.schedule.onPending(rest);
    }

    private void copy(final int from, final int to)
    {
        final int shape = sessions.shape.get(from);
        shapes.addReference(shape);
        sessions.shape.set(to, shape);
        final int spec = sessions.spec.get(from);
        specs.refs.set(spec, specs.refs.get(spec) + 1);
        sessions.spec.set(to, spec);
        sessions.owner.set(to, sessions.owner.get(from));
        sessions.type.set(to, sessions.type.get(from));
        sessions.restart.set(to, sessions.restart.get(from));
        sessions.walltimeNs.set(to, sessions.walltimeNs.get(from));
        sessions.graceNs.set(to, sessions.graceNs.get(from));
        sessions.startsAtNs.set(to, sessions.startsAtNs.get(from));
        sessions.submittedNs.set(to, sessions.submittedNs.get(from));
        sessions.failurePolicy.set(to, sessions.failurePolicy.get(from));
        sessions.preemptible.set(to, sessions.preemptible.get(from));
        sessions.state.set(to, sessions.state.get(from));
    }

    /** The last element of an array was taken. */
    private void dropArray(final int array)
    {
        state.reservations.removeAll(array);
        state.schedule.onNotPending(array);
        state.schedule.disarmSession(array);
        dropDependencies(array);
        sessions.arrays.remove(array);
        release(array);
    }

    private void release(final int session)
    {
        final int spec = sessions.spec.get(session);
        specs.refs.set(spec, specs.refs.get(spec) - 1);
        state.dropShape(sessions.shape.get(session));
        sessions.remove(session);
    }

    void onForgotten(final DirectBuffer buffer, final int offset, final EventHeader header)
    {
        forgotten.wrap(buffer, offset + MessageHeaderDecoder.ENCODED_LENGTH, header.blockLength(), header.version());
        forget(forgotten.sessionId());
    }

    void forget(final long id)
    {
        final int session = sessions.findOwn(id);
        // Decision version 1 also forgot what others had waited for, and its journals are restored all the same.
        final boolean isAwaited = Table.NONE != edges.target(id);
        (isAwaited ? state.awaited : state.ended).remove(session);
        if (sessions.held.get(session) > 0)
        {
            state.ledger.onSession(sessions.shape.get(session), -1);
        }
        for (int kernel = sessions.kernelHead.get(session); Table.NONE != kernel;)
        {
            state.kernels.detach(kernel);
            kernel = state.kernels.siblingNext.get(kernel);
        }
        release(session);
    }
}
