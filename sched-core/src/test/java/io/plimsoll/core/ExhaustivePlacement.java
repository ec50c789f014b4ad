package io.plimsoll.core;

import io.plimsoll.core.policy.DeviceClass;
import io.plimsoll.core.policy.RequestMix;
import io.plimsoll.core.policy.SelectionPolicy;
import io.plimsoll.core.sbe.Liveness;
import io.plimsoll.core.sbe.SelectPolicy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Says, by looking at every agent for every kernel, where a session goes: what the indexes must agree with. */
final class ExhaustivePlacement
{
    private final CoreState state;
    final AgentTable agents;
    private final SessionTable sessions;
    private final ShapeTable shapes;
    private final PlainConstraints constraints;
    private final PlainSlotOrder slotOrder;
    private long[][] taken;
    /** Free thousandths by agent, slot of devices and device. */
    private int[][][] devices;
    private int[] given;
    private int[][] givenIn;
    private int shape;
    private int group;
    private int session;
    private int index;
    private int cursor;
    private SelectPolicy select;
    private SelectionPolicy policy;
    private RequestMix mix;
    /** In place of an agent that the scan does not say. */
    static final int ANY = -2;
    final int[] chosen = new int[KernelTable.KERNELS_MAX];

    ExhaustivePlacement(final CoreState state)
    {
        this.state = state;
        agents = state.agents;
        sessions = state.sessions;
        shapes = state.shapes;
        constraints = new PlainConstraints(state);
        slotOrder = new PlainSlotOrder(state);
    }

    boolean place(final int groupId, final int sessionRow)
    {
        group = groupId;
        session = sessionRow;
        taken = new long[agents.highWater()][state.slots.count()];
        given = new int[agents.highWater()];
        givenIn = new int[agents.highWater()][DeviceClass.COUNT];
        devices = new int[agents.highWater()][state.slots.count()][];
        for (int agent = 1; agent < agents.highWater(); agent++)
        {
            loadDevices(agent);
        }
        shape = sessions.shape.get(session);
        select = SelectPolicy.get(state.groups.select.get(group));
        cursor = state.groups.cursor.get(group);
        policy = null;
        if (SelectPolicy.SCORED == select)
        {
            final int name = state.groups.selection.get(group);
            policy = state.policies.find(state.names.buffer(), state.names.offset(name), state.names.length(name));
            mix = state.requests.of(group);
        }
        constraints.begin(shape, given);
        if (shapes.isParted(shape))
        {
            return placeParts();
        }
        if (SelectPolicy.TOPOLOGY == select && !constraints.areRanked())
        {
            return placeTogether();
        }
        for (index = 0; index < shapes.kernels.get(shape); index++)
        {
            final int best = best();
            if (Table.NONE == best)
            {
                return false;
            }
            chosen[index] = best;
            take(best);
            cursor = best;
        }
        return true;
    }

    /** See {@link PartsFit} and {@link PartsPlacement}: the packing says whether, the selection says where. */
    private boolean placeParts()
    {
        final SelectionPolicy choosing = policy;
        policy = null;
        final PlainPacking packing = new PlainPacking(this, state, shape);
        final boolean fits = packing.find();
        policy = choosing;
        if (!fits)
        {
            return false;
        }
        final boolean together = SelectPolicy.TOPOLOGY == select && !constraints.areRanked();
        if (!together && !inOrder(packing, packing.natural()) && !inOrder(packing, packing.scarcest()))
        {
            packing.copyTo(chosen);
        }
        if (together)
        {
            // Where it goes is tested apart.
            Arrays.fill(chosen, ANY);
        }
        return true;
    }

    private boolean inOrder(final PlainPacking packing, final List<Integer> order)
    {
        reset();
        cursor = state.groups.cursor.get(group);
        for (final int part : order)
        {
            shape = packing.row(part);
            for (int i = 0; i < shapes.kernels.get(shape); i++)
            {
                index = packing.firstIndex(part) + i;
                final int best = bestOfParts(packing);
                if (Table.NONE == best)
                {
                    return false;
                }
                chosen[index] = best;
                take(best);
                cursor = best;
            }
        }
        return true;
    }

    private int bestOfParts(final PlainPacking packing)
    {
        final boolean whole = constraints.packsNew();
        int best = Table.NONE;
        for (int agent = 1; agent < agents.highWater(); agent++)
        {
            if (mayTake(agent) && (!whole || holdsAll(packing, agent)) &&
                (Table.NONE == best || isBetter(agent, best)))
            {
                best = agent;
            }
        }
        return best;
    }

