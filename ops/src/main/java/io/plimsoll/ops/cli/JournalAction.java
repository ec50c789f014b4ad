package io.plimsoll.ops.cli;

import io.plimsoll.journal.JournalException;
import io.plimsoll.journal.JournalInspector;
import io.plimsoll.journal.JournalLockedException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What the commands on a journal have in common. */
@Command(
    sortOptions = false,
    synopsisHeading = "Usage: ",
    descriptionHeading = "%n",
    parameterListHeading = "%n",
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n")
abstract class JournalAction implements Callable<Integer>
{
    private final Terminal terminal;

    @Parameters(
        index = "0", paramLabel = "DIR", description = "Data directory of a manager, or the folder of its journal.")
    private String directory;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Shows this help.")
    private boolean help;

    JournalAction(final Terminal terminal)
    {
        this.terminal = terminal;
    }

    @Override
    public final Integer call()
    {
        checkOptions();
        try
        {
            return run(JournalInspector.locate(terminal.path(directory)));
        }
        catch (final JournalLockedException ex)
        {
            throw new CliException(ExitCode.CONFLICT, ex.getMessage());
        }
        catch (final JournalException | UncheckedIOException ex)
        {
            throw new CliException(exitCode(ex), ex.getMessage());
        }
    }

    abstract int run(Path journal);

    /** Before anything is read: throws what is wrong with the options. */
    void checkOptions()
    {
        // Most are right as they come.
    }

    /** Code for a journal that cannot be read, or cannot be read on. */
    int exitCode(final RuntimeException failure)
    {
        return ExitCode.JOURNAL;
    }

    final Terminal terminal()
    {
        return terminal;
    }

    final void print(final String line)
    {
        terminal.out().println(line);
    }

    final void note(final String line)
    {
        terminal.out().flush();
        terminal.err().println("plimsoll: " + line);
    }

    static String time(final long epochNs)
    {
        return 0 == epochNs ? null : Instant.ofEpochSecond(0, epochNs).truncatedTo(ChronoUnit.MILLIS).toString();
    }
}
