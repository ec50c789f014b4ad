package io.plimsoll.core;

import io.plimsoll.core.sbe.AcceptLossDecoder;
import io.plimsoll.core.sbe.Backfill;
import io.plimsoll.core.sbe.ConfigureGroupDecoder;
import io.plimsoll.core.sbe.ManagerStartedDecoder;
import io.plimsoll.core.sbe.OrderPolicy;
import io.plimsoll.core.sbe.PreemptionMode;
import io.plimsoll.core.sbe.RejectCode;
import io.plimsoll.core.sbe.SelectPolicy;
import io.plimsoll.core.sbe.TimeHeldDecoder;
import io.plimsoll.core.sbe.VictimScope;
import org.agrona.concurrent.UnsafeBuffer;

/** Decides commands about reigns and resource groups. */
final class ClusterDecider
{
    /** More at once is no time that a host can have been away for and go on. */
    private static final long HELD_MAX_NS = 365 * 86_400_000_000_000L;
    /** Ids left out when the journal lost its tail, beyond the highest that any agent told of. */
    static final long IDS_SKIPPED = 1L << 20;
    /** What an agent tells may be wrong: it moves the next id no further than this. */
    private static final long IDS_SKIPPED_MAX = 1L << 30;
    private static final int NAME_LENGTH_MAX = 255;
    /** So that a time less a hundred points of it is still a number of 64 bits. */
    private static final long AGEING_MAX_NS = 1L << 56;

    private final CoreState state;
    private final ClusterEmitter emitter;
    private final Rejection rejection = new Rejection();
    final TimeHeldDecoder timeHeld = new TimeHeldDecoder();
    final ManagerStartedDecoder managerStarted = new ManagerStartedDecoder();
    final ConfigureGroupDecoder configureGroup = new ConfigureGroupDecoder();
    final AcceptLossDecoder acceptLoss = new AcceptLossDecoder();
    private final UnsafeBuffer text = new UnsafeBuffer(0, 0);
    private final UnsafeBuffer selection = new UnsafeBuffer(0, 0);

    ClusterDecider(final CoreState state, final ClusterEmitter emitter)
    {
        this.state = state;
        this.emitter = emitter;
    }

    void onManagerStarted()
    {
        final boolean sameCluster = 0 == state.term ||
            state.isOurCluster(managerStarted.clusterIdHi(), managerStarted.clusterIdLo());
        if (managerStarted.term() <= state.term || !sameCluster)
        {
            rejection.reset(0, 0).because(RejectCode.STALE_TERM, managerStarted.term(), state.term + 1);
            emitter.rejected(rejection, sameCluster ? "term" : "clusterId");
        }
        else
        {
            emitter.termBegan(managerStarted);
            findSelections();
        }
    }

    void onTimeHeld()
    {
        final long heldNs = timeHeld.heldNs();
        if (heldNs > 0 && heldNs <= HELD_MAX_NS)
        {
            emitter.deadlinesMoved(heldNs);
        }
    }

    /**
     * Policies of users' own come and go with the process. What it decides without one is part of the history, as is
     * that it was without.
     */
    private void findSelections()
    {
        final GroupTable groups = state.groups;
        for (int group = 0; group < groups.count(); group++)
        {
            final boolean missing = SelectPolicy.SCORED.value() == groups.get(groups.select, group) &&
                null == state.selectionPolicy(group);
            if (missing != groups.isSelectionMissing(group))
            {
                emitter.selectionFound(group, !missing);
            }
        }
    }

    void onAcceptLoss()
    {
        final long correlationId = acceptLoss.correlationId();
        rejection.reset(correlationId, acceptLoss.source());
        final long lowest = Math.max(state.term, state.seenTermMax) + 1;
        if (!state.lostTail)
        {
            emitter.rejected(rejection.because(RejectCode.NOT_LOST_TAIL, 0, 0), "");
        }
        else if (acceptLoss.term() < lowest)
        {
            emitter.rejected(rejection.because(RejectCode.STALE_TERM, acceptLoss.term(), lowest), "term");
        }
        else
        {
            final long reported = Math.min(state.reportedSessionMax, state.nextSessionId + IDS_SKIPPED_MAX);
            final long nextSessionId = Math.max(state.nextSessionId, reported) + IDS_SKIPPED;
            emitter.lossAccepted(correlationId, acceptLoss.term(), acceptLoss.termNonce(), nextSessionId);
        }
    }

