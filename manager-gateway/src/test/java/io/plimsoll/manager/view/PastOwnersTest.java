package io.plimsoll.manager.view;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class PastOwnersTest
{
    private final PastOwners past = new PastOwners();

    @Test
    void shouldKnowWhomASessionWasOf()
    {
        assertEquals(PastOwners.UNKNOWN, past.owner(5));
        assertEquals(PastOwners.UNKNOWN, past.group(5));
        past.add(5, 0, 3);
        past.add(6, 41, 0);
        assertEquals(0, past.owner(5));
        assertEquals(3, past.group(5));
        assertEquals(41, past.owner(6));
        assertEquals(0, past.group(6));
        assertEquals(PastOwners.UNKNOWN, past.owner(7));
        assertEquals(PastOwners.UNKNOWN, past.group(7));
    }

    @Test
    void shouldHoldNoMoreThanItMayAndLetTheOldestGo()
    {
        for (int chunk = 0; chunk <= PastOwners.CHUNKS_MAX; chunk++)
        {
            past.add(((long)chunk << 10) + 7, chunk, 1);
        }
        assertEquals(PastOwners.UNKNOWN, past.owner(7));
        assertEquals(1, past.owner((1 << 10) + 7));
        assertEquals(PastOwners.CHUNKS_MAX, past.owner(((long)PastOwners.CHUNKS_MAX << 10) + 7));
        final PastOwners copy = new PastOwners();
        copy.copyFrom(past);
        past.add((1 << 10) + 7, 99, 1);
        assertEquals(1, copy.owner((1 << 10) + 7));
    }
}
