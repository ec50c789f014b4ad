package io.plimsoll.loadtest.whatif;

import io.plimsoll.core.Explanation;
import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.core.SchedulerCore;
import io.plimsoll.core.pipeline.HostedCore;
import io.plimsoll.core.sbe.MessageHeaderDecoder;
import io.plimsoll.core.sbe.SubmitSessionsDecoder;
import io.plimsoll.loadtest.whatif.Comparison.Pair;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * Says why sessions fared otherwise: at the moment at which one started on one side, the scheduler of the other side is
 * asked what kept it, and the machine that it ran on is looked at there. For that everything is decided once more,
 * beside the record. One thread.
 */
final class Reasons
{
    private static final int HOLDERS_MAX = 3;

    private final WhatIfRun run;
    private final SchedulerCore recordedCore;
    private final HostedCore recordedHost;
    private final Comparison comparison;
    private final Map<Long, String> reasons = new HashMap<>();
    private final Map<Long, String> names = new HashMap<>();
    private final Map<Long, List<Pair>> named = new HashMap<>();
    private final PriorityQueue<Probe> ofRecord = new PriorityQueue<>(Comparator.comparingLong(Probe::atNs));
    private final PriorityQueue<Probe> ofOurs = new PriorityQueue<>(Comparator.comparingLong(Probe::atNs));
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();

    Reasons(final WhatIfRun run, final SchedulerCore recordedCore, final Comparison comparison)
    {
        this.run = run.beforeCommand(this::probeOurs);
        this.recordedCore = recordedCore;
        this.comparison = comparison;
        recordedHost = new HostedCore(recordedCore);
        for (final Pair pair : Comparison.shown(comparison.won()))
        {
            name(pair);
            if (comparison.ours().hasStarted(pair.ours()))
            {
                ofRecord.add(new Probe(pair, pair.ours().startedNs));
            }
        }
        for (final Pair pair : Comparison.shown(comparison.lost()))
        {
            name(pair);
            if (comparison.recorded().hasStarted(pair.recorded()))
            {
                ofOurs.add(new Probe(pair, pair.recorded().startedNs));
            }
        }
        Comparison.shown(comparison.otherwise()).forEach(this::name);
    }

    private void name(final Pair pair)
    {
        named.computeIfAbsent(pair.recorded().request.sequence(), sequence -> new ArrayList<>()).add(pair);
    }

    Map<Long, String> reasons()
    {
        return reasons;
    }

    Map<Long, String> names()
    {
        return names;
    }

    /** Takes a record before the fork. */
    void restore(final RecordFlyweight record)
    {
        names(record);
        recordedHost.restore(record);
        run.restore(record);
    }

    /** Takes a record from the fork on. */
    void onRecord(final RecordFlyweight record)
    {
        names(record);
        probeRecord(record.timestampNs());
        recordedHost.restore(record);
        run.onRecord(record);
    }

    /** The stretch is over. */
    void finish(final long endNs)
    {
        probeRecord(Long.MAX_VALUE);
        run.finish(endNs);
        while (!ofOurs.isEmpty())
        {
            ask(ofOurs.remove(), run.core(), run.ours(), run.recorded(), false);
        }
    }

    private void names(final RecordFlyweight record)
    {
        final List<Pair> pairs = named.get(record.sequence());
        if (null == pairs)
        {
            return;
        }
        final Submission submission = new Submission(new SubmitSessionsDecoder()
            .wrapAndApplyHeader(record.buffer(), record.commandOffset(), header));
        for (final Pair pair : pairs)
        {
            names.put(pair.recorded().id, submission.entries.get(pair.recorded().request.entry()).name());
        }
    }

    /* Questions. */

    private void probeRecord(final long beforeNs)
    {
        while (!ofRecord.isEmpty() && ofRecord.peek().atNs() < beforeNs)
        {
            final Probe probe = ofRecord.remove();
            run.advance(probe.atNs());
            ask(probe, recordedCore, run.recorded(), run.ours(), true);
        }
    }

    private void probeOurs()
    {
        while (!ofOurs.isEmpty() && ofOurs.peek().atNs() < run.nowNs())
        {
            ask(ofOurs.remove(), run.core(), run.ours(), run.recorded(), false);
        }
    }

    /**
     * Asks the side on which a session waits.
     *
     * @param core   of that side.
     * @param there  books of that side.
     * @param here   books of the side on which it has just started.
     * @param record whether it waits in the record.
     */
    private void ask(
        final Probe probe,
        final SchedulerCore core,
        final ClusterBooks there,
        final ClusterBooks here,
        final boolean record)
    {
        final Pair pair = probe.pair();
        final SessionBook waits = record ? pair.recorded() : pair.ours();
        final SessionBook runs = record ? pair.ours() : pair.recorded();
        final Explanation explanation = core.explain(waits.id);
        final String what = ReasonText.of(explanation, there.resources);
        final AgentBook agent = here.agent(runs.firstAgentId);
        final String held = null == agent ? "" : held(agent, there, here, record);
        reasons.put(
            pair.recorded().id,
            "at " + ComparisonText.time(probe.atNs()) + (record ? " in the record " : " here ") +
                (what.isEmpty() ? "it did not wait in the queue" : what) + held);
    }

    /** What was on a machine on one side and not on the other. */
    private String held(final AgentBook agent, final ClusterBooks there, final ClusterBooks here, final boolean record)
    {
        final AgentBook same = there.agent(agent.uuidHi, agent.uuidLo);
        final String where = record ? ", where it runs here, " : ", where it ran in the record, ";
        if (null == same)
        {
            return "; " + agent.name + where + "is not there";
        }
        final List<String> holders = new ArrayList<>();
        for (final KernelBook kernel : same.kernels.values())
        {
            final long id = null == kernel.session ? IdMap.NONE : kernel.session.id;
            final long counterpart = record ? run.ids().ours(id) : run.ids().recorded(id);
            final boolean both = here.agent(agent.uuidHi, agent.uuidLo).kernels.values().stream()
                .anyMatch(other -> null != other.session && other.session.id == counterpart);
            final String holder = holder(kernel, record ? id : counterpart);
            if (!both && IdMap.NONE != id && !holders.contains(holder))
            {
                holders.add(holder);
            }
        }
        if (holders.isEmpty())
        {
            return "";
        }
        final List<String> shown = holders.subList(0, Math.min(HOLDERS_MAX, holders.size()));
        return "; " + same.name + where + "held " + String.join(", ", shown) +
            (holders.size() > shown.size() ? " and " + (holders.size() - shown.size()) + " more" : "");
    }

    private String holder(final KernelBook kernel, final long recordedId)
    {
        final String owner = comparison.recorded().ownerName(kernel.session.request.ownerId());
        return (IdMap.NONE == recordedId ? "an added session" : "session " + recordedId) +
            ("-".equals(owner) ? "" : " of " + owner);
    }

    private record Probe(Pair pair, long atNs)
    {
    }
}
