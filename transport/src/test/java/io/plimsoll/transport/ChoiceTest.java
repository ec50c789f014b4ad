package io.plimsoll.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class ChoiceTest
{
    private static final Choice<Way> WAYS = Choice.of(Way.values(), way -> way.name().toLowerCase(Locale.ROOT));

    @Test
    void shouldFindByName()
    {
        assertEquals(Way.UP, WAYS.find("up"));
        assertEquals(Way.DOWN, WAYS.parse("--way", "down", IllegalArgumentException::new));
        assertNull(WAYS.find("UP"));
        assertEquals(List.of("up", "down", "sideways"), WAYS.names());
    }

    @Test
    void shouldNameTheFieldAndWhatWouldBeRight()
    {
        assertEquals("--way: 'left' is not known: use up, down or sideways", mistake("left"));
        assertEquals(
            "--way: 'sidewasy' is not known: use up, down or sideways; did you mean \"sideways\"?",
            mistake("sidewasy"));
    }

    @Test
    void shouldListAsInASentence()
    {
        assertEquals("up, down or sideways", WAYS.toString());
        assertEquals("up or down", Choice.of(new Way[]{Way.UP, Way.DOWN}, Way::toString).toString().toLowerCase(
            Locale.ROOT));
        assertEquals("UP", Choice.of(new Way[]{Way.UP}, Way::toString).toString());
    }

    private static String mistake(final String name)
    {
        return assertThrows(
            IllegalStateException.class, () -> WAYS.parse("--way", name, IllegalStateException::new)).getMessage();
    }

    private enum Way
    {
        UP, DOWN, SIDEWAYS
    }
}
