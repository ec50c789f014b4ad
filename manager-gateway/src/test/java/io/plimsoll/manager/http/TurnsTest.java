package io.plimsoll.manager.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class TurnsTest
{
    private final Turns turns = new Turns();
    private final List<String> begun = new ArrayList<>();

    private CompletableFuture<String> begin(final long id, final String name, final CompletableFuture<String> end)
    {
        return turns.inTurn(id, Runnable::run, () ->
        {
            begun.add(name);
            return end;
        });
    }

    @Test
    void shouldDoOneAfterTheOtherWithOneSessionOnly()
    {
        final CompletableFuture<String> first = new CompletableFuture<>();
        final CompletableFuture<String> second = new CompletableFuture<>();
        begin(1, "first", first);
        final CompletableFuture<String> answer = begin(1, "second", second);
        begin(2, "other", CompletableFuture.completedFuture("x"));
        assertEquals(List.of("first", "other"), begun);
        assertEquals(1, turns.size());
        first.complete("1");
        assertEquals(List.of("first", "other", "second"), begun);
        assertFalse(answer.isDone());
        second.complete("2");
        assertEquals("2", answer.join());
        assertEquals(0, turns.size());
    }

    @Test
    void shouldGoOnBehindWhatFails()
    {
        final CompletableFuture<String> first = new CompletableFuture<>();
        begin(1, "first", first);
        final CompletableFuture<String> thrown = turns.inTurn(1, Runnable::run, () ->
        {
            throw new IllegalStateException("planted");
        });
        final CompletableFuture<String> third = begin(1, "third", CompletableFuture.completedFuture("3"));
        first.completeExceptionally(new IllegalArgumentException("planted"));
        assertTrue(thrown.isCompletedExceptionally());
        assertEquals("3", third.join());
        assertEquals(0, turns.size());
    }
}
