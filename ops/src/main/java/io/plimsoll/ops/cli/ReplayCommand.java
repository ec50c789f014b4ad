package io.plimsoll.ops.cli;

import io.plimsoll.journal.JournalException;
import io.plimsoll.manager.replay.ReplayCondition;
import io.plimsoll.manager.replay.ReplayException;
import io.plimsoll.manager.replay.ReplayMoment;
import io.plimsoll.manager.replay.ReplayedCluster;
import io.plimsoll.manager.replay.UnknownSessionException;
import io.plimsoll.transport.NearMatch;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Opens a journal and shows the cluster as it was. What a live cluster is asked is asked by the same commands, as
 * subcommands of this one; further subcommands take the journal from {@link #open}.
 */
@Command(
    name = "replay",
    sortOptions = false,
    synopsisHeading = "Usage: ",
    descriptionHeading = "%n",
    parameterListHeading = "%n",
    optionListHeading = "%nOptions:%n",
    commandListHeading = "%nCommands:%n",
    synopsisSubcommandLabel = "[COMMAND]",
    description = {
        "Shows a cluster as its journal says that it was, at any record.",
        "The journal is only read, also while a manager writes it. docs/REPLAY.md takes an incident apart with it."},
    footerHeading = "%nExamples:%n",
    footer = {
        "  plimsoll replay ~/.plimsoll --at 2026-11-22T10:00:00Z ps",
        "  plimsoll replay ~/.plimsoll --at -10m agents -o json",
        "  plimsoll replay ~/.plimsoll --until 'session 4711 RUNNING' show 4711",
        "  plimsoll replay ~/.plimsoll why 4711",
        "  plimsoll replay ~/.plimsoll                      a prompt; commands may also come from a pipe",
        "  plimsoll replay /backup/journal --at 123456 explain 4711"})
final class ReplayCommand implements Callable<Integer>, ApiSource, ReplaySource
{
    /** Client commands that a replay answers as a live cluster does. */
    static final List<String> SHOWN =
        List.of("ps", "agents", "show", "explain", "top", "groups", "queue", "account");

    /** What is asked of a journal only. */
    private static final List<String> TOLD = List.of("why", "what-if", "report");
    /** What only a live cluster can be told. */
    private static final List<String> CHANGING =
        List.of("run", "submit", "update", "cancel", "drain", "resume", "group", "recover");

    private final Terminal terminal;

    @Parameters(
        paramLabel = "DIR", description = "Data directory of a manager, or the folder of its journal.")
    private String directory;

    @Option(
        names = "--at",
        paramLabel = "TIME|SEQ",
        description = {
            "Where to open it; at the end unless told otherwise. Right is " + ReplayMoment.FORMS + "."})
    private String at;

    @Option(
        names = "--until",
        paramLabel = "CONDITION",
        description = {
            "Goes on from there, or from the start, until this holds: " + ReplayCondition.FORMS + "."})
    private String until;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Shows this help.")
    private boolean help;

    ReplayCommand(final Terminal terminal)
    {
        this.terminal = terminal;
    }

    /** The command with those of its subcommands that occur among the arguments, or all if none does. */
    static CommandLine line(final Terminal terminal, final List<String> args)
    {
        return line(terminal, args, new ReplayCommand(terminal));
    }

    static CommandLine line(final Terminal terminal, final List<String> args, final ReplayCommand command)
    {
        final CommandLine line = new CommandLine(command);
        final List<String> named = SHOWN.stream().filter(args::contains).toList();
        for (final String name : named.isEmpty() ? SHOWN : named)
        {
            line.addSubcommand(name, ClientCommand.embedded(Commands.command(name, terminal)));
        }
        line.addSubcommand("why", new WhyCommand(terminal));
        line.addSubcommand("what-if", new WhatIfCommand(terminal));
        line.addSubcommand("report", new ReportCommand(terminal));
        return line;
    }

    @Override
    public Integer call()
    {
        try (ReplaySession session = new ReplaySession(open()))
        {
            return new ReplayPrompt(terminal, session, this).run();
        }
    }

    @Override
    public Api connect()
    {
        return new ReplaySession(open()).connectAndClose();
    }

    @Override
    public Path directory()
    {
        return terminal.path(directory);
    }

    /**
     * The journal, at the place that was asked for.
     *
     * @return to be closed by the caller.
     * @throws CliException if it cannot be read.
     */
    ReplayedCluster open()
    {
        return told(() ->
        {
            final String from = null != at ? at : null != until ? "start" : "end";
            final ReplayMoment moment = ReplayMoment.parse(from, ZoneId.systemDefault());
            final ReplayCondition condition = null == until ? null : ReplayCondition.parse(until);
            final ReplayedCluster cluster = openAnew();
            try
            {
                moment.move(cluster);
                if (moment.isStart() && cluster.sequence() > 0)
                {
                    terminal.err().println("plimsoll: records up to sequence " + cluster.sequence() +
                        " are no longer kept; it starts from the snapshot of that, at " +
                        ReplayedCluster.time(cluster.timestampNs()));
                }
                if (null != condition && !cluster.moveUntil(condition))
                {
                    throw new CliException(ExitCode.FAILED, unmet(cluster, condition));
                }
                warn(terminal, cluster.sequence(), cluster.fault());
                return cluster;
            }
            catch (final RuntimeException ex)
            {
                cluster.close();
                throw ex;
            }
        });
    }

    /** What is wrong with a word behind the directory. */
    static String unknown(final String word)
    {
        final List<String> commands = new ArrayList<>(SHOWN);
        commands.addAll(TOLD);
        return unknown(word, commands);
    }

    /** What is wrong with a word that is no command of a replay, and what there is instead. */
    static String unknown(final String word, final List<String> commands)
    {
        final String right = "; there are " + String.join(", ", commands);
        if (CHANGING.contains(word))
        {
            return "'" + word + "' is for live clusters: the past cannot be changed, only asked" + right;
        }
        return "there is no command '" + word + "' in a replay" + right +
            NearMatch.hint(NearMatch.find(word, commands));
    }

    static String unmet(final ReplayedCluster cluster, final ReplayCondition condition)
    {
        return "no record up to the last one, " + cluster.sequence() + ", brings '" + condition + "'";
    }

    /** Says why a journal is read no further than to a sequence, if there is a reason. */
    static void warn(final Terminal terminal, final long sequence, final String fault)
    {
        if (!fault.isEmpty())
        {
            terminal.err().println("plimsoll: the journal can be read up to sequence " + sequence + " only (" + fault +
                "); plimsoll journal verify says more");
        }
    }

    @Override
    public ReplayedCluster openAnew()
    {
        PolicyJars.load(terminal);
        return ReplayedCluster.open(directory());
    }

    /** What goes wrong with a journal, as the command line says it. */
    static <T> T told(final Callable<T> action)
    {
        try
        {
            return action.call();
        }
        catch (final UnknownSessionException ex)
        {
            throw new CliException(ExitCode.UNKNOWN, ex.getMessage());
        }
        catch (final ReplayException ex)
        {
            throw new CliException(ExitCode.USAGE, ex.getMessage());
        }
        catch (final JournalException | UncheckedIOException ex)
        {
            throw new CliException(ExitCode.JOURNAL, ex.getMessage());
        }
        catch (final RuntimeException ex)
        {
            throw ex;
        }
        catch (final Exception ex)
        {
            throw new IllegalStateException(ex);
        }
    }
}
