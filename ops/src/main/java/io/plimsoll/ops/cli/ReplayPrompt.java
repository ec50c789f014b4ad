package io.plimsoll.ops.cli;

import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.core.sbe.MessageHeaderDecoder;
import io.plimsoll.loadtest.simulate.EventPrinter;
import io.plimsoll.manager.replay.RecordKinds;
import io.plimsoll.manager.replay.ReplayCondition;
import io.plimsoll.manager.replay.ReplayMoment;
import io.plimsoll.manager.replay.ReplayedCluster;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParameterException;

/** Moves about in a replay and asks it, one line after the other: from a person, or from a pipe. */
@Command(name = "", sortOptions = false)
final class ReplayPrompt implements ApiSource, ReplaySource
{
    private static final long IMAGE_BYTES_MAX = 1L << 30;
    /** Records that are shown one by one. */
    private static final long SHOWN_RECORDS_MAX = 20;
    private static final List<String> MOVES = List.of("next", "back", "at", "until", "where", "help", "quit");

    private final Terminal terminal;
    private final ReplaySession session;
    private final ReplaySource source;
    private final ReplayedCluster cluster;
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private boolean quit;

    ReplayPrompt(final Terminal terminal, final ReplaySession session, final ReplaySource source)
    {
        this.terminal = terminal;
        this.session = session;
        this.source = source;
        cluster = session.cluster();
        cluster.keepImages(Math.min(IMAGE_BYTES_MAX, Runtime.getRuntime().maxMemory() / 4));
    }

    /** Takes lines to their end; answers the exit code of the first that failed, if they come from a pipe. */
    int run()
    {
        try (PromptLines lines = PromptLines.ofProcess(commands()))
        {
            if (lines.isInteractive())
            {
                print(session.place() + "; help says what there is to ask");
            }
            return run(lines);
        }
    }

    int run(final PromptLines lines)
    {
        int exitCode = ExitCode.OK;
        int number = 0;
        for (String line = lines.next(prompt()); null != line && !quit; line = quit ? null : lines.next(prompt()))
        {
            number++;
            final int code = execute(line, lines.isInteractive() ? "" : "line " + number + ": ");
            exitCode = ExitCode.OK == exitCode ? code : exitCode;
            terminal.out().flush();
        }
        return lines.isInteractive() ? ExitCode.OK : exitCode;
    }

    static List<String> commands()
    {
        final List<String> commands = new ArrayList<>(ReplayCommand.SHOWN);
        commands.add("why");
        commands.addAll(MOVES);
        return commands;
    }

    private String prompt()
    {
        return cluster.sequence() + "> ";
    }

    private int execute(final String line, final String where)
    {
        final List<String> words;
        try
        {
            words = PromptLines.words(line);
            return words.isEmpty() || words.get(0).startsWith("#") ? ExitCode.OK :
                ReplayCommand.told(() -> execute(words));
        }
        catch (final ParameterException ex)
        {
            return complain(where, CommandRunner.describe(ex), ExitCode.USAGE);
        }
        catch (final CliException ex)
        {
            return complain(where, ex.getMessage(), ex.exitCode());
        }
    }

    private int complain(final String where, final String message, final int exitCode)
    {
        terminal.out().flush();
        terminal.err().println("plimsoll: " + where + message);
        return exitCode;
    }

    private int execute(final List<String> words) throws Exception
    {
        final String command = words.get(0);
        final String rest = String.join(" ", words.subList(1, words.size()));
        switch (command)
        {
            case "next" -> next(count(words));
            case "back" -> back(count(words));
            case "at" -> ReplayMoment.parse(rest, ZoneId.systemDefault()).move(cluster);
            case "until" -> until(rest);
            case "where" -> none(words);
            case "help" -> help();
            case "quit", "exit" -> quit = true;
            default ->
            {
                return ask(words);
            }
        }
        if (!quit && !"help".equals(command))
        {
            print(session.place());
        }
        return ExitCode.OK;
    }

    private static void none(final List<String> words)
    {
        if (words.size() > 1)
        {
            throw new CliException(ExitCode.USAGE, words.get(0) + " takes nothing, not " + words.get(1));
        }
    }

    private static long count(final List<String> words)
    {
        final boolean isNumber = 2 == words.size() && words.get(1).matches("[1-9][0-9]{0,17}");
        if (words.size() > 1 && !isNumber)
        {
            throw new CliException(
                ExitCode.USAGE, words.get(0) + " takes a number of records above 0, not " + words.get(1));
        }
        return isNumber ? Long.parseLong(words.get(1)) : 1;
    }

    private void next(final long records)
    {
        for (long i = 0; i < records; i++)
        {
            if (!cluster.next())
            {
                throw new CliException(ExitCode.FAILED, cluster.fault().isEmpty() ?
                    "this is the last record" : "the next record cannot be read: " + cluster.fault());
            }
            if (records <= SHOWN_RECORDS_MAX)
            {
                show(cluster.record());
            }
        }
    }

    private void show(final RecordFlyweight record)
    {
        header.wrap(record.buffer(), record.commandOffset());
        print(record.sequence() + " " + ReplayedCluster.time(record.timestampNs()) + " " +
            RecordKinds.name(header.templateId()));
        record.forEachEvent((buffer, offset, length) -> print("  " + EventPrinter.describe(buffer, offset)));
    }

    private void back(final long records)
    {
        if (records > cluster.sequence())
        {
            throw new CliException(
                ExitCode.FAILED, 1 == cluster.sequence() ? "there is only 1 record before this place" :
                    "there are only " + cluster.sequence() + " records before this place");
        }
        cluster.moveTo(cluster.sequence() - records);
    }

    private void until(final String text)
    {
        final ReplayCondition condition = ReplayCondition.parse(text);
        final long from = cluster.sequence();
        if (!cluster.moveUntil(condition))
        {
            throw new CliException(ExitCode.FAILED, ReplayCommand.unmet(cluster, condition));
        }
        if (from == cluster.sequence())
        {
            print("it is so already");
        }
    }

    private int ask(final List<String> words) throws Exception
    {
        final String command = words.get(0);
        if (!commands().contains(command))
        {
            throw new CliException(ExitCode.USAGE, ReplayCommand.unknown(command, commands()));
        }
        final CommandLine line = new CommandLine(this);
        line.addSubcommand(
            command,
            "why".equals(command) ? new CommandLine(new WhyCommand(terminal)) :
                ClientCommand.embedded(Commands.command(command, terminal)));
        line.setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        final CommandLine asked =
            line.parseArgs(words.toArray(new String[0])).subcommand().commandSpec().commandLine();
        if (asked.isUsageHelpRequested())
        {
            asked.usage(terminal.out());
            return ExitCode.OK;
        }
        final Callable<Integer> callable = asked.getCommand();
        return callable.call();
    }

    private void help()
    {
        print("ps, agents, show ID, explain ID, top, groups, queue [GROUP], account list: as on a live cluster");
        print("why ID                    why a session waited, from its submission on");
        print("next [N], back [N]        so many records; up to " + SHOWN_RECORDS_MAX + " are shown");
        print("at TIME|SEQ               " + ReplayMoment.FORMS);
        print("until CONDITION           " + ReplayCondition.FORMS);
        print("where, help, quit");
    }

    private void print(final String line)
    {
        terminal.out().println(line);
    }

    @Override
    public Api connect()
    {
        return session.connect();
    }

    @Override
    public ReplayedCluster openAnew()
    {
        return source.openAnew();
    }

    @Override
    public Path directory()
    {
        return source.directory();
    }
}
