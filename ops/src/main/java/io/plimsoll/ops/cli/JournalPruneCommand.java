package io.plimsoll.ops.cli;

import io.plimsoll.journal.CheckpointOptions;
import io.plimsoll.journal.Journal;
import io.plimsoll.journal.JournalContext;
import io.plimsoll.journal.JournalReader;
import io.plimsoll.journal.OfflineCheckpoints;
import io.plimsoll.journal.PrunePlan;
import io.plimsoll.journal.Retention;
import io.plimsoll.journal.checkpoint.CheckpointDirectory;
import io.plimsoll.journal.checkpoint.CheckpointException;
import io.plimsoll.transport.Amounts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Removes what snapshots stand for. */
@Command(
    name = "prune",
    description = {
        "Removes records that snapshots stand for.",
        "Those that are older than what is kept, if a snapshot that was read and found",
        "good stands for them. A manager does so by itself; this is for one that is",
        "stopped. With --dry-run nothing is removed, and the manager may run."},
    footer = {
        "  plimsoll journal prune /srv/plimsoll --dry-run",
        "  plimsoll journal prune /srv/plimsoll --keep 7d --keep-size 10g"})
final class JournalPruneCommand extends JournalAction
{
    @Option(
        names = "--keep",
        paramLabel = "DURATION",
        converter = AmountOption.Duration.class,
        description = "How long records are kept; 30d by default.")
    private String keep;

    @Option(
        names = "--keep-size",
        paramLabel = "SIZE",
        converter = AmountOption.Size.class,
        description = "Bytes of records that are kept, however old; none by default.")
    private String keepSize;

    @Option(
        names = "--keep-snapshots",
        paramLabel = "N",
        description = "Snapshots that are kept, the newest; 2 by default.")
    private int keepSnapshots = Retention.DEFAULT.snapshots();

    @Option(
        names = "--key",
        paramLabel = "FILE",
        description = "Key that checkpoints are signed with, if there are any; checkpoint-key in the data directory.")
    private String key;

    @Option(names = "--dry-run", description = "Says what would be removed, and removes nothing.")
    private boolean isDryRun;

    @Option(names = {"-o", "--output"}, paramLabel = "table|json", description = "Form of the answer.")
    private OutputFormat output = OutputFormat.table;

    JournalPruneCommand(final Terminal terminal)
    {
        super(terminal);
    }

    @Override
    void checkOptions()
    {
        if (keepSnapshots < 1)
        {
            throw new CliException(ExitCode.USAGE, "--keep-snapshots: at least 1, or nothing stands for what goes");
        }
    }

    @Override
    int run(final Path journal)
    {
        final Retention retention = new Retention(
            keepSnapshots,
            null == keep ? Retention.DEFAULT.periodNs() : Amounts.durationNs(keep),
            null == keepSize ? Retention.DEFAULT.bytes() : Amounts.bytes(keepSize));
        final long nowNs = TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());
        final PrunePlan plan = isDryRun ? plan(journal, retention, nowNs) : prune(journal, retention, nowNs);
        if (OutputFormat.json == output)
        {
            print(JsonValue.of(json(plan)).pretty());
        }
        else
        {
            describe(plan);
        }
        return ExitCode.OK;
    }

    private static PrunePlan plan(final Path path, final Retention retention, final long nowNs)
    {
        try (JournalReader journal = JournalReader.open(path))
        {
            return journal.planPruning(retention, nowNs);
        }
    }

    /** Where there are checkpoints, one says what goes before it does, or it would look like tampering. */
    private PrunePlan prune(final Path path, final Retention retention, final long nowNs)
    {
        final CheckpointOptions options = CheckpointFiles.options(terminal(), path, key);
        if (null != new CheckpointDirectory(options.directory()).newest())
        {
            if (!Files.exists(options.key()))
            {
                throw new CliException(ExitCode.USAGE, "--key: there are checkpoints of this journal, and one has to" +
                    " say what goes; " + options.key() + " is not there, so name the key");
            }
            return signed(path, options, retention, nowNs);
        }
        try (Journal journal = Journal.open(new JournalContext().directory(path)))
        {
            return journal.snapshots().prune(journal.snapshots().plan(retention, nowNs));
        }
    }

    private static PrunePlan signed(
        final Path path, final CheckpointOptions options, final Retention retention, final long nowNs)
    {
        try
        {
            return OfflineCheckpoints.prune(path, options, retention, nowNs);
        }
        catch (final CheckpointException ex)
        {
            throw new CliException(ExitCode.JOURNAL, "nothing was removed: " + ex.getMessage());
        }
    }

    private void describe(final PrunePlan plan)
    {
        final String verb = isDryRun ? "would remove " : "removed ";
        plan.segments().forEach(name -> print(verb + name));
        plan.snapshots().forEach(name -> print(verb + name));
        if (plan.isEmpty())
        {
            print("nothing to remove: " + (0 == plan.standsFor() ?
                "there is no snapshot that could stand for records" :
                "all records are newer than what is kept, or needed by the snapshot of sequence " + plan.standsFor()));
        }
        else
        {
            print("the snapshot of sequence " + plan.standsFor() + " stands for what goes, " +
                Amounts.humanBytes(plan.bytes()) + "; records are kept from sequence " + plan.oldestSequence() + " on");
        }
    }

    private Map<String, Object> json(final PrunePlan plan)
    {
        final Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("dryRun", isDryRun);
        answer.put("segments", plan.segments());
        answer.put("snapshots", plan.snapshots());
        answer.put("bytes", plan.bytes());
        answer.put("oldestSequence", plan.oldestSequence());
        answer.put("standsFor", plan.standsFor());
        return answer;
    }
}
