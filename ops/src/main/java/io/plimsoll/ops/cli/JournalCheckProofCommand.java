package io.plimsoll.ops.cli;

import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.journal.EventProof;
import io.plimsoll.journal.checkpoint.Checkpoint;
import io.plimsoll.journal.checkpoint.CheckpointException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Checks a proof that one record is in a journal, without the journal. */
@Command(
    name = "check-proof",
    sortOptions = false,
    synopsisHeading = "Usage: ",
    descriptionHeading = "%n",
    parameterListHeading = "%n",
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    description = {
        "Checks a proof that was made with plimsoll journal prove, anywhere: neither journal nor manager is needed,",
        "only the public key. Exits with 0 if the record is in the journal, 1 if the proof does not prove it, 2 if",
        "it cannot be read."},
    footer = {
        "  plimsoll journal check-proof 4711.proof --public-key plimsoll.pub",
        "  plimsoll journal check-proof 4711.proof --public-key plimsoll.pub -o json"})
final class JournalCheckProofCommand implements Callable<Integer>
{
    private final Terminal terminal;

    @Parameters(index = "0", paramLabel = "FILE", description = "The proof.")
    private String file;

    @Option(
        names = "--public-key",
        required = true,
        paramLabel = "FILE",
        description = "Public key of the checkpoints, in PEM, from somebody you believe.")
    private String publicKey;

    @Option(names = {"-o", "--output"}, paramLabel = "table|json", description = "Form of the answer.")
    private OutputFormat output = OutputFormat.table;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Shows this help.")
    private boolean help;

    JournalCheckProofCommand(final Terminal terminal)
    {
        this.terminal = terminal;
    }

    @Override
    public Integer call()
    {
        final java.security.PublicKey key = CheckpointFiles.publicKey(terminal, publicKey);
        try
        {
            final EventProof proof = EventProof.decode(Files.readAllBytes(terminal.path(file)), "proof " + file);
            print(proof, proof.check(key));
            return ExitCode.OK;
        }
        catch (final CheckpointException ex)
        {
            throw new CliException(ex.isDamage() ? ExitCode.FAILED : ExitCode.USAGE, ex.getMessage());
        }
        catch (final IOException ex)
        {
            throw new CliException(
                ExitCode.USAGE, "proof " + file + " cannot be read; is it there, and yours to read?");
        }
    }

    private void print(final EventProof proof, final RecordFlyweight record) throws IOException
    {
        final String line = JournalExportCommand.line(record);
        final Checkpoint checkpoint = proof.checkpoint().checkpoint();
        final Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("proven", true);
        facts.put("sequence", proof.sequence());
        facts.put("time", JournalAction.time(record.timestampNs()));
        facts.put("clusterId", checkpoint.clusterId().toString());
        facts.put("segment", checkpoint.segmentOf(proof.sequence()).name());
        facts.put("bytes", proof.excerpt().length);
        facts.put("checkpoint", checkpoint.number());
        facts.put("checkpointSequence", checkpoint.sequence());
        facts.put("signed", checkpoint.time().toString());
        if (OutputFormat.json == output)
        {
            facts.put("record", JsonValue.parse(line.getBytes(StandardCharsets.UTF_8)));
            terminal.out().println(JsonValue.of(facts).pretty());
        }
        else
        {
            terminal.out().println("proven: the record of sequence " + proof.sequence() + ", " + facts.get("time") +
                ", is in the journal of cluster " + checkpoint.clusterId() + ", as signed " + checkpoint.time());
            terminal.out().println(line);
        }
    }
}