    void onConfigureGroup()
    {
        rejection.reset(configureGroup.correlationId(), configureGroup.source());
        if (checkPolicies() && checkDurations() && checkName() && checkSelection() && checkShadow())
        {
            final int known = state.groups.find(text, 0, text.capacity());
            configureGroup.sbeRewind();
            emitter.groupConfigured(Table.NONE == known ? state.groups.count() : known, configureGroup);
        }
    }

    private boolean checkPolicies()
    {
        return inRange("order", configureGroup.orderRaw(), 0, OrderPolicy.FAIR_SHARE.value()) &&
            inRange("selection", configureGroup.selectionRaw(), 0, SelectPolicy.SCORED.value()) &&
            inRange("attemptsMax", configureGroup.attemptsMax(), 1, 1_000_000) &&
            inRange("decisionsPerCommandMax", configureGroup.decisionsPerCommandMax(), 1, 1_000_000) &&
            inRange("pendingMax", configureGroup.pendingMax(), 0, Integer.MAX_VALUE) &&
            inRange("backfill", configureGroup.backfillRaw(), 0, Backfill.PREDICTIVE.value()) &&
            inRange("preemption", configureGroup.preemptionRaw(), 0, PreemptionMode.RESCHEDULE.value()) &&
            inRange("victimScope", configureGroup.victimScopeRaw(), 0, VictimScope.USER.value()) &&
            inRange("quarantineAfter", configureGroup.quarantineAfter(), 0, 1_000_000) &&
            inRange("kernelsMax", configureGroup.kernelsMax(), 0, KernelTable.KERNELS_MAX);
    }

    /** From now on it would have to know each session of the group that has not ended; leaves the name to be read. */
    private boolean checkShadow()
    {
        final int group = state.groups.find(text, 0, text.capacity());
        if (Backfill.PREDICTIVE != configureGroup.backfill() || Table.NONE == group)
        {
            return true;
        }
        final long rows = state.shadows.rows.count() + state.shadows.unknown(group);
        if (rows > ShadowTable.ROWS_MAX)
        {
            emitter.rejected(rejection.because(RejectCode.TOO_MANY_PENDING, rows, ShadowTable.ROWS_MAX), "backfill");
            return false;
        }
        return true;
    }

    private boolean checkDurations()
    {
        final long max = 1L << 60;
        return inRange("pendingTimeout", configureGroup.pendingTimeoutNs(), 0, max) &&
            inRange("scheduledTimeout", configureGroup.scheduledTimeoutNs(), 1, max) &&
            inRange("pullProgressTimeout", configureGroup.pullProgressTimeoutNs(), 1, max) &&
            inRange("pullTimeout", configureGroup.pullTimeoutNs(), 1, max) &&
            inRange("prepareTimeout", configureGroup.prepareTimeoutNs(), 1, max) &&
            inRange("killTimeout", configureGroup.killTimeoutNs(), 1, max) &&
            inRange("retryBackoff", configureGroup.retryBackoffNs(), 0, max) &&
            inRange("preemptionMinRuntime", configureGroup.preemptionMinRuntimeNs(), 0, max) &&
            inRange("ageing", configureGroup.ageingNs(), 0, AGEING_MAX_NS) &&
            inRange("usageHalfLife", configureGroup.usageHalfLifeNs(), 0, max) &&
            inRange("quarantine", configureGroup.quarantineNs(), 0, max) &&
            inRange("lostTimeout", configureGroup.lostTimeoutNs(), 0, max) &&
            inRange("delayMax", configureGroup.delayMaxNs(), 0, max);
    }

    private boolean checkName()
    {
        configureGroup.wrapGroupName(text);
        return inRange("groupName", text.capacity(), 1, NAME_LENGTH_MAX);
    }

    /** A policy that scores must be there; leaves the name of the group to be read. */
    private boolean checkSelection()
    {
        configureGroup.wrapSelectionName(selection);
        if (SelectPolicy.SCORED == configureGroup.selection() &&
            null == state.policies.find(selection, 0, selection.capacity()))
        {
            emitter.rejected(
                rejection.because(RejectCode.UNKNOWN_POLICY, 0, 0), selection, 0, selection.capacity());
            return false;
        }
        return true;
    }

    private boolean inRange(final String field, final long value, final long min, final long max)
    {
        if (value >= min && value <= max)
        {
            return true;
        }
        emitter.rejected(rejection.because(RejectCode.OUT_OF_RANGE, value, value < min ? min : max), field);
        return false;
    }
}
