package io.plimsoll.ops.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is asked of a load test and would have no effect is refused before anything is started. */
class LoadtestCommandTest extends CommandTester
{
    @ParameterizedTest
    @CsvSource(delimiter = '|', value =
    {
        "--step-time 5s                                  | --step-time: goes with --steps or --ramp",
        "--rate 5 --break-at 5s                          | --break-at: goes with --steps or --ramp",
        "--gone-after 5s                                 | --gone-after: is of a manager that runs",
        "--join-token-file token                         | --join-token-file: is of a manager that runs",
        "--url http://127.0.0.1:1 --durability async     | --durability: is of a manager that is started",
        "--url http://127.0.0.1:1 --work-dir .           | --work-dir: is of a manager that is started",
        "--chaos flap=0.0000000001                       | --chaos flap: 0.0000000001 is not at least 0.001 and",
        "--chaos flap=often                              | --chaos flap: 'often' is no number: use one at least 0.001",
        "--chaos slow=0                                  | --chaos slow: 0 is not above 0 and at most 1"
    })
    void shouldRefuseWhatWouldHaveNoEffect(final String options, final String problem)
    {
        assertEquals(ExitCode.USAGE, run(("loadtest run " + options).split(" +")));
        assertTrue(err().contains(problem), err());
    }
}
