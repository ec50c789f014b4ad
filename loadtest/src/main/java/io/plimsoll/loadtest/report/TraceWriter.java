package io.plimsoll.loadtest.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.Liveness;
import io.plimsoll.core.sbe.Reason;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The range as a trace in the JSON form that Perfetto and Chrome read: an agent is a process, its rows hold one
 * kernel at a time, a kernel is a slice with the states that it went through inside. Written as it happens; nothing
 * is kept but what runs. Times are microseconds from the begin of the range.
 */
final class TraceWriter implements ReportListener, AutoCloseable
{
    /** Process of what belongs to no agent; those of agents follow it. */
    private static final int CLUSTER_PID = 1;
    private static final int COUNTER_STEPS = 4_000;
    private static final String HELD = "HELD";

    private final ReportRange range;
    private final BookedNames names;
    private final OutputStream target;
    private final Map<Integer, BitSet> lanes = new HashMap<>();
    private final Set<Long> namedLanes = new HashSet<>();
    private final Map<Integer, Long> used = new HashMap<>();
    private final long stepNs;
    private JsonGenerator json;
    private long pending;
    private long countedNs = Long.MIN_VALUE;

    TraceWriter(final ReportRange range, final BookedNames names, final OutputStream target)
    {
        this.range = range;
        this.names = names;
        stepNs = (range.toNs() - range.fromNs()) / COUNTER_STEPS;
        this.target = target;
    }

    /** Nothing is written before something is to be told, so that whoever tells may begin anew until then. */
    private void begin()
    {
        try
        {
            json = new JsonFactory().createGenerator(target);
            json.writeStartObject();
            json.writeStringField("displayTimeUnit", "ms");
            json.writeObjectFieldStart("otherData");
            json.writeStringField("from", ReportText.time(range.fromNs()));
            json.writeStringField("to", ReportText.time(range.toNs()));
            json.writeEndObject();
            json.writeArrayFieldStart("traceEvents");
        }
        catch (final IOException ex)
        {
            throw new ReportException("the trace cannot be written: " + ex.getMessage());
        }
        name("process_name", CLUSTER_PID, 0, "cluster");
    }

    private interface Fields
    {
        void write() throws IOException;
    }

    private void event(final String phase, final int pid, final int tid, final String name, final Fields fields)
    {
        if (null == json)
        {
            begin();
        }
        try
        {
            json.writeStartObject();
            json.writeStringField("ph", phase);
            json.writeNumberField("pid", pid);
            json.writeNumberField("tid", tid);
            json.writeStringField("name", name);
            fields.write();
            json.writeEndObject();
            json.writeRaw('\n');
        }
        catch (final IOException ex)
        {
            throw new ReportException("the trace cannot be written: " + ex.getMessage());
        }
    }

    private void name(final String kind, final int pid, final int tid, final String name)
    {
        event(
            "M",
            pid,
            tid,
            kind,
            () ->
            {
                json.writeObjectFieldStart("args");
                json.writeStringField("name", name);
                json.writeEndObject();
            });
    }

    private void micros(final String field, final long ns) throws IOException
    {
        json.writeFieldName(field);
        json.writeNumber(BigDecimal.valueOf(ns, 3));
    }

    private static int pid(final BookedAgent agent)
    {
        return CLUSTER_PID + agent.id;
    }

    private void nameTracks(final BookedAgent agent, final int lane)
    {
        if (namedLanes.add((long)agent.id << Integer.SIZE))
        {
            name("process_name", pid(agent), 0, agent.name + " (" + names.group(agent.groupId) + ")");
        }
        if (lane >= 0 && namedLanes.add((long)agent.id << Integer.SIZE | lane + 1))
        {
            name("thread_name", pid(agent), lane + 1, "kernels " + (lane + 1));
        }
    }

    @Override
    public void onPlaced(final BookedKernel kernel, final long nowNs)
    {
        final BitSet taken = lanes.computeIfAbsent(kernel.agent.id, id -> new BitSet());
        kernel.lane = taken.nextClearBit(0);
        taken.set(kernel.lane);
        use(kernel, 1);
    }

    private void use(final BookedKernel kernel, final int sign)
    {
        for (int i = 0; i < kernel.slotIds.length; i++)
        {
            used.merge(kernel.slotIds[i], sign * kernel.amounts[i], Long::sum);
        }
    }

    @Override
    public void onKernel(final BookedKernel kernel, final LifeState before, final long sinceNs, final long nowNs)
    {
        phase(kernel, BookedSession.isTerminal(before) ? HELD : before.name(), sinceNs, nowNs);
    }

    private void phase(final BookedKernel kernel, final String name, final long sinceNs, final long untilNs)
    {
        final long beginNs = Math.max(sinceNs, range.fromNs());
        final long endNs = Math.min(untilNs, range.toNs());
        if (endNs > beginNs)
        {
            nameTracks(kernel.agent, kernel.lane);
            event(
                "X",
                pid(kernel.agent),
                kernel.lane + 1,
                name,
                () ->
                {
                    json.writeStringField("cat", "state");
                    micros("ts", beginNs - range.fromNs());
                    micros("dur", endNs - beginNs);
                });
        }
    }

