package org.example;

import io.plimsoll.core.policy.testkit.PolicyCheck;
import org.junit.jupiter.api.Test;

class SmallMachinesFirstTest
{
    @Test
    void shouldHoldToWhatTheSchedulerExpects()
    {
        PolicyCheck.of("small-machines-first").all();
    }
}
