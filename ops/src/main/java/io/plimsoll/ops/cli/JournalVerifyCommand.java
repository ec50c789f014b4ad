package io.plimsoll.ops.cli;

import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.core.SchedulerCore;
import io.plimsoll.journal.JournalCursor;
import io.plimsoll.journal.JournalDamagedException;
import io.plimsoll.journal.JournalException;
import io.plimsoll.journal.JournalInspection;
import io.plimsoll.journal.JournalInspector;
import io.plimsoll.journal.JournalReader;
import io.plimsoll.journal.RecordRelay;
import io.plimsoll.journal.RecordVisitor;
import io.plimsoll.journal.TamperReport;
import io.plimsoll.manager.snapshot.DecisionCheck;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Reads a whole journal, and decides all that is in it once more. */
@Command(
    name = "verify",
    description = {
        "Says whether a journal is as it was written.",
        "Reads every record and every snapshot, decides the commands again where they",
        "were decided by this version, and compares. Exits with 0 if all is as it was",
        "written, 1 if it is damaged or decided otherwise, 2 if it cannot be read. The",
        "first problems say the most: they name segment, position, excerpt, sequence."},
    footer = {
        "  plimsoll journal verify /srv/plimsoll",
        "  plimsoll journal verify /srv/plimsoll --no-decide      whether it is intact, in a fraction of the time",
        "  plimsoll journal verify /srv/plimsoll --checkpoint kept.checkpoint --public-key plimsoll.pub",
        "  plimsoll journal verify /srv/plimsoll -o json"})
final class JournalVerifyCommand extends JournalAction
{
    private static final int DIFFERENCES_MAX = 3;
    private static final long NS_PER_SECOND = 1_000_000_000L;

    @Option(names = "--no-decide", description = "Decides nothing again: only whether all is as it was written.")
    private boolean isReadOnly;

    @Option(names = {"-o", "--output"}, paramLabel = "table|json", description = "Form of the answer.")
    private OutputFormat output = OutputFormat.table;

    @Mixin
    private final CheckpointChecks checkpoints = new CheckpointChecks();

    JournalVerifyCommand(final Terminal terminal)
    {
        super(terminal);
    }

    /** What was found. */
    private static final class Outcome
    {
        private JournalInspection journal;
        private final List<String> differences = new ArrayList<>();
        private long decided;
        private long applied;
        private long passed;
        private long elapsedNs;
        private TamperReport signed;
    }

    @Override
    int run(final Path path)
    {
        final Outcome outcome = new Outcome();
        final long startNs = System.nanoTime();
        if (isReadOnly)
        {
            outcome.journal = inspect(path, RecordVisitor.NONE);
        }
        else
        {
            PolicyJars.load(terminal());
            decide(path, outcome);
        }
        outcome.elapsedNs = Math.max(1, System.nanoTime() - startNs);
        if (checkpoints.areWanted())
        {
            outcome.signed = checkpoints.check(terminal(), path);
        }
        if (OutputFormat.json == output)
        {
            print(JsonValue.of(json(outcome)).pretty());
        }
        else
        {
            describe(outcome);
        }
        return isGood(outcome) ? ExitCode.OK : ExitCode.FAILED;
    }

    @Override
    int exitCode(final RuntimeException failure)
    {
        return failure instanceof JournalDamagedException ? ExitCode.FAILED : ExitCode.USAGE;
    }

    private static boolean isGood(final Outcome outcome)
    {
        return outcome.journal.isIntact() && outcome.differences.isEmpty() &&
            (null == outcome.signed || outcome.signed.isIntact());
    }

    /** Behind a decision that differs all is another history: it is begun again, with that one as it was recorded. */
    private void decide(final Path path, final Outcome outcome)
    {
        final Set<Long> trusted = new HashSet<>();
        boolean more = true;
        while (more)
        {
            final DecisionCheck check = pass(path, trusted, outcome);
            final List<String> found = check.problems();
            found.stream().filter(problem -> !outcome.differences.contains(problem)).forEach(outcome.differences::add);
            outcome.decided = Math.max(outcome.decided, check.decided());
            outcome.applied = Math.max(outcome.applied, check.applied());
            outcome.passed = check.passed();
            more = check.differsAt() > 0 && trusted.size() + 1 < DIFFERENCES_MAX;
            trusted.add(check.differsAt());
        }
    }