    private boolean holdsAll(final PlainPacking packing, final int agent)
    {
        final int part = shape;
        final SelectionPolicy choosing = policy;
        policy = null;
        final boolean holds = packing.holdsAll(agent);
        policy = choosing;
        shape = part;
        reset();
        return holds;
    }

    void ask(final int part)
    {
        shape = part;
    }

    /** Nothing is taken. */
    void reset()
    {
        for (int agent = 1; agent < agents.highWater(); agent++)
        {
            Arrays.fill(taken[agent], 0);
            Arrays.fill(givenIn[agent], 0);
            given[agent] = 0;
            loadDevices(agent);
        }
    }

    boolean mayTake(final int agent)
    {
        return isUsable(agent) && fits(agent) && constraints.matches(agent);
    }

    /** Whether one agent has just as much left as another, and both or none of them was given something. */
    boolean isLike(final int agent, final int other)
    {
        for (int slot = 0; slot < state.slots.count(); slot++)
        {
            if (state.slots.isDevice(slot) ?
                !Arrays.equals(devices[agent][slot], devices[other][slot]) :
                !state.slots.isShare(slot) && left(agent, slot) != left(other, slot))
            {
                return false;
            }
        }
        return given[agent] > 0 == given[other] > 0 &&
            Math.min(KernelTable.KERNELS_MAX, agents.kernelsLeft(agent) - given[agent]) ==
            Math.min(KernelTable.KERNELS_MAX, agents.kernelsLeft(other) - given[other]);
    }

    boolean packsNew()
    {
        return constraints.packsNew();
    }

    private boolean placeTogether()
    {
        final List<Integer> excluded = failed();
        List<Integer> places = together(excluded);
        while (places.isEmpty() && !excluded.isEmpty())
        {
            excluded.remove(excluded.size() - 1);
            places = together(excluded);
        }
        for (int i = 0; i < places.size(); i++)
        {
            chosen[i] = places.get(i);
        }
        return !places.isEmpty();
    }

    private List<Integer> together(final List<Integer> excluded)
    {
        final PlainTopology topology = new PlainTopology(shapes.kernels.get(shape));
        for (int agent = 1; agent < agents.highWater(); agent++)
        {
            if (!excluded.contains(agent) && isUsable(agent) && constraints.matches(agent))
            {
                topology.add(agent, agents.block.get(agent), agents.rack.get(agent), room(agent));
            }
        }
        return topology.choose();
    }

    private boolean isUsable(final int agent)
    {
        final long claimant = agents.claimedBy.get(agent);
        return group == agents.group.get(agent) &&
            0 != agents.connected.get(agent) &&
            0 != agents.reconciled.get(agent) &&
            0 == agents.drained.get(agent) &&
            0 == agents.quarantined.get(agent) &&
            Liveness.ALIVE.value() == agents.liveness.get(agent) &&
            (agents.kernelsMax.get(agent) < 0 || agents.kernels.get(agent) < agents.kernelsMax.get(agent)) &&
            (0 == claimant || sessions.nextId.get(session) == claimant);
    }

    private int best()
    {
        final int[] candidates = new int[agents.highWater()];
        int count = 0;
        for (int agent = 1; agent < agents.highWater(); agent++)
        {
            if (isUsable(agent) && fits(agent) && constraints.matches(agent) &&
                (!constraints.packsNew() || room(agent) == shapes.kernels.get(shape)))
            {
                candidates[count++] = agent;
            }
        }
        if (SelectPolicy.RANDOM == select && !constraints.areRanked())
        {
            return random(candidates, count);
        }
        int best = Table.NONE;
        for (int i = 0; i < count; i++)
        {
            best = Table.NONE == best || isBetter(candidates[i], best) ? candidates[i] : best;
        }
        return best;
    }

    void take(final int agent)
    {
        for (int slot = 0; slot < state.slots.count(); slot++)
        {
            taken[agent][slot] += shapes.amount(shape, slot);
        }
        takeDevices(agent, devices[agent]);
        given[agent]++;
        givenIn[agent][shapes.deviceClass.get(shape)]++;
    }

    /** How many kernels of the session an agent has room for. */
    private int room(final int agent)
    {
        final long[] takenBefore = taken[agent].clone();
        final int[][] devicesBefore = copy(devices[agent]);
        final int givenBefore = given[agent];
        int kernels = 0;
        while (kernels < shapes.kernels.get(shape) && fits(agent))
        {
            take(agent);
            kernels++;
        }
        taken[agent] = takenBefore;
        devices[agent] = devicesBefore;
        given[agent] = givenBefore;
        givenIn[agent][shapes.deviceClass.get(shape)] -= kernels;
        return kernels;
    }

