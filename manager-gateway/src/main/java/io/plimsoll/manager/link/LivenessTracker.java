package io.plimsoll.manager.link;

import io.plimsoll.core.pipeline.CommandIngress;
import io.plimsoll.core.sbe.AgentLostEncoder;
import io.plimsoll.core.sbe.AgentReturnedEncoder;
import io.plimsoll.core.sbe.AgentSuspectEncoder;
import io.plimsoll.core.sbe.Liveness;
import io.plimsoll.core.sbe.MessageHeaderEncoder;
import io.plimsoll.manager.Counters;
import io.plimsoll.manager.Counters.Counter;
import io.plimsoll.manager.FailoverControl;
import io.plimsoll.manager.control.GroupOption;
import io.plimsoll.manager.view.GroupView;
import io.plimsoll.manager.view.LiveViewStore;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.agrona.collections.Int2ObjectHashMap;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Turns heartbeats into rare commands, and answers them with leases: not each, but the first of a connection and then
 * one whenever {@link AgentSideOptions#grantAfterNs} of the lease is used. A lease ends by the agent's own clock,
 * counted from the heartbeat that was answered, so answering fewer can only end it earlier. A duty cycle on the thread
 * of the links.
 * <p>
 * An agent is silent from its last heartbeat on, its link open or not. Everyone counts as heard when the tracker starts
 * and after it has itself paused for more than a second, because then it was the tracker that did not listen. When more
 * than a quarter of a group, and at least {@value GroupSilence#MASS_SILENCE_MIN} of its agents, are silent at the same
 * time, none of them is declared lost until enough of them answer or an operator releases the group: that many machines
 * seldom die together, networks do. One silent agent is never held back, so that a group of two or three has fail-over
 * at all. Agents that were lost before do not count on either side.
 * <p>
 * An agent that beats costs a few stores a beat, and a look each time that it would have been silent by now, had it not
 * been heard again: {@link DueWheel}. So a scan takes as long as there is to tell, however many agents there are.
 */
public final class LivenessTracker implements Agent, FailoverControl
{
    private static final int COMMANDS_PER_CYCLE = 256;
    private static final int KEPT_PER_CYCLE = 64;
    private static final long PAUSE_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long SCAN_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(100);

    private final LinkTable table;
    private final AgentSideOptions options;
    private final CommandIngress ingress;
    private final LiveViewStore view;
    private final NanoClock clock;
    private final Counters counters;
    private final DownlinkPublisher publisher;
    private final UnsafeBuffer command = new UnsafeBuffer(new byte[128]);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final AgentSuspectEncoder suspect = new AgentSuspectEncoder();
    private final AgentLostEncoder lost = new AgentLostEncoder();
    private final AgentReturnedEncoder returned = new AgentReturnedEncoder();
    private final Int2ObjectHashMap<TrackedAgent> trackedById = new Int2ObjectHashMap<>();
    private final DueWheel wheel;
    private final Consumer<TrackedAgent> onDue = this::onDue;
    private final Deque<TrackedAgent> suspects = new ArrayDeque<>();
    private final Deque<TrackedAgent> returns = new ArrayDeque<>();
    private final List<TrackedAgent> grantsDue = new ArrayList<>();
    private final Deque<TrackedAgent> grantsKept = new ArrayDeque<>();
    private final Map<String, GroupSilence> silenceByGroup = new HashMap<>();
    private final Set<String> releaseRequests = ConcurrentHashMap.newKeySet();
    private final long scanIntervalNs;
    private final long grantAfterNs;
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
    public LivenessTracker(
        final LinkParts parts,
        final CommandIngress ingress,
        final LiveViewStore view,
        final NanoClock clock,
        final Counters counters,
        final long lostMinNs)
    {
        this.lostMinNs = lostMinNs;
        table = parts.table();
        options = parts.options();
        this.ingress = ingress;
        this.view = view;
        this.clock = clock;
        this.counters = counters;
        publisher = new DownlinkPublisher(parts.endpoint(), counters);
        scanIntervalNs = Math.min(SCAN_INTERVAL_NS, options.suspectNs() / 10);
        grantAfterNs = options.grantAfterNs();
        nowNs = clock.nanoTime();
        nextScanNs = nowNs;
        wheel = new DueWheel(nowNs, scanIntervalNs);
        view.agents().forEach(
            agent -> track(agent.id(), agent.connection(), agent.group(), agent.liveness()));
    }

    private TrackedAgent track(
        final int agentId, final long connection, final String groupName, final Liveness told)
    {
        final GroupSilence group = silenceByGroup.computeIfAbsent(groupName, GroupSilence::new);
        final TrackedAgent tracked = new TrackedAgent(agentId, connection, group, told, nowNs);
        final TrackedAgent earlier = trackedById.put(agentId, tracked);
        if (null != earlier)
        {
            forget(earlier);
        }
        if (Liveness.LOST != told)
        {
            group.agents++;
            wheel.add(tracked, nowNs + options.suspectNs());
        }
        return tracked;
    }

    private static void forget(final TrackedAgent tracked)
    {
        tracked.isGone = true;
        AgentList.remove(tracked);
        if (Liveness.LOST != tracked.told)
        {
            tracked.group.agents--;
            tracked.group.silent -= tracked.isSilent ? 1 : 0;
        }
    }

    @Override
    public String roleName()
    {
        return "liveness";
    }

    /** An agent is on a new connection; attaching made the core count it as alive. */
    void onAttached(final AgentLink link)
    {
        final TrackedAgent tracked =
            track(link.agentId(), link.connection(), view.groups().name(link.groupId()), Liveness.ALIVE);
        tracked.link = link;
    }

    /** A heartbeat of a connection came in; those of older connections do not count. */
    void onHeartbeat(final int agentId, final long connection, final long heartbeatNo)
    {
        final TrackedAgent tracked = trackedById.get(agentId);
        if (null == tracked || tracked.connection != connection)
        {
            return;
        }
        counters.increment(Counter.HEARTBEATS);
        tracked.lastHeardNs = nowNs;
        tracked.heardSinceTold = true;
        tracked.isReleased = false;
        if (tracked.isSilent)
        {
            endSilence(tracked);
        }
        if (Liveness.ALIVE != tracked.told && !tracked.isReturnQueued)
        {
            tracked.isReturnQueued = true;
            returns.add(tracked);
        }
        if (heartbeatNo > tracked.heartbeatNo)
        {
            tracked.heartbeatNo = heartbeatNo;
            tracked.heartbeatNs = nowNs;
        }
        if (!tracked.isGrantDue && (0 == tracked.grantedNo || nowNs - tracked.grantedNs >= grantAfterNs))
        {
            tracked.isGrantDue = true;
            grantsDue.add(tracked);
        }
    }

    /** How long an agent has not been heard of. The thread of the links. */
    long silentNs(final int agentId)
    {
        final TrackedAgent tracked = trackedById.get(agentId);
        return null == tracked ? 0 : nowNs - tracked.lastHeardNs;
    }

    @Override
    public int doWork()
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
        workCount += grantLeases();
        return workCount;
    }

    private void onPause()
    {
        counters.increment(Counter.TRACKER_PAUSES);
        for (final TrackedAgent tracked : trackedById.values())
        {
            tracked.lastHeardNs = nowNs;
            if (tracked.isSilent)
            {
                endSilence(tracked);
            }
        }
    }

    /** First all is judged as of one moment, then the core is told, as much as it takes of it. */
    private int scan()
    {
        silenceByGroup.values().forEach(this::measureLostNs);
        wheel.advance(nowNs, onDue);
        if (!releaseRequests.isEmpty())
        {
            release();
        }
        judgeGroups();
        int commands = tellLost();
        commands += tell(suspects, COMMANDS_PER_CYCLE - commands, this::trySuspect);
        commands += tell(returns, COMMANDS_PER_CYCLE - commands, this::tryReturn);
        if (commands >= COMMANDS_PER_CYCLE)
        {
            // The rest has its turn as soon as this much has been taken.
            nextScanNs = nowNs;
        }
        return commands;
    }

    /** What a group was told may have been safe with a shorter lease. */
    private void measureLostNs(final GroupSilence group)
    {
        final GroupView configured = view.groups().group(group.name);
        final long groupLostNs = null == configured ? 0 : configured.options().get(GroupOption.LOST_TIMEOUT);
        final long lostNs = 0 == groupLostNs ? options.lostNs() : Math.max(groupLostNs, lostMinNs);
        if (lostNs != group.lostNs)
        {
            group.lostNs = lostNs;
            for (final TrackedAgent tracked : trackedById.values())
            {
                if (tracked.group == group && tracked.isSilent)
                {
                    tracked.isOverdue = false;
                    onSilent(tracked);
                }
            }
        }
    }

    /** An agent's time has come, unless it was put off: that is seen only here. */
    private void onDue(final TrackedAgent tracked)
    {
        if (tracked.isSilent)
        {
            onSilent(tracked);
        }
        else if (nowNs - tracked.lastHeardNs >= options.suspectNs())
        {
            tracked.isSilent = true;
            tracked.group.silent++;
            queueSuspect(tracked);
            onSilent(tracked);
        }
        else
        {
            wheel.add(tracked, tracked.lastHeardNs + options.suspectNs());
        }
    }

    private void onSilent(final TrackedAgent tracked)
    {
        if (nowNs - tracked.lastHeardNs >= tracked.group.lostNs)
        {
            tracked.isOverdue = true;
            (tracked.isReleased ? tracked.group.released : tracked.group.overdue).add(tracked);
        }
        else
        {
            wheel.add(tracked, tracked.lastHeardNs + tracked.group.lostNs);
        }
    }

    private void endSilence(final TrackedAgent tracked)
    {
        tracked.group.silent--;
        tracked.isSilent = false;
        tracked.isOverdue = false;
        wheel.add(tracked, tracked.lastHeardNs + options.suspectNs());
    }

    private void queueSuspect(final TrackedAgent tracked)
    {
        if (Liveness.ALIVE == tracked.told && !tracked.isSuspectQueued)
        {
            tracked.isSuspectQueued = true;
            suspects.add(tracked);
        }
    }

    private void release()
    {
        for (final TrackedAgent tracked : trackedById.values())
        {
            if (tracked.isSilent && releaseRequests.contains(tracked.group.name))
            {
                tracked.isReleased = true;
                if (tracked.isOverdue)
                {
                    tracked.group.released.add(tracked);
                }
            }
        }
        releaseRequests.clear();
    }

    private void judgeGroups()
    {
        final Set<String> held = new HashSet<>();
        silenceByGroup.forEach(
            (name, group) ->
            {
                group.judge();
                if (group.isHeld())
                {
                    held.add(name);
                }
            });
        heldGroups = held;
    }

    private int tellLost()
    {
        int commands = 0;
        for (final GroupSilence group : silenceByGroup.values())
        {
            commands += tellLost(group.released, COMMANDS_PER_CYCLE - commands);
            if (!group.isMass)
            {
                commands += tellLost(group.overdue, COMMANDS_PER_CYCLE - commands);
            }
        }
        return commands;
    }

    /** In a list stays who has to be told to be suspect or back first, and whom the ring does not take. */
    private int tellLost(final AgentList list, final int limit)
    {
        int commands = 0;
        TrackedAgent next = list.first();
        while (null != next && commands < limit)
        {
            final TrackedAgent tracked = next;
            next = tracked.behind;
            if (Liveness.SUSPECT == tracked.told && !tracked.heardSinceTold)
            {
                if (!tryLose(tracked))
                {
                    break;
                }
                commands++;
            }
        }
        return commands;
    }

    private interface Telling
    {
        /** False if the ring did not take it. */
        boolean tryTell(TrackedAgent tracked);
    }

    /** Tells those in a queue who are still to be told; what the ring does not take waits for the next scan. */
    private static int tell(final Deque<TrackedAgent> queue, final int limit, final Telling telling)
    {
        int commands = 0;
        while (commands < limit && !queue.isEmpty())
        {
            if (!telling.tryTell(queue.peek()))
            {
                break;
            }
            queue.poll();
            commands++;
        }
        return commands;
    }

    private boolean trySuspect(final TrackedAgent tracked)
    {
        if (!tracked.isGone && Liveness.ALIVE == tracked.told && tracked.isSilent)
        {
            suspect.wrapAndApplyHeader(command, 0, header).agentId(tracked.agentId).connection(tracked.connection);
            if (!publish(suspect.encodedLength()))
            {
                return false;
            }
            counters.increment(Counter.AGENTS_SUSPECTED);
            tracked.told(Liveness.SUSPECT);
        }
        tracked.isSuspectQueued = false;
        return true;
    }

    private boolean tryReturn(final TrackedAgent tracked)
    {
        if (!tracked.isGone && Liveness.ALIVE != tracked.told && tracked.heardSinceTold)
        {
            returned.wrapAndApplyHeader(command, 0, header).agentId(tracked.agentId).connection(tracked.connection);
            if (!publish(returned.encodedLength()))
            {
                return false;
            }
            counters.increment(Counter.AGENTS_RETURNED);
            onReturned(tracked);
        }
        tracked.isReturnQueued = false;
        return true;
    }

    private void onReturned(final TrackedAgent tracked)
    {
        final boolean wasLost = Liveness.LOST == tracked.told;
        tracked.told(Liveness.ALIVE);
        tracked.returnsTold++;
        if (wasLost)
        {
            tracked.group.agents++;
            wheel.add(tracked, tracked.lastHeardNs + options.suspectNs());
        }
        else if (tracked.isSilent)
        {
            queueSuspect(tracked);
        }
    }

    private boolean tryLose(final TrackedAgent tracked)
    {
        lost.wrapAndApplyHeader(command, 0, header).agentId(tracked.agentId).connection(tracked.connection);
        if (!publish(lost.encodedLength()))
        {
            return false;
        }
        counters.increment(Counter.AGENTS_LOST);
        tracked.told(Liveness.LOST);
        AgentList.remove(tracked);
        tracked.group.agents--;
        tracked.group.silent--;
        tracked.isSilent = false;
        tracked.isOverdue = false;
        return true;
    }

    private boolean publish(final int bodyLength)
    {
        return ingress.tryPublish(command, 0, MessageHeaderEncoder.ENCODED_LENGTH + bodyLength);
    }

    /** Each grant is for the agent's newest heartbeat; one that may not be given yet is kept back, an agent has one. */
    private int grantLeases()
    {
        final boolean lostTail = view.lostTail();
        int granted = 0;
        for (int i = Math.min(KEPT_PER_CYCLE, grantsKept.size()); i > 0; i--)
        {
            granted += grantOrKeep(grantsKept.poll(), lostTail);
        }
        for (int i = 0; i < grantsDue.size(); i++)
        {
            granted += grantOrKeep(grantsDue.get(i), lostTail);
        }
        grantsDue.clear();
        if (granted > 0)
        {
            publisher.flush();
        }
        return granted;
    }

    private int grantOrKeep(final TrackedAgent tracked, final boolean lostTail)
    {
        final AgentLink link = tracked.link;
        final boolean isCurrent = null != link && link == table.link(tracked.agentId);
        if (isCurrent && (Liveness.LOST == tracked.told || !link.mayHaveLease(tracked.returnsTold, lostTail)))
        {
            grantsKept.add(tracked);
            return 0;
        }
        tracked.isGrantDue = false;
        if (!isCurrent)
        {
            return 0;
        }
        publisher.sendLeaseGrant(
            link,
            tracked.heartbeatNo,
            options.leaseNs(),
            view.terms().current().term(),
            view.sequence());
        tracked.grantedNo = tracked.heartbeatNo;
        tracked.grantedNs = tracked.heartbeatNs;
        return 1;
    }

    @Override
    public Set<String> heldGroups()
    {
        return heldGroups;
    }

    @Override
    public boolean release(final String group)
    {
        return heldGroups.contains(group) && releaseRequests.add(group);
    }
}
