package io.plimsoll.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.agent.Assignments;
import io.plimsoll.agent.kernel.Assignment;
import io.plimsoll.agent.kernel.KernelEnd;
import io.plimsoll.agent.kernel.KernelKey;
import io.plimsoll.transport.LaunchSpecCodec;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SimulatedKernelRuntimeTest implements KernelListener
{
    private final SimulatedKernelRuntime runtime = new SimulatedKernelRuntime();
    private final List<KernelKey> ended = new ArrayList<>();

    @Test
    void shouldSayUntilWhenNothingHappens()
    {
        assertEquals(Long.MAX_VALUE, runtime.idleUntilNs());
        launch(1, 500);
        assertEquals(Long.MIN_VALUE, runtime.idleUntilNs());
        runtime.poll(this, 10);
        assertEquals(510, runtime.idleUntilNs());
        launch(2, 200);
        runtime.poll(this, 10);
        assertEquals(210, runtime.idleUntilNs());
        runtime.poll(this, 209);
        assertTrue(ended.isEmpty());
        runtime.poll(this, 210);
        assertEquals(List.of(Assignments.key(2, 1, 1)), ended);
        assertEquals(510, runtime.idleUntilNs());
        runtime.kill(Assignments.key(1, 1, 1), 0, 300);
        assertEquals(300, runtime.idleUntilNs());
        runtime.poll(this, 300);
        assertEquals(Long.MAX_VALUE, runtime.idleUntilNs());
    }

    private void launch(final long kernelId, final long runNs)
    {
        final Assignment assignment = Assignments.of(kernelId).simulated(runNs, "true").make();
        runtime.tryLaunch(new KernelLaunch(assignment, LaunchSpecCodec.decode(assignment.spec()), null), 10);
    }

    @Override
    public void onStarted(final KernelKey key, final long sinceNs, final String cpus, final String devices)
    {
        assertEquals(10, sinceNs);
    }

    @Override
    public void onEnded(final KernelKey key, final KernelEnd end)
    {
        ended.add(key);
    }
}
