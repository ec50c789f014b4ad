package io.plimsoll.manager.http;

import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

class AmountsTest
{
    @ParameterizedTest
    @CsvSource({
        "2g,2147483648", "1.1k,1126", "0.5m,524288", "536870912.000000,536870912", "11_021_204,11021204", "0,0",
        "1b,1", "1kb,1024", "1KiB,1024", "1 g,1073741824", "1T,1099511627776", "8191p,9222246136947933184",
    })
    void shouldReadSizes(final String text, final long bytes)
    {
        assertEquals(bytes, Amounts.bytes(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "1.5", "1x", "", "g", "1gg", "inf", "1.", ".5", "1..5", "_1", "1_", "1e3", "8192p", "1bb", "1.5b", "١g",
        "99999999999999999999999999999999999999999",
    })
    void shouldRefuseWhatIsNoSize(final String text)
    {
        assertEquals(Amounts.INVALID, Amounts.bytes(text));
    }

    @Test
    void shouldTellNegativeAmountsApart()
    {
        assertEquals(Amounts.NEGATIVE, Amounts.bytes("-1"));
        assertEquals(Amounts.NEGATIVE, Amounts.cpuMillis("-1"));
        assertEquals(Amounts.NEGATIVE, Amounts.durationNs("-1s"));
        assertEquals(Amounts.NEGATIVE, Amounts.cpuMillis(new BigDecimal("-0.5")));
        assertEquals(Amounts.NEGATIVE, Amounts.whole(new BigDecimal("-1")));
        assertEquals(Amounts.NEGATIVE, Amounts.secondsToNs(new BigDecimal("-1")));
    }

    @ParameterizedTest
    @CsvSource({"2,2000", "0.5,500", "500m,500", "1.250,1250", "0.0001,-1", "1.5m,-1", "2c,-1", "m,-1"})
    void shouldReadCores(final String text, final long millis)
    {
        assertEquals(millis, Amounts.cpuMillis(text));
    }

    @ParameterizedTest
    @CsvSource({
        "90s,90000000000", "1h30m,5400000000000", "500ms,500000000", "2d,172800000000000", "1.5s,1500000000",
        "30,30000000000", "0,0", "1us,1000", "7ns,7", "s,-1", "1h30,-1", "soon,-1", "1 s,-1", "999999999d,-1", "'',-1",
    })
    void shouldReadDurations(final String text, final long ns)
    {
        assertEquals(ns, Amounts.durationNs(text));
    }

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
        for (final String wrong : List.of("", ".", "1.", ".1", "1.x", "-1", "1.2.3", "0.1"))
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
