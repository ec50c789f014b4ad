package io.plimsoll.ops.cli;

import io.plimsoll.ops.server.AgentCommand;
import io.plimsoll.ops.server.ConfigCommand;
import io.plimsoll.ops.server.DemoCommand;
import io.plimsoll.ops.server.ManagerCommand;
import io.plimsoll.ops.server.UpCommand;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The list of commands. A client process runs one of them, so only that one is built; all of them only for the general
 * help and for an unknown name, which deserves suggestions.
 */
final class Commands
{
    private static final String HELP = "help";
    /** In the order of the general help. */
    private static final List<String> NAMES = List.of(
        "demo", "up", "manager", "agent", "config", "run", "submit", "template", "ps", "show", "graph", "explain",
        "logs", "exec", "shell", "attach", "cp", "update", "cancel", "wait", "top", "usage", "queue", "agents",
        "drain", "resume", "groups", "group", "account", "admin", "whoami", "recover", "journal", "replay",
        "simulate", "plan",
        "compare", "workload", "fleet", "simulate-faults", "loadtest", "bench", "doctor", HELP, "version");

    private Commands()
    {
    }

    static CommandLine create(final Terminal terminal, final String... args)
    {
        final CommandLine root = new CommandLine(new Root(terminal));
        for (final String known : needed(args))
        {
            root.addSubcommand(known, line(known, terminal, args));
        }
        root.setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF));
        root.setCaseInsensitiveEnumValuesAllowed(true);
        root.setAbbreviatedOptionsAllowed(false);
        for (final String wrapper : new String[]{"run", "submit", "exec"})
        {
            final CommandLine command = root.getSubcommands().get(wrapper);
            if (null != command)
            {
                // From the first word of the user's command on, nothing is an option of ours.
                command.setStopAtPositional(true);
            }
        }
        return root;
    }

    /** Those that are named, and all if they are not known, or if none is. */
    private static List<String> needed(final String... args)
    {
        final List<String> named = List.of(args).subList(0, Math.min(args.length, isHelp(args) ? 2 : 1));
        final boolean isListed = named.isEmpty() || isHelp(args) && 1 == named.size();
        return isListed || !NAMES.containsAll(named) ? NAMES : named.stream().distinct().toList();
    }

    private static boolean isHelp(final String... args)
    {
        return args.length > 0 && HELP.equals(args[0]);
    }

    /** One command, with subcommands if it has any. */
    private static Object line(final String name, final Terminal terminal, final String... args)
    {
        return switch (name)
        {
            case "replay" -> ReplayCommand.line(terminal, List.of(args));
            case "admin" -> AdminCommand.line(terminal);
            case "journal" -> JournalCommand.line(terminal);
            case "workload" -> WorkloadCommand.line(terminal);
            case "fleet" -> FleetCommand.line(terminal);
            case "loadtest" -> LoadtestCommand.line(terminal);
            case "agent" -> agentLine(terminal);
            case "config" -> ConfigCommand.line(terminal);
            case "agents" -> new CommandLine(command(name, terminal))
                .addSubcommand("topology", new AgentsTopologyCommand(terminal));
            default -> command(name, terminal);
        };
    }

    /** Runs an agent; its subcommands answer what one would do, and run none. */
    private static CommandLine agentLine(final Terminal terminal)
    {
        return new CommandLine(command("agent", terminal))
            .addSubcommand("topology", new AgentTopologyCommand(terminal))
            .addSubcommand("allocate", new AgentAllocateCommand(terminal));
    }

    /** One command; a switch, so that the classes of the others are not even loaded. */
    static Object command(final String name, final Terminal terminal)
    {
        return switch (name)
        {
            case "demo" -> new DemoCommand(terminal);
            case "up" -> new UpCommand(terminal);
            case "manager" -> new ManagerCommand(terminal);
            case "agent" -> new AgentCommand(terminal);
            case "run" -> new RunCommand(terminal);
            case "submit" -> new SubmitCommand(terminal);
            case "template" -> new TemplateCommand(terminal);
            case "ps" -> new PsCommand(terminal);
            case "show" -> new ShowCommand(terminal);
            case "graph" -> new GraphCommand(terminal);
            case "explain" -> new ExplainCommand(terminal);
            case "logs" -> new LogsCommand(terminal);
            case "exec" -> new ExecCommand(terminal);
            case "shell" -> new ShellCommand(terminal);
            case "attach" -> new AttachCommand(terminal);
            case "cp" -> new CopyCommand(terminal);
            case "cancel" -> new CancelCommand(terminal);
            case "update" -> new UpdateCommand(terminal);
            case "wait" -> new WaitCommand(terminal);
            case "top" -> new TopCommand(terminal);
            case "usage" -> new UsageCommand(terminal);
            case "queue" -> new QueueCommand(terminal);
            case "agents" -> new AgentsCommand(terminal);
            case "drain" -> new DrainCommand(terminal);
            case "resume" -> new ResumeCommand(terminal);
            case "groups" -> new GroupsCommand(terminal);
            case "group" -> new GroupCommand(terminal);
            case "account" -> new AccountCommand(terminal);
            case "whoami" -> new WhoamiCommand(terminal);
            case "recover" -> new RecoverCommand(terminal);
            case "replay" -> new ReplayCommand(terminal);
            case "simulate" -> new SimulateCommand(terminal);
            case "plan" -> new PlanCommand(terminal);
            case "compare" -> new CompareCommand(terminal);
            case "simulate-faults" -> new SimulateFaultsCommand(terminal);
            case "bench" -> new BenchCommand(terminal);
            case "doctor" -> new DoctorCommand(terminal);
            case HELP -> new HelpCommand(terminal);
            case "version" -> new VersionCommand(terminal);
            default -> throw new IllegalStateException("name=" + name);
        };
    }

    /** What {@code plimsoll} alone answers. */
    @Command(
        name = "plimsoll",
        mixinStandardHelpOptions = true,
        versionProvider = VersionCommand.Provider.class,
        description = "A cluster manager for compute sessions.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Start with:  plimsoll demo",
            "Then:        plimsoll up  and, in another terminal,  plimsoll run -- echo hello",
            "Each command has its own help:  plimsoll help run"})
    static final class Root implements Runnable
    {
        private final Terminal terminal;

        @Spec
        private CommandSpec spec;

        Root(final Terminal terminal)
        {
            this.terminal = terminal;
        }

        @Override
        public void run()
        {
            if (!spec.commandLine().getParseResult().originalArgs().isEmpty())
            {
                throw new ParameterException(spec.commandLine(), "a command is missing");
            }
            spec.commandLine().usage(terminal.out());
        }
    }
}
