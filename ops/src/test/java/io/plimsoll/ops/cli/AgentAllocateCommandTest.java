package io.plimsoll.ops.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AgentAllocateCommandTest
{
    private static final String HOST =
        "{\"numa\":[{\"id\":0,\"cpus\":\"0-15\",\"memory\":\"64g\"}," +
            "{\"id\":1,\"cpus\":\"16-31\",\"memory\":\"64g\"}]," +
            "\"distances\":[[10,21],[21,10]],\"devices\":[" +
            "{\"id\":\"cuda0\",\"slot\":\"cuda.device\",\"numa\":0,\"capacity\":1,\"model\":\"A100\"}," +
            "{\"id\":\"cuda1\",\"slot\":\"cuda.device\",\"numa\":1,\"capacity\":1,\"model\":\"A100\"}," +
            "{\"id\":\"cuda2\",\"slot\":\"cuda.device\",\"numa\":1,\"capacity\":1,\"model\":\"A100\"}]}";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    private Path home;

    @BeforeEach
    void writeHost() throws IOException
    {
        Files.writeString(home.resolve("host.json"), HOST);
    }

    @Test
    void shouldServeRequestsFromWhatRemains() throws IOException
    {
        final int code = run(
            "-o", "json", "--request", "cuda.device=2,cpu=8,mem=16g", "--request", "cuda.device=2", "--request",
            "cuda.device=1,cpu=2");
        assertEquals(ExitCode.FAILED, code, err());
        final List<JsonValue> answers = JsonValue.parse(out.toByteArray()).items();
        assertEquals("{\"cuda1\":1,\"cuda2\":1}", answers.get(0).field("granted").toString());
        assertEquals("16-23", answers.get(0).text("cpus"));
        assertEquals("1", answers.get(0).text("memoryNodes"));
        assertEquals(
            "InsufficientResource: cuda.device: 2 requested, 1 free", answers.get(1).text("refused"));
        assertEquals("{\"cuda0\":1}", answers.get(2).field("granted").toString());
        assertEquals("0-1", answers.get(2).text("cpus"));
    }

    @Test
    void shouldGoOnFromWhatWasAnswered() throws IOException
    {
        assertEquals(ExitCode.OK, run("-o", "json", "--request", "cpu=16,mem=60g"), err());
        Files.writeString(home.resolve("taken.json"), out());
        assertEquals(
            ExitCode.OK, run("--allocated", "taken.json", "--request", "cpu=4,mem=5g", "--strategy", "evenly"), err());
        assertTrue(out().contains("16-19"), out());
    }

    @Test
    void shouldKnowStrategiesAsTheyAreWrittenElsewhere() throws IOException
    {
        assertEquals(ExitCode.OK, run(
            "-o", "json", "--strategy", "EVENLY,PREFER_SINGLE_NODE", "--request", "cuda.shares=1.5,cpu=2"), err());
        final JsonValue answer = JsonValue.parse(out.toByteArray()).items().get(0);
        assertEquals("{\"cuda1\":0.75,\"cuda2\":0.75}", answer.field("granted").toString());
        assertEquals("16-17", answer.text("cpus"));
    }

    @Test
    void shouldServeWhatIsBehindWhatNobodyCanHave() throws IOException
    {
        assertEquals(ExitCode.FAILED, run(
            "-o", "json", "--request", "mem=-5g", "--request", "mem=9999p", "--request", "cpu=0",
            "--request", "cpu=2"), err());
        final List<JsonValue> answers = JsonValue.parse(out.toByteArray()).items();
        assertEquals("InvalidResourceArgument: mem: cannot be negative", answers.get(0).text("refused"));
        assertTrue(answers.get(1).text("refused").startsWith("InsufficientResource: mem: "), out());
        assertEquals("", answers.get(2).text("cpus"));
        assertEquals("0-1", answers.get(3).text("cpus"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {
        "--request cuda|'cuda' is not SLOT=AMOUNT",
        "--request cuda.device=x|--request: cuda.device: 'x' is not a number",
        "--request cpu=2 --strategy best|--strategy: 'best' is not one of fill, evenly, prefer-single-node",
        "--request cpu=2 --strategy fill,EVENLY|--strategy: 'EVENLY' comes after another of the same kind: " +
            "give one of fill, evenly and one of prefer-single-node, interleaved",
        "--request cpu=2 --strategy interleaved --strategy interleaved|'interleaved' comes after another",
        "--request cpu=2 --min-share x|--min-share: 'x' is not a share: write such as 0.25, from 0 on",
        "--request cpu=2 --min-share -1|--min-share: '-1' is not a share: write such as 0.25, from 0 on",
        "--request cpu=2 --allocated none.json|--allocated: there is no file none.json",
        "--request cpu=2 --allocated host.json|--allocated: host.json: ",
        "--request cpu=2 --reserve-cpus a-b|--reserve-cpus: 'a-b' is not a list of processors",
        "--request cpu=2 --topology none.json|--topology: there is no file none.json"})
    void shouldNameWhatIsWrong(final String args, final String expected)
    {
        assertEquals(ExitCode.USAGE, run(args.split(" ")), out());
        assertTrue(err().contains(expected), err());
    }

    /** Together they cannot have more than there is: whoever wrote that has not described this host. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {
        "[{'granted':{'cuda0':1}},{'granted':{'cuda0':0.5}}]|" +
            "[1].granted.cuda0: with what others have, 1.5 of 1 are taken",
        "[{'cpus':'0-3'},{'cpus':'2-5'}]|[1].cpus: others have 2-3 already",
        "[{'cpus':'7','cpu':0.6},{'cpus':'7','cpu':0.5}]|[1].cpus: others have 7 already",
        "[{'cpus':'0-1','cpu':3}]|[0].cpu: is more than the processors in cpus are",
        "[{'cpus':'','memory':{'0':'65g'}}]|[0].memory.0: with what others have, 65g of 64g are taken",
        "[{'cpus':'0','memory':{'1':'40g'}},{'cpus':'1','memory':{'1':'40g'}}]|" +
            "[1].memory.1: with what others have, 80g",
        "[{'request':'mem=129g','granted':{},'cpus':'','memoryNodes':'0-1'}]|[0].memory.1: with what others have, 65g"})
    void shouldRefuseMoreTakenThanThereIs(final String taken, final String expected) throws IOException
    {
        Files.writeString(home.resolve("taken.json"), taken.replace('\'', '"'));
        assertEquals(ExitCode.USAGE, run("--request", "cpu=2", "--allocated", "taken.json"), out());
        assertTrue(err().contains("--allocated: taken.json: " + expected), err());
    }

    @Test
    void shouldTakeAllThatThereIs() throws IOException
    {
        final String taken = "[{'cpus':'7','cpu':0.6},{'cpus':'7','cpu':0.4},{'cpus':'','memory':{'0':'60g'}}," +
            "{'granted':{'cuda0':0.5}},{'granted':{'cuda0':0.5}}," +
            "{'request':'mem=50g','granted':{},'cpus':'','memoryNodes':'0-1'}]";
        Files.writeString(home.resolve("taken.json"), taken.replace('\'', '"'));
        assertEquals(ExitCode.FAILED, run(
            "-o", "json", "--request", "mem=19g", "--request", "mem=18g", "--allocated", "taken.json"), err());
    }

    @Test
    void shouldKeepReserve()
    {
        assertEquals(
            ExitCode.FAILED, run("--reserve-cpus", "0-15,16", "--request", "cpu=16", "--request", "cpu=15"), err());
        assertTrue(out().contains("17-31"), out());
    }

    private int run(final String... args)
    {
        out.reset();
        err.reset();
        final List<String> all = new ArrayList<>(List.of("agent", "allocate"));
        all.addAll(List.of(args));
        if (!all.contains("--topology"))
        {
            all.addAll(List.of("--topology", "host.json"));
        }
        final Terminal terminal = new Terminal(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            Map.of(),
            home,
            home);
        return new CommandRunner(terminal).run(all.toArray(String[]::new));
    }

    private String out()
    {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err()
    {
        return err.toString(StandardCharsets.UTF_8);
    }
}
