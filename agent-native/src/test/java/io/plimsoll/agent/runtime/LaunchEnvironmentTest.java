package io.plimsoll.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.plimsoll.agent.Assignments;
import io.plimsoll.agent.kernel.Assignment;
import io.plimsoll.agent.kernel.SlotGrant;
import io.plimsoll.transport.LaunchSpec;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LaunchEnvironmentTest
{
    @Test
    void shouldNameWholeDevicesAndThoseOfWhichThereIsAShare()
    {
        final Assignment assignment = Assignments.of(1).slots(
            new SlotGrant("cuda.device", true, 2, 0b110),
            new SlotGrant("cuda.shares", true, 500, 0b1),
            new SlotGrant("license", false, 1, 0)).make();
        final LaunchSpec spec = new LaunchSpec(List.of("x"), Map.of(), null, null, 0, 0);
        final Map<String, String> variables =
            new LaunchEnvironment(Map.of()).variables(new KernelLaunch(assignment, spec, null), "");
        assertEquals("cuda.device=1,2;cuda.shares=0", variables.get("PLIMSOLL_DEVICES"));
        assertEquals("0,1,2", variables.get("CUDA_VISIBLE_DEVICES"));
    }
}
