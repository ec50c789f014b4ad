package io.plimsoll.manager.link;

import io.plimsoll.core.pipeline.CommandIngress;
import io.plimsoll.core.sbe.AgentLostEncoder;
import io.plimsoll.core.sbe.AgentReturnedEncoder;
import io.plimsoll.core.sbe.AgentSuspectEncoder;
import io.plimsoll.core.sbe.Liveness;
import io.plimsoll.core.sbe.MessageHeaderEncoder;
import io.plimsoll.manager.Counters;
import io.plimsoll.manager.Counters.Counter;
import io.plimsoll.manager.control.GroupOption;
import io.plimsoll.manager.view.GroupView;
import io.plimsoll.manager.view.LiveViewStore;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.agrona.collections.Int2ObjectHashMap;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.UnsafeBuffer;

/** The tracker as anyone would write it down: it looks at everyone, each time. The real one has to say the same. */
final class ExhaustiveTracker
{
    /** Fewest silent agents that are taken for a broken network. */
    static final int MASS_SILENCE_MIN = 2;

    private static final int MASS_SILENCE_DIVISOR = 4;
    private static final int COMMANDS_PER_CYCLE = 256;
    private static final long PAUSE_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long SCAN_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(100);

    private final AgentSideOptions options;
    private final CommandIngress ingress;
    private final LiveViewStore view;
    private final NanoClock clock;
    private final Counters counters;
    private final UnsafeBuffer command = new UnsafeBuffer(new byte[128]);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final AgentSuspectEncoder suspect = new AgentSuspectEncoder();
    private final AgentLostEncoder lost = new AgentLostEncoder();
    private final AgentReturnedEncoder returned = new AgentReturnedEncoder();
    private final Int2ObjectHashMap<Tracked> trackedById = new Int2ObjectHashMap<>();
    private final Map<String, Silence> silenceByGroup = new HashMap<>();
    private final Set<String> releaseRequests = ConcurrentHashMap.newKeySet();
    private final long scanIntervalNs;
    private final long lostMinNs;
    private volatile Set<String> heldGroups = Set.of();
    private long nowNs;
    private long nextScanNs;

    /**
     * Of one manager; counts the agents of a restored view as heard now.
     *
     * @param parts    shared on the agents' side.
     * @param ingress  to the ring.
     * @param view     restored.
     * @param clock    monotonic, read once a cycle.
     * @param counters to count in.
     * @param lostMinNs least silence before a loss: what a lease and its end may take.
     */
    ExhaustiveTracker(
        final LinkParts parts,
        final CommandIngress ingress,
        final LiveViewStore view,
        final NanoClock clock,
        final Counters counters,
        final long lostMinNs)
    {
        this.lostMinNs = lostMinNs;
        options = parts.options();
        this.ingress = ingress;
        this.view = view;
        this.clock = clock;
        this.counters = counters;
        scanIntervalNs = Math.min(SCAN_INTERVAL_NS, options.suspectNs() / 10);
        nowNs = clock.nanoTime();
        nextScanNs = nowNs;
        view.agents().forEach(
            agent -> track(agent.id(), agent.connection(), agent.group(), agent.liveness()));
    }

    private Tracked track(
        final int agentId, final long connection, final String group, final Liveness told)
    {
        final Silence silence = silenceByGroup.computeIfAbsent(group, Silence::new);
        final Tracked tracked = new Tracked(agentId, connection, silence, told, nowNs);
        trackedById.put(agentId, tracked);
        return tracked;
    }

    /** An agent is on a new connection; attaching made the core count it as alive. */
    void onAttached(final AgentLink link)
    {
        track(link.agentId(), link.connection(), view.groups().name(link.groupId()), Liveness.ALIVE);
    }

    /** A heartbeat of a connection came in; those of older connections do not count. */
    void onHeartbeat(final int agentId, final long connection)
    {
        final Tracked tracked = trackedById.get(agentId);
        if (null == tracked || tracked.connection != connection)
        {
            return;
        }
        counters.increment(Counter.HEARTBEATS);
        tracked.lastHeardNs = nowNs;
        tracked.heardSinceTold = true;
        tracked.released = false;
    }

    int doWork()
    {
        final long previousNs = nowNs;
        nowNs = clock.nanoTime();
        if (nowNs - previousNs > PAUSE_NS)
        {
            onPause();
        }
        int workCount = 0;
        if (nowNs - nextScanNs >= 0)
        {
            nextScanNs = nowNs + scanIntervalNs;
            workCount += scan();
        }
        return workCount;
    }

    private void onPause()
    {
        counters.increment(Counter.TRACKER_PAUSES);
        for (final Tracked tracked : trackedById.values())
        {
            tracked.lastHeardNs = nowNs;
        }
    }

