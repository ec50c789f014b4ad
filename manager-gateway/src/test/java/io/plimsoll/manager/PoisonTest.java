package io.plimsoll.manager;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.core.sbe.ManagerStartedDecoder;
import io.plimsoll.core.sbe.MessageHeaderDecoder;
import io.plimsoll.core.sbe.RejectCode;
import io.plimsoll.core.sbe.SubmitSessionsDecoder;
import io.plimsoll.core.sbe.TimePassedDecoder;
import io.plimsoll.manager.bed.ManagerBed;
import io.plimsoll.manager.control.CommandRejectedException;
import io.plimsoll.manager.control.SubmitReply;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a command that broke the core means for the starts after it. */
class PoisonTest
{
    private static final int EXIT_INTERNAL = 70;

    private final ManagerBed bed = new ManagerBed().start();

    @Test
    void shouldRefuseUnkeyedSubmissionOnceItHasBrokenTheCoreTwice()
    {
        breakCoreOn(SubmitSessionsDecoder.TEMPLATE_ID);
        offerBreaking("a");
        offerBreaking("a");
        final CompletableFuture<List<SubmitReply>> third = bed.offer(ManagerBed.session("a", 1, 1, false));
        bed.run();
        assertNull(bed.fatal);
        final CompletionException refused = assertThrows(CompletionException.class, third::join);
        assertEquals(RejectCode.POISONED, ((CommandRejectedException)refused.getCause()).code());
        assertTrue(bed.restored.poisonDiagnosis(bed.context.build()).startsWith("2 commands"), "it explains itself");

        repairCore();
        assertEquals(1, bed.submit(ManagerBed.session("b", 1, 1, false)).firstId(), "another body is another input");
        bed.context.build("repaired");
        bed.start();
        assertEquals(2, bed.submit(ManagerBed.session("a", 1, 1, false)).firstId(), "another build may know better");
        assertEquals(0, gauge("poisoned_in_a_row"));
    }

    @Test
    void shouldSayThatRestartingWillNotHelpWhenTimerBreaksTheCore()
    {
        final String build = bed.context.build();
        breakCoreOn(TimePassedDecoder.TEMPLATE_ID);
        for (int starts = 1; starts <= 3; starts++)
        {
            // An assignment that is never acknowledged.
            bed.join("agent" + starts);
            bed.submit(ManagerBed.session("s", 1, 1, false));
            bed.pass(20, TimeUnit.SECONDS);
            assertEquals(EXIT_INTERNAL, bed.fatalCode, "start " + starts);
            restart();
            assertEquals(starts, gauge("poisoned_in_a_row"));
            final String diagnosis = bed.restored.poisonDiagnosis(build);
            assertTrue(diagnosis.contains("one error has ended " + starts + " starts of build " + build), diagnosis);
            assertTrue(diagnosis.contains("restarting will not help") && diagnosis.contains("planted"), diagnosis);
        }
        final String other = bed.restored.poisonDiagnosis("repaired");
        assertTrue(other.startsWith("3 commands broke the core"), other);

        repairCore();
        bed.run();
        assertNull(bed.fatal);
        bed.start();
        assertEquals(0, gauge("poisoned_in_a_row"), "a start that ended otherwise");
    }

    @Test
    void shouldSayThatRestartingWillNotHelpWhenFirstCommandBreaksTheCore()
    {
        breakCoreOn(ManagerStartedDecoder.TEMPLATE_ID);
        bed.start();
        assertEquals(EXIT_INTERNAL, bed.fatalCode);
        restart();
        restart();
        assertTrue(
            bed.restored.poisonDiagnosis(bed.context.build()).startsWith("one error has ended 2 starts"),
            bed.restored.poisonDiagnosis(bed.context.build()));
        repairCore();
        bed.start();
        assertTrue(bed.stages.hasBegun(), "the term was not used up");
        assertEquals(2, bed.view().terms().current().term());
    }

    @Test
    void shouldTellDifferentInputsFromTheSameOne()
    {
        breakCoreOn(SubmitSessionsDecoder.TEMPLATE_ID);
        offerBreaking("a");
        assertEquals(1, gauge("poisoned_in_a_row"));
        offerBreaking("a");
        assertEquals(1, gauge("poisoned_in_a_row"));
        offerBreaking("b");
        assertEquals(2, gauge("poisoned_in_a_row"));
        final String diagnosis = bed.restored.poisonDiagnosis(bed.context.build());
        assertTrue(diagnosis.contains("inputs of one kind, or work"), diagnosis);
    }

    private void offerBreaking(final String name)
    {
        bed.offer(ManagerBed.session(name, 1, 1, false));
        bed.run();
        assertEquals(EXIT_INTERNAL, bed.fatalCode);
        restart();
    }

    private void restart()
    {
        bed.fatal = null;
        bed.fatalCode = 0;
        bed.start();
    }

    private void breakCoreOn(final int templateId)
    {
        bed.beforeCommand = command ->
        {
            if (templateId == new MessageHeaderDecoder().wrap(command, 0).templateId())
            {
                throw new IllegalStateException("planted at " + bed.clock.epochNs());
            }
        };
    }

    private void repairCore()
    {
        bed.fatal = null;
        bed.beforeCommand = command ->
        {
        };
    }

    private long gauge(final String name)
    {
        return bed.stages.counters().snapshot().stream()
            .filter(sample -> name.equals(sample.name()))
            .findFirst()
            .orElseThrow()
            .value();
    }
}
