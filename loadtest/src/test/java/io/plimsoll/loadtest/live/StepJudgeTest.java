package io.plimsoll.loadtest.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class StepJudgeTest
{
    private static final long SECOND_NS = 1_000_000_000L;

    /** A step that holds is over with its last session, and so is the run behind the last step. */
    @Test
    void shouldJudgeTheLastStepWhenAllIsOver()
    {
        final Bed bed = new Bed(Long.MAX_VALUE, false);
        bed.assign(0, 10);
        bed.judge.judge(2 * SECOND_NS - 1);
        assertEquals(0, bed.judge.results().size());
        bed.judge.judge(2 * SECOND_NS);
        assertEquals(1, bed.judge.results().size());
        bed.assign(1, 20);
        bed.assign(2, 40);
        bed.judge.finish();
        assertEquals(List.of(10L, 20L, 40L), bed.judge.results().stream().map(StepResult::due).toList());
        bed.judge.results().forEach(step -> assertNull(step.broken()));
    }

    @Test
    void shouldNotExpectMoreThanAllSessions()
    {
        final Bed bed = new Bed(25, false);
        bed.assign(0, 10);
        bed.assign(1, 15);
        bed.judge.judge(2 * SECOND_NS);
        bed.judge.judge(3 * SECOND_NS);
        bed.judge.judge(4 * SECOND_NS);
        bed.judge.finish();
        assertEquals(List.of(10L, 15L), bed.judge.results().stream().map(StepResult::due).toList());
        bed.judge.results().forEach(step -> assertNull(step.broken()));
    }

    @Test
    void shouldSayWhichStepBroke()
    {
        final Bed bed = new Bed(Long.MAX_VALUE, true);
        bed.assign(0, 10);
        bed.assign(1, 18);
        bed.judge.judge(2 * SECOND_NS);
        assertFalse(bed.judge.isBroken());
        bed.judge.judge(3 * SECOND_NS);
        assertTrue(bed.judge.isBroken());
        bed.judge.finish();
        assertEquals(2, bed.judge.results().size());
        assertNotNull(bed.judge.results().get(1).broken());
    }

    private static final class Bed
    {
        private final Meters meters = new Meters(3);
        private final StepJudge judge;

        Bed(final long sessions, final boolean untilBroken)
        {
            final LoadPlan plan = new LoadPlan(
                1, 1, 1, sessions, List.of(10.0, 20.0, 40.0), SECOND_NS, untilBroken, SECOND_NS, 1, 1_000,
                SubmitApi.HTTP, 1, 1, 0, 0, ChaosPlan.NONE, "loadtest", SECOND_NS, 1);
            judge = new StepJudge(plan, new Arrivals(plan), meters);
        }

        void assign(final int step, final int count)
        {
            for (int i = 0; i < count; i++)
            {
                meters.onAssigned(step, SECOND_NS / 1_000);
            }
        }
    }
}
