package io.plimsoll.ops.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConfigNodeTest
{
    @Test
    void shouldReadValuesAndDefaults()
    {
        final ConfigNode node = ConfigNode.of(Map.of("liveness", Map.of("lost", "90s"), "threads", 3));
        assertEquals(90_000_000_000L, node.section("liveness").duration("lost", 0));
        assertEquals(5, node.section("liveness").duration("suspect", 5));
        assertEquals(3, node.number("threads", 1, 1, 8));
        assertEquals("x", node.text("name", "x"));
    }

    @Test
    void shouldNameUnknownKeysAndKnownOnes()
    {
        final ConfigNode node = ConfigNode.of(Map.of("suspekt", "3s"));
        node.duration("suspect", 0);
        node.duration("lost", 0);
        final ConfigException mistake = assertThrows(ConfigException.class, node::finish);
        assertEquals("suspekt: unknown key; there are lost, suspect; did you mean \"suspect\"?", mistake.getMessage());
    }

    @Test
    void shouldNameThePlaceOfAWrongValue()
    {
        final ConfigNode node = ConfigNode.of(Map.of("liveness", Map.of("lost", "soon"), "threads", "many"));
        final ConfigException duration =
            assertThrows(ConfigException.class, () -> node.section("liveness").duration("lost", 0));
        assertTrue(duration.getMessage().startsWith("liveness.lost: soon is not a duration"), duration.getMessage());
        final ConfigException number = assertThrows(ConfigException.class, () -> node.number("threads", 1, 1, 8));
        assertEquals("threads: expected a whole number from 1 to 8, found 'many'", number.getMessage());
    }

    @Test
    void shouldExplainAListWhereKeysBelong()
    {
        final ConfigException mistake = assertThrows(ConfigException.class, () -> ConfigNode.of(List.of("a")));
        assertEquals("the file: expected keys with values below, found a list", mistake.getMessage());
    }
}
