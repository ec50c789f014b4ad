package io.plimsoll.ops.cli;

import io.plimsoll.journal.CheckpointOptions;
import io.plimsoll.journal.TamperCheck;
import io.plimsoll.journal.TamperReport;
import io.plimsoll.journal.checkpoint.CheckpointDirectory;
import io.plimsoll.journal.checkpoint.CheckpointException;
import io.plimsoll.journal.checkpoint.CheckpointKey;
import io.plimsoll.journal.checkpoint.SignedCheckpoint;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** Holding a journal against checkpoints that somebody kept, as part of verifying it. */
final class CheckpointChecks
{
    @Option(
        names = "--checkpoint",
        paramLabel = "FILE",
        description = "A checkpoint that you kept; may be given several times. Proves that nothing before it was" +
            " changed, removed, inserted or moved.")
    private List<String> files = new ArrayList<>();

    @Option(
        names = "--public-key",
        paramLabel = "FILE",
        description = "Public key that it must be signed with; that in the data directory by default.")
    private String publicKey;

    private PublicKey key;
    private String keySource;

    /** Whether there is anything to hold it against. */
    boolean areWanted()
    {
        if (files.isEmpty() && null != publicKey)
        {
            throw new CliException(ExitCode.USAGE, "--public-key goes with --checkpoint");
        }
        return !files.isEmpty();
    }

    /** Does it; a checkpoint that cannot be read ends the command. */
    TamperReport check(final Terminal terminal, final Path journal)
    {
        final CheckpointOptions options = CheckpointOptions.beside(journal);
        final Map<String, SignedCheckpoint> given = new LinkedHashMap<>();
        try
        {
            for (final String file : files)
            {
                given.put(file, CheckpointDirectory.read(terminal.path(file)));
            }
            findKey(terminal, options, given.values().iterator().next());
            return TamperCheck.check(journal, options.directory(), given, key);
        }
        catch (final CheckpointException ex)
        {
            throw new CliException(ex.isDamage() ? ExitCode.FAILED : ExitCode.USAGE, ex.getMessage());
        }
    }

    private void findKey(final Terminal terminal, final CheckpointOptions options, final SignedCheckpoint first)
    {
        final Path beside = options.key().resolveSibling(options.key().getFileName() + CheckpointKey.PUBLIC_SUFFIX);
        if (null != publicKey)
        {
            key = CheckpointFiles.publicKey(terminal, publicKey);
            keySource = publicKey;
        }
        else if (Files.exists(beside))
        {
            key = CheckpointKey.openPublic(beside);
            keySource = beside + "; --public-key names one that you kept";
        }
        else
        {
            key = first.key();
            keySource = "the checkpoint itself; compare it with the one you kept, or give --public-key";
        }
    }

    void print(final TamperReport report, final PrintStream out)
    {
        report.notes().forEach(note -> out.println("note: " + note));
        report.findings().forEach(finding -> out.println("not as signed: " + finding));
        out.println("held against " + report.checkpoints() + " checkpoints signed with key " +
            CheckpointFiles.fingerprint(key) + ", from " + keySource);
        if (report.isIntact())
        {
            out.println("as signed: every record " + (report.keptFrom() > 1 ? "from " + report.keptFrom() + " " : "") +
                "to " + report.sequence() + (report.lastSequence() > report.sequence() ?
                "; no checkpoint covers those behind it" : ""));
        }
        else
        {
            out.println("NOT AS SIGNED: the first that is not: " + report.findings().get(0));
        }
    }

    Map<String, Object> json(final TamperReport report)
    {
        final Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("asSigned", report.isIntact());
        answer.put("checkpoints", report.checkpoints());
        answer.put("key", CheckpointFiles.fingerprint(key));
        answer.put("sequence", report.sequence());
        answer.put("keptFrom", report.keptFrom());
        final List<Map<String, Object>> findings = new ArrayList<>();
        for (final TamperReport.Finding finding : report.findings())
        {
            final Map<String, Object> line = new LinkedHashMap<>();
            line.put("place", finding.place());
            line.put("position", finding.position());
            line.put("index", finding.index());
            line.put("sequence", finding.sequence());
            line.put("what", finding.what());
            findings.add(line);
        }
        answer.put("findings", findings);
        answer.put("notes", report.notes());
        return answer;
    }
}
