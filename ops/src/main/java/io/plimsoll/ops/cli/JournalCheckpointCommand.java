package io.plimsoll.ops.cli;

import io.plimsoll.journal.checkpoint.CheckpointException;
import io.plimsoll.journal.checkpoint.SignedCheckpoint;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Hands out the newest checkpoint, for somebody else to keep. */
@Command(
    name = "checkpoint",
    description = {
        "Prints the newest checkpoint of a journal: what it was at one moment, signed. Keep it where whoever can",
        "change the journal cannot change it. With the manager stopped, one is made that covers all there is.",
        "docs/TAMPER_EVIDENCE.md says what it proves."},
    footer = {
        "  plimsoll journal checkpoint /srv/plimsoll > 2026-11-22.checkpoint",
        "  plimsoll journal checkpoint /srv/plimsoll --public-key > plimsoll.pub      the key to check it with"})
final class JournalCheckpointCommand extends JournalAction
{
    @Option(names = "--key", paramLabel = "FILE", description = "Private key; checkpoint-key in the data directory.")
    private String key;

    @Option(names = "--out", paramLabel = "FILE", description = "Where it is written to instead of standard output.")
    private String out;

    @Option(names = "--public-key", description = "Prints the public key of the newest checkpoint, in PEM.")
    private boolean isKeyWanted;

    JournalCheckpointCommand(final Terminal terminal)
    {
        super(terminal);
    }

    @Override
    int run(final Path journal)
    {
        try
        {
            final SignedCheckpoint newest =
                CheckpointFiles.newest(journal, CheckpointFiles.options(terminal(), journal, key));
            final String text = isKeyWanted ? newest.publicPem() : newest.text();
            if (null == out)
            {
                terminal().out().print(text);
            }
            else
            {
                CheckpointFiles.write(terminal(), out, text.getBytes(StandardCharsets.UTF_8));
                print("checkpoint " + newest.checkpoint().number() + " up to sequence " +
                    newest.checkpoint().sequence() + ", signed with key " + CheckpointFiles.fingerprint(newest.key()));
            }
            return ExitCode.OK;
        }
        catch (final CheckpointException ex)
        {
            throw new CliException(ExitCode.JOURNAL, ex.getMessage());
        }
    }
}
