package io.plimsoll.loadtest.virtual;

import io.plimsoll.core.sbe.ConstraintKind;
import io.plimsoll.loadtest.fleet.Devices;
import io.plimsoll.loadtest.fleet.Fleet;
import io.plimsoll.loadtest.fleet.Machine;
import io.plimsoll.loadtest.fleet.MachineKind;
import io.plimsoll.loadtest.jobs.Job;
import io.plimsoll.loadtest.jobs.Need;
import io.plimsoll.loadtest.jobs.Workload;
import io.plimsoll.loadtest.openb.OpenbNode;
import io.plimsoll.loadtest.openb.OpenbPod;
import io.plimsoll.loadtest.openb.OpenbRun;
import io.plimsoll.loadtest.openb.OpenbSequence;
import io.plimsoll.loadtest.simulate.EventPrinter;
import io.plimsoll.loadtest.simulate.ScenarioException;
import io.plimsoll.loadtest.simulate.SessionSpec;
import java.util.ArrayList;
import java.util.List;

/**
 * A workload on a fleet as published experiments on packing have it: one session after another comes, whenever it was
 * that it did; none leaves, and what fits nowhere is dropped. Stateless.
 */
public final class Packing
{
    private static final int MIB_SHIFT = 20;
    private static final long WHOLE = Need.WHOLE;
    private static final String MODEL = "cuda" + SessionSpec.MODEL_LABEL;

    private Packing()
    {
    }

    /**
     * Of a workload.
     *
     * @param sequence ranks of machines and order of arrival; null: as listed.
     * @param select   name of the policy.
     * @param events   sees every event; null: nobody does.
     * @return a run that has not begun.
     */
    public static OpenbRun of(
        final Workload workload,
        final Fleet fleet,
        final OpenbSequence sequence,
        final String select,
        final EventPrinter events)
    {
        final List<OpenbNode> nodes = new ArrayList<>();
        fleet.machines().forEach(machine -> nodes.add(node(machine)));
        final List<OpenbPod> pods = new ArrayList<>();
        workload.jobs().forEach(job -> pods.add(pod(job)));
        return new OpenbRun(
            nodes, pods, null == sequence ? OpenbSequence.asListed(nodes, pods) : sequence, select, events);
    }

    private static OpenbNode node(final Machine machine)
    {
        final MachineKind kind = machine.kind();
        final List<Devices> devices = kind.devices();
        if (devices.size() > 1 || 1 == devices.size() && !"cuda".equals(devices.get(0).kind()))
        {
            throw new ScenarioException("rules: machines of packing have GPUs of one model, or none; " +
                machine.name() + " has other devices");
        }
        return new OpenbNode(
            machine.name(),
            kind.cpuMillis(),
            kind.memoryBytes() >> MIB_SHIFT,
            devices.isEmpty() ? 0 : devices.get(0).count(),
            devices.isEmpty() ? "" : devices.get(0).model());
    }

    private static OpenbPod pod(final Job job)
    {
        final Need need = job.request().kernels().get(0).need();
        if (job.request().kernelCount() != 1 || job.isArray())
        {
            throw new ScenarioException("rules: sessions of packing have one kernel; " + job.name() + " has more");
        }
        String models = "";
        for (final SessionSpec.Constraint constraint : job.request().constraints())
        {
            if (ConstraintKind.LABEL_IN != constraint.kind() || !MODEL.equals(constraint.key()))
            {
                throw new ScenarioException("rules: sessions of packing may ask for models of GPUs, and no other " +
                    "labels; " + job.name() + " asks for " + constraint.key());
            }
            models = constraint.values();
        }
        final long milli = need.gpuMilli();
        final boolean isWhole = 0 == milli % WHOLE;
        return new OpenbPod(
            job.name(),
            need.cpuMillis(),
            need.memoryBytes() >> MIB_SHIFT,
            isWhole ? (int)(milli / WHOLE) : 1,
            0 == milli ? 0 : isWhole ? (int)WHOLE : (int)milli,
            models);
    }
}
