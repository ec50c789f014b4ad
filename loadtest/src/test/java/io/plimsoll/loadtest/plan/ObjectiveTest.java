package io.plimsoll.loadtest.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.loadtest.plan.Objective.By;
import io.plimsoll.loadtest.virtual.RunFigures;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class ObjectiveTest
{
    @Test
    void shouldReadWhatIsWritten()
    {
        final Objective wait = Objective.parse(" wait.p95 < 60s by group ");
        assertEquals(Metric.WAIT_P95, wait.metric());
        assertTrue(wait.isUpper());
        assertEquals(60, wait.bound());
        assertEquals(By.GROUP, wait.by());
        final Objective use = Objective.parse("use.gpu>=75%");
        assertEquals(Metric.DEVICE_USE, use.metric());
        assertFalse(use.isUpper());
        assertEquals(0.75, use.bound(), 1e-12);
        assertEquals(600, Objective.parse("wait.mean<=10m").bound());
        assertEquals(3, Objective.parse("unstarted<3").bound());
    }

    /** Of what is counted less than one is none; who writes a wait of less than 60 s does not mind 60.0 s. */
    @Test
    void shouldTakeLessThanOneSessionForNone()
    {
        final RunFigures one = RunFigures.NOTHING_RAN;
        assertEquals(1, one.unstarted());
        assertEquals(1, Objective.parse("unstarted<1").misses(one).size());
        assertEquals(0, Objective.parse("unstarted<=1").misses(one).size());
        assertEquals(0, Objective.parse("unstarted<2").misses(one).size());
        assertEquals(1, Objective.parse("unstarted>1").misses(one).size());
        assertEquals(0, Objective.parse("unstarted>=1").misses(one).size());
        assertEquals(0, Objective.parse("slowdown<60").misses(slowedTo(60)).size());
    }

    private static RunFigures slowedTo(final double slowdown)
    {
        final RunFigures one = RunFigures.NOTHING_RAN;
        return new RunFigures(
            one.sessions(), one.refused(), one.unstarted(), one.failed(), one.attempts(), one.waits(),
            one.waitsByGroup(), one.waitsByUser(), slowdown, 0, 0, 0, 0, one.pressure(), 0, 0);
    }

    @Test
    void shouldSayWhatWouldBeRight()
    {
        assertEquals(
            "objective: 'wait.p96' is not known: use wait.mean, wait.p50, wait.p90, wait.p95, wait.p99, wait.max, " +
                "slowdown, use.cpu, use.mem, use.gpu, unstarted, refused or failed; did you mean wait.p90?",
            problem(Objective::parse, "wait.p96<1s").replaceAll("did you mean .*", "did you mean wait.p90?"));
        assertTrue(problem(Objective::parse, "fast please").contains("such as wait.p95<60s by group"));
        assertTrue(problem(Objective::parse, "wait.p95<60s by colour").contains("neither by group nor by user"));
        assertTrue(problem(Objective::parse, "use.cpu>0.5 by group").contains("for all sessions only"));
        assertTrue(problem(Objective::parse, "wait.p95<12parsec").startsWith("objective: bound of wait.p95: "));
        assertEquals(
            "objective: bound of use.cpu: 300% is more than all; at most 1 or 100%",
            problem(Objective::parse, "use.cpu>300%"));
        assertTrue(problem(Objective::parse, "slowdown<1.2.3").startsWith("objective: bound of slowdown is no number"));
    }

    @Test
    void shouldReadWhatMayVary()
    {
        assertEquals(new Vary("a100", 10, 200), Vary.parse("a100.count=10..200"));
        assertEquals(new Vary("a100", 0, 0), Vary.parse("a100 = 0 .. 0"));
        assertEquals(new Vary("x.large", 1, 2), Vary.parse("x.large.count=1..2"));
        assertTrue(problem(Vary::parse, "a100=5").contains("such as a100.count=10..200"));
        assertTrue(problem(Vary::parse, "a100=9..5").contains("turn them round"));
        assertTrue(problem(Vary::parse, "a100=0..99999999999999999999").contains("too many"));
    }

    private static String problem(final Function<String, ?> reader, final String text)
    {
        return assertThrows(IllegalArgumentException.class, () -> reader.apply(text)).getMessage();
    }
}
