package io.plimsoll.ops.cli;

import io.plimsoll.journal.JournalInspection;
import io.plimsoll.journal.JournalInspector;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Says what a journal consists of. */
@Command(
    name = "info",
    description = {
        "Says what a journal consists of.",
        "Segments, snapshots, and reigns with the version of their decisions. Nothing",
        "is checked; that is what verify is for."},
    footer = {
        "  plimsoll journal info ~/.plimsoll",
        "  plimsoll journal info /srv/plimsoll -o json"})
final class JournalInfoCommand extends JournalAction
{
    @Option(names = {"-o", "--output"}, paramLabel = "table|json", description = "Form of the answer.")
    private OutputFormat output = OutputFormat.table;

    JournalInfoCommand(final Terminal terminal)
    {
        super(terminal);
    }

    @Override
    int run(final Path journal)
    {
        final JournalInspection found = JournalInspector.list(journal);
        if (OutputFormat.json == output)
        {
            print(JsonValue.of(JournalSummary.json(found)).pretty());
        }
        else
        {
            JournalSummary.print(found, terminal().out());
        }
        return ExitCode.OK;
    }
}
