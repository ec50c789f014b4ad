package io.plimsoll.manager.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A loop that looks at its connections between any two of what was given to it for later. */
class BulkTurnsTest
{
    private static final int FLOOD = 7;

    private final Deque<Runnable> later = new ArrayDeque<>();
    private final BulkTurns turns = new BulkTurns(later::add);
    private final List<String> read = new ArrayList<>();

    /** A request of so many slices, each of which asks for the next one. */
    private void submit(final int ownerId, final String name, final int slices)
    {
        turns.await(ownerId, () ->
        {
            read.add(name);
            if (slices > 1)
            {
                submit(ownerId, name, slices - 1);
            }
        });
    }

    private void runOnce()
    {
        later.poll().run();
    }

    private void run()
    {
        while (!later.isEmpty())
        {
            runOnce();
        }
    }

    @Test
    void shouldLookAtOtherConnectionsAfterEachSlice()
    {
        for (int connection = 0; connection < 10; connection++)
        {
            submit(FLOOD, "flood", 5);
        }
        for (int i = 1; i <= 50; i++)
        {
            assertEquals(1, later.size());
            runOnce();
            assertEquals(i, read.size());
        }
        assertNull(later.peek());
    }

    /** As often as a flood over a hundred connections, however long it has waited there. */
    @Test
    void shouldGiveEachAccountTheSameTurns()
    {
        for (int connection = 0; connection < 100; connection++)
        {
            submit(FLOOD, "flood", 1_000);
        }
        runOnce();
        read.clear();
        submit(8, "other", 5);
        submit(9, "third", 3);
        for (int i = 0; i < 15; i++)
        {
            runOnce();
        }
        assertEquals(
            List.of(
                "flood", "other", "third", "flood", "other", "third", "flood", "other", "third", "flood", "other",
                "flood", "other", "flood", "flood"),
            read);
    }

    /** Of one account, its connections. */
    @Test
    void shouldGiveEachConnectionOfAnAccountATurn()
    {
        submit(FLOOD, "a", 3);
        submit(FLOOD, "b", 2);
        submit(FLOOD, "c", 1);
        run();
        assertEquals(List.of("a", "b", "c", "a", "b", "a"), read);
    }

    @Test
    void shouldGoOnAfterASliceThatBreaks()
    {
        turns.await(FLOOD, () ->
        {
            throw new IllegalStateException("broken");
        });
        submit(FLOOD, "a", 2);
        submit(8, "b", 1);
        assertThrows(IllegalStateException.class, this::runOnce);
        run();
        assertEquals(List.of("b", "a", "a"), read);
    }
}
