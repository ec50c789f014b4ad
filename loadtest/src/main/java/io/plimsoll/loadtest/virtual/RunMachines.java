package io.plimsoll.loadtest.virtual;

import io.plimsoll.loadtest.jobs.Draws;
import io.plimsoll.loadtest.simulate.AgentSpec;
import io.plimsoll.loadtest.simulate.VirtualAgent;
import io.plimsoll.loadtest.simulate.VirtualCluster;
import io.plimsoll.loadtest.virtual.Agenda.Kind;
import io.plimsoll.loadtest.virtual.MachineFaults.Outage;
import io.plimsoll.loadtest.virtual.MachineFaults.Recorded;
import io.plimsoll.loadtest.virtual.MachineFaults.Renewal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The machines of a run, which join, fail and are repaired as its faults say. */
final class RunMachines
{
    private final RunSetup setup;
    private final VirtualCluster cluster;
    private final Agenda agenda;
    private final RunUsage usage;
    private final List<VirtualAgent> machines = new ArrayList<>();
    private final Map<VirtualAgent, Draws> faults = new HashMap<>();

    RunMachines(final RunSetup setup, final VirtualCluster cluster, final Agenda agenda, final RunUsage usage)
    {
        this.setup = setup;
        this.cluster = cluster;
        this.agenda = agenda;
        this.usage = usage;
    }

    /** One more, which joins. */
    void add(final AgentSpec spec, final long atNs)
    {
        final VirtualAgent machine = cluster.add(spec);
        machines.add(machine);
        join(machine, atNs);
    }

    int size()
    {
        return machines.size();
    }

    /** Whether all are there. */
    boolean areUp()
    {
        return machines.stream().allMatch(VirtualAgent::isUp);
    }

    /**
     * Puts on the agenda when they will fail.
     *
     * @throws IllegalArgumentException if an outage is of a machine that is none of them.
     */
    void foresee()
    {
        if (setup.faults() instanceof final Renewal renewal)
        {
            for (int i = 0; i < machines.size(); i++)
            {
                faults.put(machines.get(i), new Draws(setup.seed(), i));
                foreseeFailure(machines.get(i), renewal, 0);
            }
        }
        else
        {
            foreseeOutages(((Recorded)setup.faults()).outages());
        }
    }

    private void foreseeFailure(final VirtualAgent machine, final Renewal renewal, final long fromNs)
    {
        agenda.add(fromNs + Agenda.nanos(renewal.up().draw(faults.get(machine))), Kind.FAIL, machine);
    }

    private void foreseeOutages(final List<Outage> outages)
    {
        final Map<String, VirtualAgent> byName = new HashMap<>();
        machines.forEach(machine -> byName.put(machine.spec().name(), machine));
        for (final Outage outage : Outage.apart(outages))
        {
            final VirtualAgent machine = byName.get(outage.machine());
            if (null == machine)
            {
                throw new IllegalArgumentException("machine: " + outage.machine() + " is none of the fleet");
            }
            agenda.add(outage.atNs(), Kind.FAIL, machine);
            if (outage.untilNs() < Agenda.NEVER)
            {
                agenda.add(outage.untilNs(), Kind.REPAIR, machine);
            }
        }
    }

    void fail(final VirtualAgent machine, final long nowNs)
    {
        if (machine.isUp())
        {
            machine.kernels().values().forEach(usage::release);
            usage.down(machine);
            cluster.crash(machine, nowNs);
        }
        if (setup.faults() instanceof final Renewal renewal)
        {
            agenda.add(nowNs + Agenda.nanos(renewal.down().draw(faults.get(machine))), Kind.REPAIR, machine);
        }
    }

    void repair(final VirtualAgent machine, final long nowNs)
    {
        if (!machine.isUp())
        {
            join(machine, nowNs);
        }
        if (setup.faults() instanceof final Renewal renewal)
        {
            foreseeFailure(machine, renewal, nowNs);
        }
    }

    private void join(final VirtualAgent machine, final long atNs)
    {
        usage.up(machine);
        cluster.join(machine, atNs);
    }
}
