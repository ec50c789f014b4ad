package io.plimsoll.manager.http;

import io.plimsoll.transport.NearMatch;
import java.util.List;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

class NotationTest
{
    @Test
    void shouldReadIdsAndRanges()
    {
        assertEquals(5, IdRanges.parse("5").lastId());
        assertEquals(204, IdRanges.parse("5-204").lastId());
        assertEquals("5-204", IdRanges.format(5, 204));
        for (final String wrong : List.of("", "-", "5-", "-5", "0", "9-5", "5-6-7", "x", "5 ", "9999999999999999999"))
        {
            assertNull(IdRanges.parse(wrong), wrong);
        }
    }

    @Test
    void shouldReadPositions()
    {
        assertEquals(10, EventPosition.parse("11.0").afterSequence());
        assertEquals(11, EventPosition.parse("11").afterSequence());
        assertEquals(0, EventPosition.parse("0").afterSequence());
        assertEquals(new EventPosition(11, 3, "00c0ffee"), EventPosition.parse("11.3.00c0ffee"));
        for (final String wrong : List.of(
            "", ".", "1.", ".1", "1.x", "-1", "1.2.3", "0.1", "1.2147483647", "1.2.", "1.2.00C0FFEE", "1..00c0ffee",
            "9999999999999999999"))
        {
            assertNull(EventPosition.parse(wrong), wrong);
        }
    }

    @Test
    void shouldGuessWhatWasMeant()
    {
        assertEquals(List.of("priority"), NearMatch.find("prio_rity", SessionDraft.FIELDS));
        assertEquals(List.of("onLoss"), NearMatch.find("on_loss", SessionDraft.FIELDS));
        assertEquals(List.of(), NearMatch.find("restartPolicy", SessionDraft.FIELDS));
        assertEquals(List.of(), NearMatch.find("x".repeat(1_000_000), SessionDraft.FIELDS));
    }
}
