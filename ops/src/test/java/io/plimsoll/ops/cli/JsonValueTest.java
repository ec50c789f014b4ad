package io.plimsoll.ops.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class JsonValueTest
{
    @Test
    void shouldWriteWhatItRead() throws IOException
    {
        final String json = "{\"a\":[1,2.5,true,null,\"x\\n\"],\"b\":{\"c\":12345678901234567890}}";
        assertEquals(json, parse(json).toString());
    }

    @Test
    void shouldAnswerMissingFieldsWithNothing() throws IOException
    {
        final JsonValue value = parse("{\"a\":{\"b\":7}}");
        assertEquals(7, value.field("a").number("b", -1));
        assertEquals(-1, value.field("x").field("y").number("z", -1));
        assertEquals("", value.text("x"));
        assertTrue(value.field("x").isMissing());
        assertTrue(value.field("x").items().isEmpty());
    }

    @Test
    void shouldRefuseWhatIsNotJson()
    {
        assertThrows(IOException.class, () -> parse("<html>"));
        assertThrows(IOException.class, () -> parse("{\"a\":"));
    }

    private static JsonValue parse(final String json) throws IOException
    {
        return JsonValue.parse(json.getBytes(StandardCharsets.UTF_8));
    }
}
