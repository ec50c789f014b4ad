package io.plimsoll.manager;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class IoIdleTest
{
    private final IoIdle idle = new IoIdle(() -> 0);

    @Test
    void shouldSleepShortWhileThereWasWorkOfLate()
    {
        assertEquals(IoIdle.SHORT_SLEEP_NS, idle.sleepNs(1_000));
    }

    @Test
    void shouldSleepSomeTimesAsLongAsALookTakes()
    {
        assertEquals(200_000, idle.sleepNs(40_000));
        assertEquals(IoIdle.LONG_SLEEP_NS, idle.sleepNs(10_000_000));
    }
}
