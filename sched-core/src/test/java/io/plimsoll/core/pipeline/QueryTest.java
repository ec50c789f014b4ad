package io.plimsoll.core.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.core.Explanation;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** Questions keep their place among the commands, leave no trace, and are answered behind the journal. */
class QueryTest
{
    private final PipelineFixture fixture = new PipelineFixture();
    private final List<Explanation> answers = new ArrayList<>();
    private final List<Throwable> failures = new ArrayList<>();

    private boolean ask(final long sessionId, final long deadlineNs)
    {
        return fixture.pipeline().tryAsk(core -> core.explain(sessionId), deadlineNs, (answer, failure) ->
        {
            answers.add(answer);
            failures.add(failure);
        });
    }

    private boolean ask(final long sessionId)
    {
        return ask(sessionId, Long.MAX_VALUE);
    }

    @Test
    void shouldAnswerAsOfTheCommandsBeforeAndNotBeforeTheyAreJournalled() throws Exception
    {
        final Pipeline pipeline = fixture.pipeline();
        fixture.trySubmit(FakeCore.PLAIN, 20);
        assertTrue(ask(7));
        fixture.trySubmit(FakeCore.PLAIN, 20);
        assertEquals(3, pipeline.coreStage().doWork());
        assertEquals(0, pipeline.egressStage().doWork());
        assertEquals(List.of(), answers);
        assertEquals(2, pipeline.journalStage().doWork());
        pipeline.egressStage().doWork();
        assertEquals(List.of(1L, 2L), fixture.released);
        assertEquals(1, answers.get(0).sequence());
        assertEquals(7, answers.get(0).sessionId());
        assertNull(failures.get(0));
        assertEquals(2, pipeline.counters().get(PipelineCounter.RECORDS));
        assertEquals(0, pipeline.occupancy());
    }

    @Test
    void shouldAnswerOfARestWithoutAnyCommand() throws Exception
    {
        fixture.trySubmit(FakeCore.PLAIN, 20);
        fixture.drain();
        assertTrue(ask(7));
        fixture.drain();
        assertEquals(1, answers.get(0).sequence());
        assertEquals(List.of(1L), fixture.released);
    }

    @Test
    void shouldBoundQuestionsUnderWay() throws Exception
    {
        fixture.context.ringSize(256);
        fixture.trySubmit(FakeCore.PLAIN, 20);
        int asked = 0;
        while (ask(asked))
        {
            asked++;
        }
        assertEquals(PipelineDefaults.QUERIES_MAX, asked);
        fixture.pipeline().coreStage().doWork();
        assertFalse(ask(99));
        fixture.drain();
        assertEquals(asked, answers.size());
        assertTrue(ask(99));
        fixture.drain();
        assertEquals(99, answers.get(asked).sessionId());
    }

    @Test
    void shouldRefuseQuestionsWhenTheRingHasNoRoomForWork() throws Exception
    {
        int asked = 0;
        while (ask(asked))
        {
            asked++;
        }
        assertEquals(12, asked);
        fixture.drain();
        assertTrue(ask(99));
    }

    @Test
    void shouldNotAnswerWhoHasGivenUp() throws Exception
    {
        fixture.trySubmit(FakeCore.PLAIN, 20);
        assertTrue(ask(7, fixture.nowNs + 10));
        fixture.nowNs += 10;
        fixture.drain();
        assertNull(answers.get(0));
        assertInstanceOf(TimeoutException.class, failures.get(0));
    }

    @Test
    void shouldSurviveAnErrorInAnAnswer() throws Exception
    {
        fixture.core.explainThrows = true;
        assertTrue(ask(7));
        fixture.trySubmit(FakeCore.PLAIN, 20);
        fixture.drain();
        assertInstanceOf(IllegalStateException.class, failures.get(0));
        assertEquals(List.of(1L), fixture.released);
        assertEquals(List.of(), fixture.exitCodes);
    }
}
