package io.plimsoll.core.testkit;

import io.plimsoll.core.SessionPart;
import io.plimsoll.core.sbe.ConstraintKind;
import io.plimsoll.core.sbe.FailurePolicy;
import io.plimsoll.core.sbe.OnLoss;
import io.plimsoll.core.sbe.SessionType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** One session of a submission, by default one kernel of one core and 100 bytes. */
public final class SubmitSpec
{
    public long spec = 1;
    public String group = "default";
    public SessionType type = SessionType.BATCH;
    public OnLoss onLoss = OnLoss.WAIT;
    public int priority = 10;
    public int kernels = 1;
    public long count = 1;
    public boolean array;
    public long cpuMillis = 1000;
    public long memoryBytes = 100;
    public long walltimeNs;
    public long graceNs = 10 * Commands.SECOND_NS;
    public final Map<String, Long> slots = new TreeMap<>();
    public long[] dependencies = {};
    public boolean anyEnd;
    public long startsAtNs;
    public FailurePolicy failurePolicy = FailurePolicy.STRICT;
    public boolean preemptible;
    public final List<Constraint> constraints = new ArrayList<>();
    /** What kernels after the first ones ask for. */
    public final List<SessionPart> parts = new ArrayList<>();

    /** A condition on agents. */
    public record Constraint(ConstraintKind kind, String key, String values)
    {
    }

    public static SubmitSpec session()
    {
        return new SubmitSpec();
    }

    public SubmitSpec cpu(final long millis)
    {
        cpuMillis = millis;
        return this;
    }

    public SubmitSpec mem(final long bytes)
    {
        memoryBytes = bytes;
        return this;
    }

    public SubmitSpec slot(final String name, final long amount)
    {
        slots.put(name, amount);
        return this;
    }

    public SubmitSpec kernels(final int number)
    {
        kernels = number;
        return this;
    }

    /** More kernels, which ask for something else. */
    public SubmitSpec part(final int number, final long millis, final long bytes)
    {
        return part(number, millis, bytes, Map.of());
    }

    public SubmitSpec part(final int number, final long millis, final long bytes, final Map<String, Long> further)
    {
        parts.add(new SessionPart(number, millis, bytes, further));
        return this;
    }

    public SubmitSpec arrayOf(final long elements)
    {
        array = true;
        count = elements;
        return this;
    }

    public SubmitSpec after(final long... ids)
    {
        dependencies = ids;
        return this;
    }

    public SubmitSpec afterAnyEnd(final long... ids)
    {
        anyEnd = true;
        return after(ids);
    }

    public SubmitSpec failurePolicy(final FailurePolicy policy)
    {
        failurePolicy = policy;
        return this;
    }

    public SubmitSpec preemptible()
    {
        preemptible = true;
        return this;
    }

    public SubmitSpec startsAt(final long epochNs)
    {
        startsAtNs = epochNs;
        return this;
    }

    public SubmitSpec type(final SessionType sessionType)
    {
        type = sessionType;
        return this;
    }

    public SubmitSpec priority(final int value)
    {
        priority = value;
        return this;
    }

    public SubmitSpec restart()
    {
        onLoss = OnLoss.RESTART;
        return this;
    }

    public SubmitSpec walltime(final long ns)
    {
        walltimeNs = ns;
        return this;
    }

    public SubmitSpec in(final String groupName)
    {
        group = groupName;
        return this;
    }

    public SubmitSpec constrained(final ConstraintKind kind, final String key, final String values)
    {
        constraints.add(new Constraint(kind, key, values));
        return this;
    }

    public SubmitSpec spec(final long hash)
    {
        spec = hash;
        return this;
    }
}
