package io.plimsoll.ops.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** No option that names an output loses what the command reads, or what another option writes. */
class OutputGuardTest extends CommandTester
{
    private static final String ON_A_FLEET = "simulate --workload series.csv --fleet fleet.yaml ";

    @BeforeEach
    void writeFiles() throws IOException
    {
        write("series.csv", "job,arrival,duration", "j1,0,60", "j2,10,60");
        write("fleet.yaml", "machines: [{name: a, count: 2, cpu: 1}]");
        write("log.swf", "; MaxProcs: 4", "1 0 -1 100 4 -1 -1 4 200 -1 1 1 -1 -1 -1 -1 -1 -1");
        write("nodes.csv", "sn,cpu_milli,memory_mib,gpu,model", "n-0,8000,1024,2,T4");
        write("pods.csv", "name,cpu_milli,memory_mib,num_gpu,gpu_milli,gpu_spec", "p-0,1000,100,0,0,");
        write("sequence.txt", "0", "0");
        write("two.yaml", "agents: [{name: a, cpu: 4}]", "sessions: [{name: s1, duration: 60s}]");
        write("key.csv", "sixteen bytes and more");
        write("join.csv", "token");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value =
    {
        ON_A_FLEET + "--waits series.csv                                                | --waits:",
        ON_A_FLEET + "--waits fleet.yaml                                                | --waits:",
        ON_A_FLEET + "--csv .                                                           | --csv:",
        ON_A_FLEET + "--rules log --waits ./fleet.yaml                                  | --waits:",
        ON_A_FLEET + "--rules packing --curve series.csv                                | --curve:",
        ON_A_FLEET + "--rules packing --openb-sequence sequence.txt --curve sequence.txt | --curve:",
        ON_A_FLEET + "--order sjf --waits series.csv                                    | --waits:",
        "simulate --swf log.swf --waits log.swf                                         | --waits:",
        "simulate --swf log.swf --order sjf --waits log.swf                             | --waits:",
        "simulate --openb-nodes nodes.csv --openb-pods pods.csv --curve pods.csv        | --curve:",
        "simulate --openb-nodes nodes.csv --openb-pods pods.csv --placements nodes.csv  | --placements:",
        "plan --workload series.csv --fleet fleet.yaml --objective wait.max<1h --csv .  | --csv:",
        "workload convert series.csv --anonymise key.csv --to key.csv                   | --to:",
        "loadtest run --url http://127.0.0.1:1 --join-token-file join.csv --out join.csv  | --out:",
        "loadtest run --url http://127.0.0.1:1 --join-token-file join.csv --html join.csv | --html:",
        "loadtest run --url http://127.0.0.1:1 --ca join.csv --out join.csv             | --out:",
        "loadtest run --url http://127.0.0.1:1 --join-token-file series.csv --csv .     | --csv:"
    })
    void shouldRefuseToLoseWhatIsRead(final String command, final String option) throws IOException
    {
        final Map<String, String> before = contents();
        assertEquals(ExitCode.USAGE, run(command.strip().split(" +")), out() + err());
        assertTrue(err().contains(option) && err().contains("is what is read, and would be lost"), err());
        assertEquals(before, contents());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value =
    {
        ON_A_FLEET + "--waits new.csv --html new.csv                            | --html",
        ON_A_FLEET + "--rules packing --curve new.csv --placements new.csv      | --placements",
        "loadtest run --url http://127.0.0.1:1 --out new.csv --html ./new.csv   | --html"
    })
    void shouldRefuseTwoOutputsInOneFile(final String command, final String option) throws IOException
    {
        final Map<String, String> before = contents();
        assertEquals(ExitCode.USAGE, run(command.strip().split(" +")), out() + err());
        assertTrue(err().contains(option) && err().contains("another option writes"), err());
        assertEquals(before, contents());
    }

    @Test
    void shouldNotWriteOverAFileOfADirectoryThatIsRead() throws IOException
    {
        assertEquals(ExitCode.OK, run("simulate", "two.yaml", "--journal", "j"), err());
        final Path record;
        try (Stream<Path> files = Files.walk(home.resolve("j")))
        {
            record = files.filter(Files::isRegularFile).findFirst().orElseThrow();
        }
        final byte[] before = Files.readAllBytes(record);
        for (final List<String> command : List.of(
            List.of("workload", "describe", "j", "--html", record.toString()),
            List.of("replay", "j", "report", "--html", record.toString())))
        {
            assertEquals(ExitCode.USAGE, run(command.toArray(String[]::new)), out() + err());
            assertTrue(err().contains("is in " + home.resolve("j") + ", which is read"), err());
        }
        assertEquals(before.length, Files.readAllBytes(record).length);
        assertEquals(ExitCode.OK, run("replay", "j", "report", "--html", "page.html"), err());
    }

    @Test
    void shouldWriteBesideWhatIsReadAndOverWhatIsNot() throws IOException
    {
        write("jobs.csv", "job,arrival,duration", "j1,0,60");
        for (int round = 0; round < 2; round++)
        {
            assertEquals(
                ExitCode.OK,
                run("simulate", "--workload", "jobs.csv", "--fleet", "fleet.yaml", "--csv", ".", "--waits", "mine.csv",
                    "--html", "page.html"),
                err());
        }
        assertEquals(List.of("job,wait", "j1,0"), Files.readAllLines(home.resolve("mine.csv")));
        assertTrue(Files.readString(home.resolve("series.csv")).startsWith("from_s,"));
        assertFalse(Files.exists(home.resolve("mine.csv.part")));
    }

    @Test
    void shouldSayBeforeTheWorkThatAFileCannotBeWritten()
    {
        assertEquals(ExitCode.USAGE, run((ON_A_FLEET + "--waits nowhere/mine.csv").split(" ")), out());
        assertTrue(err().contains("--waits: ") && err().contains("its folder does not exist"), err());
    }

    private Map<String, String> contents() throws IOException
    {
        final Map<String, String> contents = new TreeMap<>();
        try (Stream<Path> files = Files.list(home))
        {
            for (final Path file : files.filter(Files::isRegularFile).toList())
            {
                contents.put(file.getFileName().toString(), Files.readString(file));
            }
        }
        return contents;
    }
}