    private static int[][] copy(final int[][] free)
    {
        return Arrays.stream(free).map(one -> null == one ? null : one.clone()).toArray(int[][]::new);
    }

    private void loadDevices(final int agent)
    {
        for (int slot = 0; slot < state.slots.count(); slot++)
        {
            if (state.slots.isDevice(slot))
            {
                devices[agent][slot] = new int[(int)agents.capacity(agent, slot)];
                for (int device = 0; device < devices[agent][slot].length; device++)
                {
                    devices[agent][slot][device] = agents.deviceFree(agent, slot, device);
                }
            }
        }
    }

    /** Whole devices are the lowest idle ones, shares come from the fullest that have room; false: they do not. */
    private boolean takeDevices(final int agent, final int[][] free)
    {
        boolean first = true;
        for (int slot = 0; slot < state.slots.count(); slot++)
        {
            if (state.slots.isDevice(slot))
            {
                final boolean[] used = new boolean[free[slot].length];
                final int partner = state.slots.partner(slot);
                final long share = Table.NONE == partner ? 0 : shapes.amount(shape, partner);
                final long whole = shapes.amount(shape, slot);
                if (null != policy && first && 0 == whole && share > 0 && share < 1000)
                {
                    if (Arrays.stream(free[slot]).max().orElse(0) < share)
                    {
                        return false;
                    }
                    free[slot][policy.chooseDevice(view(agent, free[slot]), asked(), mix)] -= (int)share;
                }
                else if (!takeDevices(free[slot], used, whole, 1000) ||
                    !takeDevices(free[slot], used, Shares.devices(share), (int)Shares.ofEach(share)))
                {
                    return false;
                }
                first &= 0 == whole && 0 == share;
            }
        }
        return true;
    }

    private static boolean takeDevices(final int[] free, final boolean[] used, final long count, final int share)
    {
        for (long i = 0; i < count; i++)
        {
            int best = Table.NONE;
            for (int device = 0; device < free.length; device++)
            {
                if (!used[device] && free[device] >= share && (Table.NONE == best || free[device] < free[best]))
                {
                    best = device;
                }
            }
            if (Table.NONE == best)
            {
                return false;
            }
            used[best] = true;
            free[best] -= share;
        }
        return true;
    }

    long left(final int agent, final int slot)
    {
        if (state.slots.isDevice(slot))
        {
            return Arrays.stream(devices[agent][slot]).filter(free -> 1000 == free).count();
        }
        if (state.slots.isShare(slot))
        {
            return Arrays.stream(devices[agent][state.slots.partner(slot)]).max().orElse(0);
        }
        return agents.free(agent, slot) - taken[agent][slot];
    }

    /** What all devices together have free, of shares. */
    private long inAll(final int agent, final int slot)
    {
        return state.slots.isShare(slot) && Table.NONE != state.slots.partner(slot) ?
            Arrays.stream(devices[agent][state.slots.partner(slot)]).sum() : left(agent, slot);
    }

    private boolean fits(final int agent)
    {
        if (given[agent] >= agents.kernelsLeft(agent))
        {
            return false;
        }
        for (int slot = 0; slot < state.slots.count(); slot++)
        {
            final long amount = state.slots.isShare(slot) ? 0 : shapes.amount(shape, slot);
            if (amount > 0 && left(agent, slot) < amount)
            {
                return false;
            }
        }
        return (left(agent, SlotTable.MEM) >= 0 || shapes.amount(shape, SlotTable.MEM) > 0) &&
            takeDevices(agent, copy(devices[agent]));
    }

    private boolean isBetter(final int agent, final int best)
    {
        final int byFailure = turn(best) - turn(agent);
        if (0 != byFailure)
        {
            return byFailure > 0;
        }
        final int byConstraints = constraints.compare(agent, best);
        if (0 != byConstraints)
        {
            return byConstraints > 0;
        }
        return switch (select)
        {
            case SCORED -> isHigher(score(agent), score(best), agent < best);
            case ROUND_ROBIN -> distance(agent) < distance(best);
            case RANDOM -> isHigher(rank(best), rank(agent), agent < best);
            default -> isBetterByFree(agent, best);
        };
    }

