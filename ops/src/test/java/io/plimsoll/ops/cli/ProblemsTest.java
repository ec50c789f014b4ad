package io.plimsoll.ops.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProblemsTest
{
    @ParameterizedTest
    @CsvSource({
        "400, bad-json, 2",
        "400, out-of-range, 5",
        "400, unknown-slot, 5",
        "401, token-wrong, 8",
        "404, unknown-session, 4",
        "404, unknown-agent, 4",
        "404, unknown-group, 4",
        "409, already-ended, 6",
        "409, not-started, 6",
        "409, not-lost-tail, 6",
        "410, log-gone, 4",
        "422, unsatisfiable, 5",
        "422, unknown-dependency, 4",
        "422, unknown-group, 5",
        "429, too-many-pending, 7",
        "500, internal, 70",
        "503, lost-tail, 6",
        "503, no-space, 7",
        "503, ring-full, 7",
        "504, no-answer, 7"})
    void shouldGiveEveryProblemItsExitCode(final int status, final String code, final int expected)
    {
        assertEquals(expected, Problems.exitCode(status, code));
    }
}
