package io.plimsoll.loadtest.virtual;

import io.plimsoll.loadtest.fleet.MachineKind;
import io.plimsoll.loadtest.simulate.AgentSpec;
import io.plimsoll.loadtest.simulate.VirtualAgent;
import io.plimsoll.loadtest.simulate.VirtualKernel;
import io.plimsoll.loadtest.virtual.UsageCurve.Line;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/** What is there and what is used, over the time of a run. */
final class RunUsage
{
    private final UsageCurve curve;
    /** Of each group of machines; empty where all are one pool. */
    private final Map<String, UsageCurve> curveByGroup = new TreeMap<>();
    private RunWatch watch;

    /**
     * Of a run that has not begun.
     *
     * @param intervalNs length of an interval of which means are told.
     */
    RunUsage(final long intervalNs)
    {
        curve = new UsageCurve(intervalNs);
    }

    /** Tells machines and those who wait for them apart by group, of which there are several. */
    void split(final Collection<String> groups)
    {
        if (groups.size() > 1)
        {
            groups.forEach(group -> curveByGroup.put(group, new UsageCurve(curve.intervalNs())));
        }
    }

    /** By group of machines; empty where all are one pool. */
    Map<String, UsageCurve> curves()
    {
        curveByGroup.values().forEach(own -> own.passTo(curve.endNs()));
        return curveByGroup;
    }

    /** Tells somebody all of it as well. */
    void watch(final RunWatch told)
    {
        watch = told;
    }

    /** Who is told as well; null: nobody. */
    RunWatch watch()
    {
        return watch;
    }

    UsageCurve curve()
    {
        return curve;
    }

    void passTo(final long timeNs)
    {
        curve.passTo(timeNs);
        if (null != watch)
        {
            watch.passTo(timeNs);
        }
    }

    void change(final Line line, final double change)
    {
        curve.change(line, change);
        if (null != watch)
        {
            watch.change(line, change);
        }
    }

    private void change(final String group, final Line line, final double change)
    {
        change(line, change);
        final UsageCurve own = curveByGroup.get(group);
        if (null != own)
        {
            // Only now, so that time passes for one curve however many groups there are.
            own.passTo(curve.endNs());
            own.change(line, change);
        }
    }

    /** So many sessions more of a group wait. */
    void waiting(final String group, final int more)
    {
        change(group, Line.WAITING, more);
    }

    /** A session begins, or ceases, to wait. */
    void waits(final long sessionId, final boolean waits)
    {
        if (null != watch)
        {
            watch.waits(sessionId, waits);
        }
    }

    /** A machine has come. */
    void up(final VirtualAgent machine)
    {
        machine(machine, 1);
    }

    /** A machine is gone. */
    void down(final VirtualAgent machine)
    {
        machine(machine, -1);
    }

    private void machine(final VirtualAgent machine, final int sign)
    {
        final AgentSpec spec = machine.spec();
        change(spec.group(), Line.MACHINES, sign);
        if (null != watch)
        {
            watch.up(machine.number() - 1, sign > 0);
        }
        change(spec.group(), Line.CPU_THERE, (double)sign * spec.capacity("cpu"));
        change(spec.group(), Line.MEMORY_THERE, (double)sign * memory(spec));
        change(spec.group(), Line.DEVICES_THERE, (double)sign * spec.deviceMilli());
    }

    private static long memory(final AgentSpec spec)
    {
        final long bytes = spec.capacity("mem");
        return MachineKind.UNLIMITED == bytes ? 0 : bytes;
    }

    /** A kernel has what it was given. */
    void hold(final VirtualKernel kernel)
    {
        kernel(kernel, 1);
    }

    /** A kernel has it no more. */
    void release(final VirtualKernel kernel)
    {
        kernel(kernel, -1);
    }

    private void kernel(final VirtualKernel kernel, final int sign)
    {
        final String group = kernel.agent().spec().group();
        change(group, Line.CPU_USED, (double)sign * kernel.cpuMillis());
        change(group, Line.MEMORY_USED, (double)sign * kernel.memoryBytes());
        double milli = 0;
        for (final VirtualKernel.DeviceShare device : kernel.devices())
        {
            milli += device.share();
        }
        change(group, Line.DEVICES_USED, sign * milli);
        if (null != watch)
        {
            watch.hold(kernel.agent().number() - 1, kernel, sign);
        }
    }
}
