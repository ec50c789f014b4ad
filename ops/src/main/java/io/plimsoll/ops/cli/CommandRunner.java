package io.plimsoll.ops.cli;

import io.plimsoll.transport.NearMatch;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Parses, runs, and turns whatever goes wrong into one sentence on stderr and an exit code. A stack trace is for the
 * log file: a user cannot act on it.
 */
public final class CommandRunner
{
    private static final int MIB_SHIFT = 20;

    private final Terminal terminal;

    /**
     * A runner for one process.
     *
     * @param terminal that commands read and write.
     */
    public CommandRunner(final Terminal terminal)
    {
        this.terminal = terminal;
    }

    /** Runs one command and answers its exit code. */
    public int run(final String... args)
    {
        final CommandLine commandLine = Commands.create(terminal, args);
        commandLine.setOut(new PrintWriter(terminal.out(), true, StandardCharsets.UTF_8));
        commandLine.setErr(new PrintWriter(terminal.err(), true, StandardCharsets.UTF_8));
        commandLine.setParameterExceptionHandler((ex, arguments) -> onMisuse(ex));
        commandLine.setExecutionExceptionHandler(this::onException);
        commandLine.setExecutionStrategy(CommandRunner::execute);
        try
        {
            return commandLine.execute(args);
        }
        catch (final OutOfMemoryError full)
        {
            return onFull(full);
        }
        catch (final Error broken)
        {
            // Half of a build: a user can do no more with its trace than with that of an exception.
            return onUnexpected(broken);
        }
    }

    /** Help is for what there is: asked for with a word that is no command, it would be that of something else. */
    private static int execute(final ParseResult parsed)
    {
        ParseResult last = parsed;
        while (last.hasSubcommand())
        {
            last = last.subcommand();
        }
        final CommandLine line = last.commandSpec().commandLine();
        if (last.isUsageHelpRequested() && !last.unmatched().isEmpty() && hasCommandsOnly(line))
        {
            throw new UnmatchedArgumentException(line, last.unmatched());
        }
        return new CommandLine.RunLast().execute(parsed);
    }

    private int onMisuse(final ParameterException ex)
    {
        final String command = ex.getCommandLine().getCommandSpec().qualifiedName(" ");
        complain(describe(ex) + "; see " + command + " --help");
        return ExitCode.USAGE;
    }

    /** What is wrong with the arguments, in one sentence. */
    static String describe(final ParameterException ex)
    {
        return misuse(ex) + suggestions(ex);
    }

    private static String misuse(final ParameterException ex)
    {
        if (null == ex.getCommandLine().getParent() && ex instanceof UnmatchedArgumentException unmatched &&
            !unmatched.isUnknownOption())
        {
            return "there is no command '" + unmatched.getUnmatched().get(0) + "'";
        }
        if (ex instanceof UnmatchedArgumentException word && !word.isUnknownOption() &&
            hasCommandsOnly(ex.getCommandLine()))
        {
            final String name = ex.getCommandLine().getCommandSpec().qualifiedName(" ");
            return "there is no command '" + word.getUnmatched().get(0) + "' of " + name;
        }
        if (ex.getCommandLine().getCommand() instanceof ReplayCommand &&
            ex instanceof UnmatchedArgumentException more && !more.isUnknownOption())
        {
            return ReplayCommand.unknown(more.getUnmatched().get(0));
        }
        // The library says the word twice of options with a key and a value.
        final String message = ex.getMessage().replace("option option", "option");
        return stripFullStop(message.strip().replaceAll("\\s*\\R\\s*", " "));
    }

    /** Whether a word that it does not know can only be a mistaken command. */
    private static boolean hasCommandsOnly(final CommandLine line)
    {
        return !(line.getCommand() instanceof ReplayCommand) && !line.getSubcommands().isEmpty() &&
            line.getCommandSpec().positionalParameters().isEmpty();
    }

    /** Which options or commands are near to what there is not; nothing if none is. */
    private static String suggestions(final ParameterException ex)
    {
        final CommandLine line = ex.getCommandLine();
        if (!(ex instanceof UnmatchedArgumentException unmatched) ||
            !unmatched.isUnknownOption() && line.getCommand() instanceof ReplayCommand)
        {
            return "";
        }
        final String word = unmatched.getUnmatched().get(0);
        final List<String> similar = unmatched.isUnknownOption() ?
            NearMatch.find(word.replaceFirst("=.*", ""), longOptions(line)) :
            NearMatch.find(word, line.getSubcommands().keySet());
        return similar.isEmpty() ? "" : "; did you mean " + String.join(" or ", similar);
    }

    /** Any letter is near to any other, so short ones are left out. */
    private static List<String> longOptions(final CommandLine line)
    {
        return line.getCommandSpec().optionsMap().keySet().stream().filter(name -> name.startsWith("--")).toList();
    }

    private int onException(final Exception ex, final CommandLine commandLine, final ParseResult parsed)
    {
        if (ex instanceof CliException mistake)
        {
            complain(mistake.getMessage());
            return mistake.exitCode();
        }
        return onUnexpected(ex);
    }

    private int onUnexpected(final Throwable thrown)
    {
        final Path log = writeReport(thrown);
        complain("internal error (" + summary(thrown) + "); the details are in " + log);
        return ExitCode.INTERNAL;
    }

    /** What was asked for is larger than the memory that it may have: nothing is broken, and more may be given. */
    private int onFull(final OutOfMemoryError full)
    {
        final Path log = writeReport(full);
        final long heapMiB = Runtime.getRuntime().maxMemory() >> MIB_SHIFT;
        complain(
            "this takes more memory than there is (" + summary(full) + "; the heap may take " + heapMiB + " MiB): " +
            "ask for less, or give more with PLIMSOLL_JAVA_OPTS=-Xmx8g; the details are in " + log);
        return ExitCode.OVERLOADED;
    }

    private void complain(final String message)
    {
        terminal.out().flush();
        terminal.err().println("plimsoll: " + PlainText.lines(message));
    }

    /** The stack trace goes to the logs of the default data directory, or to the temporary one if there is none. */
    private Path writeReport(final Throwable ex)
    {
        final Path logs = terminal.home().resolve(".plimsoll").resolve("logs");
        final Path directory = Files.isWritable(logs) ? logs : Path.of(System.getProperty("java.io.tmpdir"));
        final Path file = directory.resolve("plimsoll-errors.log");
        try (PrintStream report = new PrintStream(
            Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND),
            false,
            StandardCharsets.UTF_8))
        {
            report.println(Instant.now());
            ex.printStackTrace(report);
        }
        catch (final IOException | SecurityException unwritable)
        {
            ex.addSuppressed(unwritable);
        }
        return file;
    }

    private static String summary(final Throwable ex)
    {
        final String name = ex.getClass().getSimpleName();
        return null == ex.getMessage() ? name : name + ": " + ex.getMessage().replaceAll("\\s+", " ");
    }

    private static String stripFullStop(final String message)
    {
        return message.endsWith(".") ? message.substring(0, message.length() - 1) : message;
    }
}
