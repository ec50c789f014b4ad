package org.example;

import io.plimsoll.agent.testkit.RuntimeCheck;
import org.junit.jupiter.api.Test;

class WrappedRuntimeTest
{
    @Test
    void shouldHoldToWhatTheAgentExpects()
    {
        RuntimeCheck.of("wrapped").setting("nice -n 1").all();
    }
}
