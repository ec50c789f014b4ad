package io.plimsoll.ops.cli;

import io.plimsoll.journal.CheckpointOptions;
import io.plimsoll.journal.EventProof;
import io.plimsoll.journal.checkpoint.CheckpointDirectory;
import io.plimsoll.journal.checkpoint.CheckpointException;
import io.plimsoll.journal.checkpoint.SignedCheckpoint;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Proves that one record is in a journal. */
@Command(
    name = "prove",
    description = {
        "Writes a proof that the journal holds one record: the record itself, the hashes that lead from it to the root",
        "of its segment, and the checkpoint that names this root. Nothing else of the journal is in it."},
    footer = {
        "  plimsoll journal prove /srv/plimsoll --seq 4711 --out 4711.proof",
        "  plimsoll journal prove /srv/plimsoll --seq 4711 --checkpoint 2026-11-22.checkpoint --out 4711.proof"})
final class JournalProveCommand extends JournalAction
{
    @Option(names = "--seq", required = true, paramLabel = "N", description = "Sequence of the record.")
    private long sequence;

    @Option(names = "--checkpoint", paramLabel = "FILE", description = "Where the proof leads; the newest by default.")
    private String checkpoint;

    @Option(names = "--key", paramLabel = "FILE", description = "Private key; checkpoint-key in the data directory.")
    private String key;

    @Option(names = "--out", paramLabel = "FILE", description = "Where it is written to instead of standard output.")
    private String out;

    JournalProveCommand(final Terminal terminal)
    {
        super(terminal);
    }

    @Override
    int run(final Path journal)
    {
        if (sequence < 1)
        {
            throw new CliException(ExitCode.USAGE, "--seq: " + sequence + " is no sequence; the first record has 1");
        }
        try
        {
            final CheckpointOptions options = CheckpointFiles.options(terminal(), journal, key);
            final SignedCheckpoint signed = null == checkpoint ?
                CheckpointFiles.newest(journal, options) : CheckpointDirectory.read(terminal().path(checkpoint));
            if (sequence > signed.checkpoint().sequence())
            {
                throw new CliException(ExitCode.UNKNOWN, "sequence " + sequence +
                    " is not covered: the checkpoint goes to " + signed.checkpoint().sequence());
            }
            final byte[] proof = EventProof.make(journal, signed, sequence).encode();
            if (null == out)
            {
                terminal().out().writeBytes(proof);
            }
            else
            {
                CheckpointFiles.write(terminal(), out, proof);
                print("sequence " + sequence + " is in the journal, checkpoint " + signed.checkpoint().number() +
                    " covers it; to be checked with key " + CheckpointFiles.fingerprint(signed.key()));
            }
            return ExitCode.OK;
        }
        catch (final CheckpointException ex)
        {
            throw new CliException(ExitCode.JOURNAL, ex.getMessage());
        }
    }
}