    private DecisionCheck pass(final Path path, final Set<Long> trusted, final Outcome outcome)
    {
        try (JournalReader reader = JournalReader.open(path))
        {
            final DecisionCheck check = new DecisionCheck(reader, trusted);
            try (RecordRelay relay = new RecordRelay(check))
            {
                outcome.journal = inspect(path, relay);
            }
            return check;
        }
    }

    private JournalInspection inspect(final Path path, final RecordVisitor visitor)
    {
        if (!terminal().isWatched())
        {
            return JournalInspector.inspect(path, visitor);
        }
        try (JournalReader reader = JournalReader.open(path);
            JournalCursor cursor = reader.cursor();
            ProgressLine line = new ProgressLine(
                visitor, terminal().err(), System::nanoTime, cursor.oldestSequence(), lastSequence(reader, cursor)))
        {
            return JournalInspector.inspect(path, line);
        }
    }

    /** Roughly: of what is damaged nobody knows the end. */
    private static long lastSequence(final JournalReader reader, final JournalCursor cursor)
    {
        final RecordFlyweight record = new RecordFlyweight();
        try
        {
            cursor.seek(Math.max(cursor.oldestSequence(), reader.lastSegmentSequence()));
            while (cursor.next(record))
            {
                // To the end.
                continue;
            }
        }
        catch (final JournalException ex)
        {
            return cursor.nextSequence() - 1;
        }
        return cursor.nextSequence() - 1;
    }

    private void describe(final Outcome outcome)
    {
        final JournalInspection journal = outcome.journal;
        JournalSummary.print(journal, terminal().out());
        print("");
        journal.problems().forEach(this::print);
        outcome.differences.forEach(difference -> print("decided otherwise: " + difference));
        if (!isReadOnly)
        {
            print(decisions(outcome));
        }
        if (!journal.isIntact())
        {
            print("DAMAGED: " + plural(journal.problems().size(), "problem") + ", the first ones first; see" +
                " plimsoll journal repair --help");
        }
        else if (!outcome.differences.isEmpty())
        {
            print("INTACT, BUT DECIDED OTHERWISE: all is as it was written, and this build does not decide it so");
        }
        else
        {
            print("intact: " + journal.lastSequence() + " is the last sequence" +
                (journal.isInUse() ? " so far" : ""));
        }
        if (null != outcome.signed)
        {
            checkpoints.print(outcome.signed, terminal().out());
        }
    }

    private static String decisions(final Outcome outcome)
    {
        final StringBuilder text = new StringBuilder(String.format(
            Locale.ROOT,
            "%d commands decided again, %d a second",
            outcome.decided,
            outcome.decided * NS_PER_SECOND / outcome.elapsedNs));
        if (outcome.applied > 0)
        {
            text.append("; ").append(outcome.applied).append(
                " only applied, as decision version " + SchedulerCore.DECISION_VERSION + " did not decide them");
        }
        if (outcome.passed > 0)
        {
            text.append("; ").append(outcome.passed).append(" not, as they lie before the oldest snapshot");
        }
        return text.toString();
    }

    private static String plural(final int count, final String noun)
    {
        return count + " " + noun + (1 == count ? "" : "s");
    }

    private Map<String, Object> json(final Outcome outcome)
    {
        final Map<String, Object> answer = JournalSummary.json(outcome.journal);
        answer.put("intact", outcome.journal.isIntact());
        answer.put("problems", outcome.journal.problems());
        answer.put("decided", outcome.decided);
        answer.put("applied", outcome.applied);
        answer.put("notDecided", outcome.passed);
        answer.put("differences", outcome.differences);
        if (null != outcome.signed)
        {
            answer.put("signed", checkpoints.json(outcome.signed));
        }
        answer.put("elapsedMillis", outcome.elapsedNs / 1_000_000);
        return answer;
    }
}
