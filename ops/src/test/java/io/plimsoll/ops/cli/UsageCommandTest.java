package io.plimsoll.ops.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UsageCommandTest extends CommandTester
{
    private static final String REPORT = """
        {"from": "2026-11-01", "to": "2026-11-02", "by": ["project"], "rows": [
         {"project": null, "slot": "cpu", "slotSeconds": 0.5},
         {"project": "vision, old", "slot": "cpu", "slotSeconds": 7200.25},
         {"project": "vision, old", "slot": "mem", "slotSeconds": 7730941132800},
         {"project": "vision, old", "slot": "cuda.device", "slotSeconds": 1800}],
         "sequence": 70, "countedUntil": "2026-11-02T10:00:00.000000Z", "behind": 3,
         "missing": [{"firstSequence": 5, "lastSequence": 9}]}""";

    @ParameterizedTest
    @CsvSource({
        "--from, yesterday, --from: 'yesterday' is no day such as 2026-11-22",
        "--to, 2026-02-30, --to: '2026-02-30' is no day",
        "--by, projct, '--by: ''projct'' is none of day, domain, project, user, slot'",
        "-o, dot, '-o: dot is for graphs'"})
    void shouldSayWhatIsWrongBeforeAskingAnybody(final String option, final String value, final String expected)
    {
        assertEquals(ExitCode.USAGE, run("usage", option, value));
        assertTrue(err().contains(expected), err());
    }

    @Test
    void shouldRefuseDaysInTheWrongOrderAndCsvOfOthers()
    {
        assertEquals(ExitCode.USAGE, run("usage", "--from", "2026-11-02", "--to", "2026-11-01"));
        assertTrue(err().contains("--from: 2026-11-02 is after --to 2026-11-01"), err());
        assertEquals(ExitCode.USAGE, run("ps", "-o", "csv"));
        assertTrue(err().contains("csv is for usage"), err());
    }

    @Test
    void shouldShowHoursAndGiveSeconds() throws IOException
    {
        try (AnsweringServer server = new AnsweringServer("/v1/usage/history", request -> REPORT))
        {
            final String url = server.url();
            write("token", "secret");
            assertEquals(ExitCode.OK, run("usage", "--url", url, "--data", "."), err());
            assertEquals("""
                PROJECT      SLOT           USED  UNIT
                -            cpu          <0.001  core-hours
                vision, old  cpu           2.000  core-hours
                vision, old  mem           2.000  GiB-hours
                vision, old  cuda.device   0.500  hours
                """, out());
            assertTrue(err().contains("3 records of the journal are still to come"), err());
            assertTrue(err().contains("incomplete: records 5 to 9 were pruned"), err());
            assertEquals(ExitCode.OK, run("usage", "--url", url, "--data", ".", "-o", "csv"), err());
            assertEquals("""
                project,slot,slot_seconds
                ,cpu,0.5
                "vision, old",cpu,7200.25
                "vision, old",mem,7730941132800
                "vision, old",cuda.device,1800
                """, out());
        }
    }
}
