package io.plimsoll.ops.cli;

import io.plimsoll.journal.JournalInspection;
import io.plimsoll.journal.JournalInspector;
import io.plimsoll.journal.JournalRepair;
import io.plimsoll.journal.RepairReport;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Makes a journal that a manager can start from of one that is damaged. */
@Command(
    name = "repair",
    description = {
        "Writes a new journal of all that is good in a damaged one.",
        "Says what it left out. The old one is only read. Of records that do not follow",
        "from each other it takes those that reach furthest from the first record or",
        "from a snapshot. The new one is verified; put it in place yourself."},
    footer = {
        "  plimsoll journal repair /srv/plimsoll --to /srv/repaired",
        "  mv /srv/plimsoll/journal /srv/plimsoll/journal.damaged && mv /srv/repaired /srv/plimsoll/journal"})
final class JournalRepairCommand extends JournalAction
{
    @Option(
        names = "--to",
        paramLabel = "NEWDIR",
        required = true,
        description = "Folder of the new journal; not there yet.")
    private String target;

    @Option(names = {"-o", "--output"}, paramLabel = "table|json", description = "Form of the answer.")
    private OutputFormat output = OutputFormat.table;

    JournalRepairCommand(final Terminal terminal)
    {
        super(terminal);
    }

    @Override
    int run(final Path journal)
    {
        final RepairReport report = JournalRepair.repair(journal, terminal().path(target));
        final JournalInspection check = JournalInspector.inspect(Path.of(report.place()));
        if (OutputFormat.json == output)
        {
            print(JsonValue.of(json(report, check)).pretty());
        }
        else
        {
            describe(journal, report, check);
        }
        return check.isIntact() ? ExitCode.OK : ExitCode.JOURNAL;
    }

    private void describe(final Path journal, final RepairReport report, final JournalInspection check)
    {
        if (report.leftOut().isEmpty())
        {
            print("nothing was left out: the journal was whole");
        }
        else
        {
            print("left out:");
            report.leftOut().forEach(text -> print("  " + text));
        }
        print("kept: sequences " + report.firstSequence() + " to " + report.lastSequence() +
            (report.snapshot() > 0 ? ", with the snapshot of sequence " + report.snapshot() +
                " for all that was before" : ""));
        check.problems().forEach(problem -> print("not good: " + problem));
        if (!report.leftOut().isEmpty())
        {
            print("to start from it: mv " + journal + " " + journal + ".damaged && mv " + report.place() + " " +
                journal);
            print("agents that saw more than is kept make the manager wait for: plimsoll recover --accept-loss");
        }
    }

    private static Map<String, Object> json(final RepairReport report, final JournalInspection check)
    {
        final Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("place", report.place());
        answer.put("firstSequence", report.firstSequence());
        answer.put("lastSequence", report.lastSequence());
        answer.put("snapshot", report.snapshot());
        answer.put("snapshots", report.snapshots());
        answer.put("leftOut", report.leftOut());
        answer.put("intact", check.isIntact());
        return answer;
    }
}