    private int scan()
    {
        measureSilence();
        int commands = 0;
        for (final Tracked tracked : trackedById.values())
        {
            if (commands >= COMMANDS_PER_CYCLE)
            {
                // The rest has its turn as soon as this much has been taken.
                nextScanNs = nowNs;
                break;
            }
            commands += tell(tracked);
        }
        return commands;
    }

    private void measureSilence()
    {
        silenceByGroup.values().forEach(silence -> silence.reset(lostNs(silence.group)));
        for (final Tracked tracked : trackedById.values())
        {
            if (Liveness.LOST == tracked.told)
            {
                continue;
            }
            final Silence silence = tracked.silence;
            silence.agents++;
            if (nowNs - tracked.lastHeardNs >= options.suspectNs())
            {
                silence.silent++;
                silence.overdue |= nowNs - tracked.lastHeardNs >= silence.lostNs;
                tracked.released |= releaseRequests.contains(silence.group);
            }
        }
        releaseRequests.clear();
        final Set<String> held = new HashSet<>();
        silenceByGroup.forEach(
            (group, silence) ->
            {
                if (silence.isMass() && silence.overdue)
                {
                    held.add(group);
                }
            });
        heldGroups = held;
    }

    /** What a group was told may have been safe with a shorter lease. */
    private long lostNs(final String groupName)
    {
        final GroupView group = view.groups().group(groupName);
        final long groupLostNs = null == group ? 0 : group.options().get(GroupOption.LOST_TIMEOUT);
        return 0 == groupLostNs ? options.lostNs() : Math.max(groupLostNs, lostMinNs);
    }

    /** Returns 1 if a command was published; what the ring did not take is tried again with the next scan. */
    private int tell(final Tracked tracked)
    {
        if (Liveness.ALIVE != tracked.told && tracked.heardSinceTold)
        {
            return tellReturned(tracked);
        }
        final long silentNs = nowNs - tracked.lastHeardNs;
        if (Liveness.ALIVE == tracked.told && silentNs >= options.suspectNs())
        {
            return tellSuspect(tracked);
        }
        if (Liveness.SUSPECT == tracked.told && silentNs >= tracked.silence.lostNs &&
            (tracked.released || !tracked.silence.isMass()))
        {
            return tellLost(tracked);
        }
        return 0;
    }

    private int tellReturned(final Tracked tracked)
    {
        returned.wrapAndApplyHeader(command, 0, header).agentId(tracked.agentId).connection(tracked.connection);
        if (!publish(returned.encodedLength()))
        {
            return 0;
        }
        counters.increment(Counter.AGENTS_RETURNED);
        tracked.told(Liveness.ALIVE);
        return 1;
    }

    private int tellSuspect(final Tracked tracked)
    {
        suspect.wrapAndApplyHeader(command, 0, header).agentId(tracked.agentId).connection(tracked.connection);
        if (!publish(suspect.encodedLength()))
        {
            return 0;
        }
        counters.increment(Counter.AGENTS_SUSPECTED);
        tracked.told(Liveness.SUSPECT);
        return 1;
    }

    private int tellLost(final Tracked tracked)
    {
        lost.wrapAndApplyHeader(command, 0, header).agentId(tracked.agentId).connection(tracked.connection);
        if (!publish(lost.encodedLength()))
        {
            return 0;
        }
        counters.increment(Counter.AGENTS_LOST);
        tracked.told(Liveness.LOST);
        return 1;
    }

    private boolean publish(final int bodyLength)
    {
        return ingress.tryPublish(command, 0, MessageHeaderEncoder.ENCODED_LENGTH + bodyLength);
    }

    Set<String> heldGroups()
    {
        return heldGroups;
    }

    boolean release(final String group)
    {
        return heldGroups.contains(group) && releaseRequests.add(group);
    }

    private static final class Tracked
    {
        private final int agentId;
        private final long connection;
        private final Silence silence;
        private Liveness told;
        private long lastHeardNs;
        private boolean heardSinceTold;
        private boolean released;

        private Tracked(
            final int agentId, final long connection, final Silence silence, final Liveness told, final long nowNs)
        {
            this.agentId = agentId;
            this.connection = connection;
            this.silence = silence;
            this.told = told;
            lastHeardNs = nowNs;
        }

        private void told(final Liveness next)
        {
            told = next;
            heardSinceTold = false;
        }
    }

    /** Of a group; counted anew with each scan, and looked up by name for nobody but a new connection. */
    private static final class Silence
    {
        private final String group;
        private int agents;
        private int silent;
        private boolean overdue;
        private long lostNs;

        private Silence(final String group)
        {
            this.group = group;
        }

        private void reset(final long lostAfterNs)
        {
            lostNs = lostAfterNs;
            agents = 0;
            silent = 0;
            overdue = false;
        }

        private boolean isMass()
        {
            return silent >= MASS_SILENCE_MIN && silent * MASS_SILENCE_DIVISOR > agents;
        }
    }
}