    private boolean isAsked(final int slot)
    {
        return 0 != (shapes.furtherMask.get(shape) & 1 << slot);
    }

    /** Kinds of resources of which an agent has some that the request leaves unused. */
    private int unused(final int agent)
    {
        final Set<Integer> kinds = new HashSet<>();
        for (int slot = 2; slot < state.slots.count(); slot++)
        {
            final int partner = state.slots.partner(slot);
            final boolean used = isAsked(slot) || Table.NONE != partner && isAsked(partner);
            if (!used && agents.free(agent, slot) > 0)
            {
                kinds.add(Table.NONE == partner ? slot : Math.min(slot, partner));
            }
        }
        return kinds.size();
    }

    private static boolean isHigher(final long left, final long right, final boolean tie)
    {
        return left > right || left == right && tie;
    }

    private boolean isBetterByFree(final int agent, final int best)
    {
        final int byUnused = Integer.compare(unused(agent), unused(best));
        if (0 != byUnused)
        {
            return byUnused < 0;
        }
        final List<Integer> order = slotOrder.of(group, shapes.furtherMask.get(shape));
        for (int i = 0; i < order.size(); i++)
        {
            final int slot = order.get(i);
            final int byAmount = i < slotOrder.first() ?
                Long.compare(inAll(agent, slot), inAll(best, slot)) :
                Long.compare(left(agent, slot), left(best, slot));
            if (0 != byAmount)
            {
                return SelectPolicy.DISPERSED == select == byAmount > 0;
            }
        }
        return agent < best;
    }

    private long score(final int agent)
    {
        final int slot = deviceSlot(agent);
        return policy.score(
            view(agent, Table.NONE == slot ? new int[0] : devices[agent][slot]), asked(), mix);
    }

    private PlainAgentView view(final int agent, final int[] free)
    {
        return new PlainAgentView(this, agent, free);
    }

    private PlainRequestView asked()
    {
        return new PlainRequestView(state, shape);
    }

    int deviceSlot(final int agent)
    {
        for (int slot = 0; slot < state.slots.count(); slot++)
        {
            final boolean asked = shapes.deviceCount.get(shape) > 0;
            if (state.slots.isDevice(slot) &&
                (asked ? shapes.amount(shape, slot) > 0 || shapes.amount(shape, state.slots.partner(slot)) > 0 :
                    agents.capacity(agent, slot) > 0))
            {
                return slot;
            }
        }
        return Table.NONE;
    }

    /** Kernels of a class that an agent has been given. */
    int givenIn(final int agent, final int deviceClass)
    {
        return givenIn[agent][deviceClass];
    }

    /** Agents on which attempts of the session failed, the latest first. */
    private List<Integer> failed()
    {
        final List<Integer> failed = new ArrayList<>();
        for (int i = 0; i < SessionTable.FAILED_AGENTS_MAX && sessions.failedAgent(session, i) > 0; i++)
        {
            failed.add(sessions.failedAgent(session, i));
        }
        return failed;
    }

    /** 0 for all agents on which nothing failed; of the others, more for the later. */
    private int turn(final int agent)
    {
        final List<Integer> failed = failed();
        return failed.contains(agent) ? failed.size() - failed.indexOf(agent) : 0;
    }

    private int distance(final int agent)
    {
        return agent > cursor ? agent - cursor : agent + agents.highWater() - cursor;
    }

    private long rank(final int agent)
    {
        return RandomSelection.rank(state.groups.selectionSeed.get(group), sessions.nextId.get(session), index, agent);
    }

    /** One that failed only if there is no other, else the first that a sequence of draws hits. */
    private int random(final int[] candidates, final int count)
    {
        final List<Integer> failed = failed();
        final int[] fitting = Arrays.stream(candidates, 0, count).filter(agent -> !failed.contains(agent)).toArray();
        if (0 == fitting.length)
        {
            return Arrays.stream(candidates, 0, count).boxed()
                .min(Comparator.comparingInt(this::turn)).orElse(Table.NONE);
        }
        final long seed = state.groups.selectionSeed.get(group);
        final long id = sessions.nextId.get(session);
        for (int draw = 0; draw < RandomSelection.DRAWS; draw++)
        {
            final int agent = 1 + RandomSelection.draw(seed, id, index, draw, agents.highWater() - 1);
            if (Arrays.binarySearch(fitting, agent) >= 0)
            {
                return agent;
            }
        }
        return fitting[RandomSelection.draw(seed, id, index, RandomSelection.DRAWS, fitting.length)];
    }
}
