package io.plimsoll.manager.view;

import io.plimsoll.core.sbe.AgentAttachedDecoder;
import io.plimsoll.core.sbe.AgentChangedDecoder;
import io.plimsoll.core.sbe.BooleanType;
import io.plimsoll.core.sbe.Liveness;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.agrona.collections.Long2ObjectHashMap;

/** An agent and what is placed on it. Changed under the view's write lock. */
final class AgentRow
{
    private static final int ORPHANS_MAX = 1_000;
    private static final String DEVICE = ".device";
    private static final String SHARES = ".shares";
    private static final long WHOLE = 1_000;

    final int id;
    String name = "";
    String uuid = "";
    String arch = "";
    int groupId;
    Liveness liveness = Liveness.ALIVE;
    boolean connected;
    boolean reconciled;
    boolean drained;
    boolean quarantined;
    int kernelsMax = -1;
    Map<String, String> labels = Map.of();
    long connection;
    int kernels;
    private long[] capacity = new long[0];
    private long[] used = new long[0];
    private boolean[] offered = new boolean[0];
    private List<String> orphans = List.of();
    /** The writer's own: what each kernel took, also after its session is forgotten. */
    private final Long2ObjectHashMap<Assignment> assignmentByKernelId = new Long2ObjectHashMap<>();

    AgentRow(final int id)
    {
        this.id = id;
    }

    AgentRow copy()
    {
        final AgentRow copy = new AgentRow(id);
        copy.name = name;
        copy.uuid = uuid;
        copy.arch = arch;
        copy.groupId = groupId;
        copy.liveness = liveness;
        copy.connected = connected;
        copy.reconciled = reconciled;
        copy.drained = drained;
        copy.quarantined = quarantined;
        copy.kernelsMax = kernelsMax;
        copy.labels = labels;
        copy.connection = connection;
        copy.kernels = kernels;
        copy.capacity = capacity.clone();
        copy.used = used.clone();
        copy.offered = offered.clone();
        copy.orphans = orphans;
        assignmentByKernelId.forEach(copy.assignmentByKernelId::put);
        return copy;
    }

    /** It has connected, and said what it has; its name is for the table. */
    void attached(final AgentAttachedDecoder event)
    {
        uuid = new UUID(event.uuidHi(), event.uuidLo()).toString();
        groupId = event.groupId();
        connection = event.connection();
        connected = true;
        reconciled = false;
        liveness = Liveness.ALIVE;
        clearOrphans();
        beginSlots();
        for (final AgentAttachedDecoder.SlotsDecoder slot : event.slots())
        {
            capacity(slot.slotId(), slot.capacity());
        }
        kernelsMax = event.kernelsMax();
        final Map<String, String> said = new LinkedHashMap<>();
        for (final AgentAttachedDecoder.LabelsDecoder label : event.labels())
        {
            said.put(label.key(), label.value());
        }
        labels = Collections.unmodifiableMap(said);
    }

    void changed(final AgentChangedDecoder event)
    {
        connection = event.connection();
        connected = BooleanType.T == event.connected();
        reconciled = BooleanType.T == event.reconciled();
        liveness = event.liveness();
        drained = BooleanType.T == event.drained();
        quarantined = BooleanType.T == event.quarantined();
    }

    private void beginSlots()
    {
        Arrays.fill(offered, false);
        Arrays.fill(capacity, 0);
    }

    private void capacity(final int slotId, final long amount)
    {
        ensureSlot(slotId);
        offered[slotId] = true;
        capacity[slotId] = amount;
    }

    /** Returns the assignment if it is new here, null if it was known. */
    Assignment place(final Assignment assignment)
    {
        if (null == assignmentByKernelId.put(assignment.kernelId(), assignment))
        {
            kernels++;
            use(assignment, 1);
            return assignment;
        }
        return null;
    }

    /** Returns what is free again, null if nothing is. */
    Assignment release(final long kernelId)
    {
        final Assignment assignment = assignmentByKernelId.remove(kernelId);
        if (null != assignment)
        {
            kernels--;
            use(assignment, -1);
        }
        return assignment;
    }

    private void use(final Assignment assignment, final int sign)
    {
        use(SlotTable.CPU, sign * assignment.cpuMillis());
        use(SlotTable.MEMORY, sign * assignment.memoryBytes());
        for (final SlotAmount slot : assignment.slots())
        {
            use(slot.slotId(), sign * slot.amount());
        }
    }

    private void use(final int slotId, final long amount)
    {
        ensureSlot(slotId);
        used[slotId] += amount;
    }

    private void ensureSlot(final int slotId)
    {
        if (slotId >= capacity.length)
        {
            capacity = Arrays.copyOf(capacity, slotId + 1);
            offered = Arrays.copyOf(offered, slotId + 1);
            used = Arrays.copyOf(used, slotId + 1);
        }
    }

    void addOrphan(final String orphan)
    {
        if (!orphans.contains(orphan) && orphans.size() < ORPHANS_MAX)
        {
            final List<String> next = new ArrayList<>(orphans);
            next.add(orphan);
            orphans = List.copyOf(next);
        }
    }

    void clearOrphans()
    {
        orphans = List.of();
    }

    /** Thousandths of devices are not offered but follow from these; a whole device is a thousand of them. */
    private static void addShares(final Map<String, Long> capacityByName, final Map<String, Long> usedByName)
    {
        for (final String slotName : List.copyOf(capacityByName.keySet()))
        {
            if (slotName.endsWith(DEVICE))
            {
                final String shares = slotName.substring(0, slotName.length() - DEVICE.length()) + SHARES;
                capacityByName.put(shares, WHOLE * capacityByName.get(slotName));
                usedByName.merge(shares, WHOLE * usedByName.get(slotName), Long::sum);
            }
        }
    }

    AgentView view(final SlotTable slots, final GroupTable groups)
    {
        final Map<String, Long> capacityByName = new LinkedHashMap<>();
        final Map<String, Long> usedByName = new LinkedHashMap<>();
        for (int slotId = 0; slotId < offered.length; slotId++)
        {
            if (offered[slotId] || 0 != used[slotId])
            {
                final String slotName = slots.name(slotId);
                capacityByName.put(slotName, capacity[slotId]);
                usedByName.put(slotName, used[slotId]);
            }
        }
        addShares(capacityByName, usedByName);
        return new AgentView(
            id, name, uuid, groups.name(groupId), arch, labels, liveness, connected, reconciled, drained, quarantined,
            connection, capacityByName, usedByName, kernels, kernelsMax, orphans);
    }
}
