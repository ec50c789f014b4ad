package io.plimsoll.ops.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Looks at a journal, or makes another one of it. What is done stands in the subcommands. */
@Command(
    name = "journal",
    description = {
        "Looks at a journal: the record of every command with the decisions it caused.",
        "All but prune only read, also while a manager writes it. docs/JOURNAL.md says",
        "what to do when one is damaged, docs/TAMPER_EVIDENCE.md how to show that none was changed."},
    footer = {
        "  plimsoll journal info ~/.plimsoll",
        "  plimsoll journal verify /srv/plimsoll -o json",
        "  plimsoll journal export /srv/plimsoll --from 2026-11-22T10:00:00Z --to 2026-11-22T11:00:00Z | jq .",
        "  plimsoll journal repair /srv/plimsoll --to /srv/repaired",
        "  plimsoll journal prune /srv/plimsoll --keep 7d --dry-run",
        "  plimsoll journal checkpoint /srv/plimsoll > kept.checkpoint"})
final class JournalCommand extends CommandGroup
{
    private JournalCommand()
    {
    }

    /** The command with its subcommands. */
    static CommandLine line(final Terminal terminal)
    {
        return new CommandLine(new JournalCommand())
            .addSubcommand("info", new JournalInfoCommand(terminal))
            .addSubcommand("verify", new JournalVerifyCommand(terminal))
            .addSubcommand("export", new JournalExportCommand(terminal))
            .addSubcommand("repair", new JournalRepairCommand(terminal))
            .addSubcommand("prune", new JournalPruneCommand(terminal))
            .addSubcommand("checkpoint", new JournalCheckpointCommand(terminal))
            .addSubcommand("prove", new JournalProveCommand(terminal))
            .addSubcommand("check-proof", new JournalCheckProofCommand(terminal));
    }
}