    @Override
    public void onFreed(final BookedKernel kernel, final long nowNs)
    {
        use(kernel, -1);
        lanes.get(kernel.agent.id).clear(kernel.lane);
        if (nowNs > kernel.stateSinceNs)
        {
            phase(kernel, kernel.hasEnded() ? HELD : kernel.state.name(), kernel.stateSinceNs, nowNs);
        }
        slice(kernel, nowNs, false);
    }

    private void slice(final BookedKernel kernel, final long untilNs, final boolean isOpen)
    {
        final long beginNs = Math.max(kernel.assignedNs, range.fromNs());
        final long endNs = Math.min(untilNs, range.toNs());
        final boolean isBefore = kernel.assignedNs < range.fromNs() && untilNs <= range.fromNs();
        if (isBefore || kernel.assignedNs >= range.toNs())
        {
            return;
        }
        nameTracks(kernel.agent, kernel.lane);
        final BookedSession session = kernel.session;
        event(
            "X",
            pid(kernel.agent),
            kernel.lane + 1,
            "session " + session.id + (session.name.isEmpty() ? "" : " " + session.name),
            () ->
            {
                json.writeStringField("cat", "kernel");
                micros("ts", beginNs - range.fromNs());
                micros("dur", endNs - beginNs);
                json.writeObjectFieldStart("args");
                json.writeNumberField("sessionId", session.id);
                json.writeNumberField("kernelIndex", kernel.kernelId & 1023);
                json.writeNumberField("attempt", kernel.attempt);
                json.writeStringField("owner", names.owner(session.ownerId));
                json.writeStringField("group", names.group(session.groupId));
                json.writeStringField("state", kernel.state.name());
                json.writeStringField("reason", Reason.NONE == kernel.reason ? "" : BookedNames.kebab(kernel.reason));
                json.writeBooleanField("open", isOpen);
                for (int i = 0; i < kernel.slotIds.length; i++)
                {
                    json.writeNumberField(names.slot(kernel.slotIds[i]), kernel.amounts[i]);
                }
                json.writeEndObject();
            });
    }

    @Override
    public void onAgent(final BookedAgent agent, final Liveness before, final long nowNs)
    {
        final boolean isLost = Liveness.LOST == agent.liveness;
        if (range.covers(nowNs) && isLost != (Liveness.LOST == before))
        {
            nameTracks(agent, -1);
            instant(pid(agent), isLost ? "lost" : "returned", nowNs);
        }
    }

    @Override
    public void onTerm(final long term, final long nowNs)
    {
        if (range.covers(nowNs))
        {
            instant(CLUSTER_PID, "manager started, term " + term, nowNs);
        }
    }

    private void instant(final int pid, final String name, final long nowNs)
    {
        event(
            "i",
            pid,
            0,
            name,
            () ->
            {
                micros("ts", nowNs - range.fromNs());
                json.writeStringField("s", "p");
            });
    }

    @Override
    public void onSubmitted(final BookedSession row, final long nowNs)
    {
        pending += row.count;
    }

    @Override
    public void onWaitingAgain(final BookedSession session, final long nowNs)
    {
        pending++;
    }

    @Override
    public void onWaited(
        final BookedSession session, final BookedSession row, final LifeState next, final long nowNs)
    {
        pending--;
    }

    /** Counters are told when they have stood for a while, or for the first time after one. */
    @Override
    public void onTime(final int bucket, final long fromNs, final long toNs)
    {
        if (range.isInRange(bucket) && (toNs - fromNs >= stepNs || fromNs - countedNs >= stepNs))
        {
            countedNs = fromNs;
            counter("sessions pending", pending, fromNs);
            used.forEach((slot, amount) -> counter("used " + unit(slot), amount, fromNs));
        }
    }

    private String unit(final int slot)
    {
        final String unit = BookedNames.CPU == slot ? " millicores" : BookedNames.MEMORY == slot ? " bytes" : "";
        return names.slot(slot) + unit;
    }

    private void counter(final String name, final long value, final long nowNs)
    {
        event(
            "C",
            CLUSTER_PID,
            0,
            name,
            () ->
            {
                micros("ts", nowNs - range.fromNs());
                json.writeObjectFieldStart("args");
                json.writeNumberField("value", value);
                json.writeEndObject();
            });
    }

    /** Draws what has not ended by the end of the range. */
    void onEnd(final Iterable<BookedAgent> agents)
    {
        for (final BookedAgent agent : agents)
        {
            for (final BookedKernel kernel : agent.kernels.values())
            {
                phase(
                    kernel, kernel.hasEnded() ? HELD : kernel.state.name(), kernel.stateSinceNs, range.toNs());
                slice(kernel, range.toNs(), true);
            }
        }
    }

    @Override
    public void close()
    {
        if (null == json)
        {
            begin();
        }
        try
        {
            json.writeEndArray();
            json.writeEndObject();
            json.close();
        }
        catch (final IOException ex)
        {
            throw new ReportException("the trace cannot be written: " + ex.getMessage());
        }
    }
}
