package io.plimsoll.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.plimsoll.agent.device.DeviceAccess;
import io.plimsoll.transport.StdinMode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What an engine is asked for. */
class ContainerRequestTest
{
    private static Long quotaUs(final long wantedUs)
    {
        return ContainerRequest.hostConfig(new ContainerPlan(
            "k", "i", List.of("x"), List.of(), Map.of(), "", "", "",
            new ContainerPlan.Limits("", "", wantedUs, 0, 0, 0, Map.of(), List.of(), 0),
            List.of(), ContainerPlan.Network.NONE, DeviceAccess.NONE, StdinMode.NONE, false)).getCpuQuota();
    }

    /** A hundredth of a core is the least; engines refuse what is less, and a session may ask for it. */
    @Test
    void shouldAskForNoSmallerShareThanThereIs()
    {
        assertNull(quotaUs(0));
        assertEquals(1000, quotaUs(100));
        assertEquals(25_000, quotaUs(25_000));
    }
}
