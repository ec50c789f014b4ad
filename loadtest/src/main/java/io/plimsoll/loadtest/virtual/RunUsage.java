package io.plimsoll.loadtest.virtual;

import io.plimsoll.loadtest.fleet.MachineKind;
import io.plimsoll.loadtest.simulate.AgentSpec;
import io.plimsoll.loadtest.simulate.VirtualAgent;
import io.plimsoll.loadtest.simulate.VirtualKernel;
import io.plimsoll.loadtest.virtual.UsageCurve.Line;

/** What is there and what is used, over the time of a run. */
final class RunUsage
{
    private final UsageCurve curve;
    private RunWatch watch;

    RunUsage(final UsageCurve curve)
    {
        this.curve = curve;
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
        change(Line.MACHINES, sign);
        if (null != watch)
        {
            watch.up(machine.number() - 1, sign > 0);
        }
        change(Line.CPU_THERE, (double)sign * spec.capacity("cpu"));
        change(Line.MEMORY_THERE, (double)sign * memory(spec));
        change(Line.DEVICES_THERE, (double)sign * spec.deviceMilli());
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
        change(Line.CPU_USED, (double)sign * kernel.cpuMillis());
        change(Line.MEMORY_USED, (double)sign * kernel.memoryBytes());
        double milli = 0;
        for (final VirtualKernel.DeviceShare device : kernel.devices())
        {
            milli += device.share();
        }
        change(Line.DEVICES_USED, sign * milli);
        if (null != watch)
        {
            watch.hold(kernel.agent().number() - 1, kernel, sign);
        }
    }
}
