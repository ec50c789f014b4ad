package io.plimsoll.manager;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.core.Explanation.Filter;
import io.plimsoll.manager.bed.ManagerBed;
import io.plimsoll.manager.bed.TestAgent;
import io.plimsoll.manager.view.ExplanationView;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Through the real pipeline, without HTTP. */
class ExplainTest
{
    private final ManagerBed bed = new ManagerBed().start();

    @AfterEach
    void shouldNotHaveFailed()
    {
        assertNull(bed.fatal);
    }

    private ExplanationView explain(final long id)
    {
        final CompletableFuture<ExplanationView> future = bed.stages.explanations().explain(id);
        bed.run();
        return bed.answered(future).join();
    }

    @Test
    void shouldSayWhatKeepsASessionWaiting()
    {
        bed.submit(ManagerBed.session("a", 1, 1, false));
        assertEquals(0, explain(1).answer().agents().total());
        final TestAgent agent = bed.join("a");
        assertNull(explain(1).answer().agents());
        bed.submit(ManagerBed.session("big", 4, 1, false));
        final ExplanationView big = explain(2);
        assertEquals("default", big.group());
        assertEquals(3, big.answer().agents().places());
        assertEquals(Map.of(), big.rejected());
        bed.stages.control().drain(agent.agentId, true);
        bed.run();
        assertEquals(Map.of("drained", 1), explain(2).rejected());
        assertEquals(1, explain(2).answer().agents().rejected()[Filter.DRAINED.ordinal()]);
    }

    @Test
    void shouldLeaveNoRecord()
    {
        bed.submit(ManagerBed.session("a", 1, 1, false));
        final long sequence = bed.view().sequence();
        assertTrue(explain(1).answer().known());
        assertNull(explain(99));
        assertEquals(sequence, bed.view().sequence());
        assertEquals(sequence, explain(1).answer().sequence());
    }
}
