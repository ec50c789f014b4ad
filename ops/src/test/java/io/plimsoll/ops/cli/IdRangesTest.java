package io.plimsoll.ops.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdRangesTest
{
    @Test
    void shouldReadIdsRangesAndLists()
    {
        final IdRanges ids = IdRanges.parse(List.of("5", "7-9,12"));
        assertEquals(List.of(5L, 7L, 8L, 9L, 12L), ids.ids());
        assertEquals(List.of("5", "7-9", "12"), ids.texts());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "-1", "x", "5-", "9-7", "1.5", "5-x", "1-2-3", "99999999999999999999"})
    void shouldNameWhatIsNoId(final String text)
    {
        final CliException mistake = assertThrows(CliException.class, () -> IdRanges.parse(List.of(text)));
        assertEquals(ExitCode.USAGE, mistake.exitCode());
        assertEquals(0, mistake.getMessage().indexOf("'"), mistake.getMessage());
    }

    @Test
    void shouldRefuseToNameAMillionIds()
    {
        assertThrows(CliException.class, () -> IdRanges.parse(List.of("1-1000001")).ids());
    }

    @Test
    void shouldCutThemIntoParts()
    {
        final IdRanges ids = IdRanges.parse(List.of("5", "7-16", "20"));
        assertEquals(
            List.of(List.of("5", "7-9"), List.of("10-13"), List.of("14-16", "20")), ids.parts(4, 10));
        assertEquals(List.of(List.of("5", "7-16"), List.of("20")), ids.parts(100, 2));
        assertEquals(List.of(), IdRanges.parse(List.of()).parts(4, 4));
    }
}
