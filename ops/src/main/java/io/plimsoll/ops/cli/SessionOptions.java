package io.plimsoll.ops.cli;

import io.plimsoll.transport.Amounts;
import java.lang.reflect.Field;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What a session can ask for; the same for run and submit. */
final class SessionOptions
{
    private static final String SCRATCH = "-";
    private static final String ANY = "any:";
    private static final Set<Class<?>> OPTIONS =
        Set.of(SessionOptions.class, PlacementOptions.class, ContainerOptions.class);

    @Option(
        names = "--cpu",
        paramLabel = "CORES",
        converter = AmountOption.Cpu.class,
        description = "Cores for each kernel, such as 2, 0.5 or 250m; 1 by default.")
    private String cpu;

    @Option(
        names = "--mem",
        paramLabel = "SIZE",
        converter = AmountOption.Size.class,
        description = "Memory for each kernel, such as 512m or 2g (1024-based).")
    private String mem;

    @Option(
        names = "--gpu",
        paramLabel = "N",
        description = "GPUs for each kernel: whole ones, the same as --slot cuda.device=N, or shares such as 0.5, " +
            "the same as --slot cuda.shares=500 (thousandths) or 0.5.")
    private BigDecimal gpus;

    @Option(
        names = "--slot",
        paramLabel = "NAME=N",
        description = "Another countable resource for each kernel; repeatable.")
    private Map<String, String> slots = new LinkedHashMap<>();

    @Option(
        names = "--kernels",
        paramLabel = "N",
        description = "Kernels that start together or not at all; 1 by default.")
    private Integer kernels;

    @Option(
        names = "--kernel",
        paramLabel = "AMOUNTS",
        converter = KernelOption.class,
        description = "Kernels that need something else than the others, in the order of their indexes: " +
            "cpu=8,mem=32g,gpu=1,count=3, and other slots by their names. Then there is no --cpu, --mem, --gpu, " +
            "--slot or --kernels; repeatable.")
    private List<Map<String, Object>> parts = new ArrayList<>();

    @Option(names = "--name", paramLabel = "NAME", description = "A name for people; need not be unique.")
    private String name;

    @Option(
        names = "--env",
        paramLabel = "K=V",
        description = "Environment variable of the command; K alone passes on your own; repeatable.")
    private List<String> environment = new ArrayList<>();

    @Option(
        names = "--cwd",
        paramLabel = "DIR",
        description = "Where the command runs: by default the current directory, which must exist on the agent too; " +
            "- for a fresh directory of its own, which is the default of containers.")
    private String directory;

    @Option(names = "--priority", paramLabel = "P", description = "0 to 100, higher first; 10 by default.")
    private Integer priority;

    @Option(
        names = "--after",
        paramLabel = "ID",
        description = "Starts when these have succeeded: an id, a range such as 5-204, or several with commas; " +
            "any:5-204 waits for their end, however they end; repeatable.")
    private List<String> after = new ArrayList<>();

    @Option(
        names = "--timeout",
        paramLabel = "D",
        converter = AmountOption.Duration.class,
        description = "Longest run time, such as 90s or 1h30m; it is ended after that.")
    private String timeout;

    @Option(
        names = "--idle-timeout",
        paramLabel = "D",
        converter = AmountOption.Duration.class,
        description = "Ends it when nothing has gone in or out for so long, such as 2h; see docs/IDLE.md.")
    private String idleTimeout;

    @Option(
        names = "--low-use-window",
        paramLabel = "D",
        converter = AmountOption.Duration.class,
        description = "Ends it when it has used next to nothing of its cores and GPUs for so long.")
    private String lowUseWindow;

    @Option(
        names = "--callback",
        paramLabel = "URL",
        description = "Is told of each state of it, signed and in order; see docs/CALLBACKS.md.")
    private String callback;

    @Option(
        names = "--type",
        paramLabel = "TYPE",
        description = "batch (default), interactive, inference or system.")
    private SessionType type;

    @Option(
        names = "--on-loss",
        paramLabel = "wait|restart",
        description = "If its agent is lost: wait for it to come back (default), or start again elsewhere.")
    private OnLoss onLoss;

    @Option(names = "--group", paramLabel = "GROUP", description = "Resource group; 'default' by default.")
    private String group;

    @Option(
        names = "--account", paramLabel = "NAME", description = "Account that it counts for, by name or number.")
    private String account;

    @Option(
        names = "--project",
        paramLabel = "NAME",
        description = "Project that it counts for; your default one unless said.")
    private String project;

    @Option(
        names = "--stdin",
        description = "Gives the command input: with run that of this client, with which it ends; with submit " +
            "that of whoever attaches (plimsoll attach), and it does not end.")
    private boolean stdin;

    @Option(
        names = "--tty",
        description = "Gives the command a terminal, and with it input, for run this one. It goes on " +
            "when the client leaves (" + DetachKeys.DEFAULT + "): plimsoll attach joins it again.")
    private boolean tty;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Mixin
    private PlacementOptions placement;

    @Mixin
    private ContainerOptions container;

    /** The session as the API takes it; what was not said is left to the manager. */
    Map<String, Object> session(final Terminal terminal, final List<String> command)
    {
        final Map<String, Object> session = new LinkedHashMap<>();
        put(session, "name", name);
        put(session, "group", group);
        put(session, "account", account);
        put(session, "project", project);
        put(session, "type", null == type ? null : type.name());
        put(session, "priority", priority);
        put(session, "kernels", parts.isEmpty() ? kernels : checkedParts());
        put(session, "cpu", cpu);
        put(session, "mem", mem);
        put(session, "slots", slotAmounts());
        put(session, "timeout", timeout);
        put(session, "idleTimeout", idleTimeout);
        put(session, "lowUseWindow", lowUseWindow);
        put(session, "callback", callback);
        put(session, "onLoss", null == onLoss ? null : onLoss.name());
        put(session, "after", dependencies(false));
        put(session, "afterAny", dependencies(true));
        put(session, "gpu", gpus);
        placement.putTo(session);
        container.putTo(session);
        put(session, "stdin", stdin || tty ? true : null);
        put(session, "tty", tty ? true : null);
        session.put("command", command);
        put(session, "env", variables(terminal));
        put(session, "cwd", workingDirectory(terminal));
        return session;
    }

    /** The same where a template says what is not said here. */
    Map<String, Object> session(final Terminal terminal, final List<String> command, final String template)
    {
        final Map<String, Object> session = session(terminal, command);
        session.put("template", template);
        if (command.isEmpty())
        {
            session.remove("command");
        }
        if (null == directory)
        {
            session.remove("cwd");
        }
        return session;
    }

    /** One of these options that was given; null: none. */
    String given()
    {
        for (final OptionSpec option : command.commandLine().getParseResult().matchedOptions())
        {
            if (option.userObject() instanceof final Field field && OPTIONS.contains(field.getDeclaringClass()))
            {
                return option.longestName();
            }
        }
        return null;
    }

    boolean hasInput()
    {
        return stdin || tty;
    }

    boolean hasTerminal()
    {
        return tty;
    }

    int kernels()
    {
        int count = 0;
        for (final Map<String, Object> part : parts)
        {
            count += ((Number)part.getOrDefault(KernelOption.COUNT, 1)).intValue();
        }
        return 0 != count ? count : null == kernels ? 1 : kernels;
    }

    private List<Map<String, Object>> checkedParts()
    {
        if (null != kernels || null != cpu || null != mem || null != gpus || !slots.isEmpty())
        {
            throw new CliException(
                ExitCode.USAGE,
                "--kernel says what its kernels need: leave out --cpu, --mem, --gpu, --slot and --kernels");
        }
        return parts;
    }

    private Map<String, Object> slotAmounts()
    {
        final Map<String, Object> amounts = new LinkedHashMap<>();
        slots.forEach((slot, amount) -> amounts.put(slot, amountOf(slot, amount)));
        return amounts.isEmpty() ? null : amounts;
    }

    private static long amountOf(final String slot, final String text)
    {
        try
        {
            return Amounts.ofSlot(slot, text);
        }
        catch (final IllegalArgumentException ex)
        {
            throw new CliException(ExitCode.USAGE, "--slot " + slot + ": " + ex.getMessage());
        }
    }

    /** Those that must succeed, or those of which any end will do; null if there are none. */
    private List<String> dependencies(final boolean any)
    {
        final List<String> ids = new ArrayList<>();
        for (final String entry : after)
        {
            if (any == entry.startsWith(ANY))
            {
                ids.add(any ? entry.substring(ANY.length()) : entry);
            }
        }
        return ids.isEmpty() ? null : IdRanges.parse(ids).texts();
    }

    private Map<String, Object> variables(final Terminal terminal)
    {
        final Map<String, Object> variables = new LinkedHashMap<>();
        for (final String entry : environment)
        {
            final int equals = entry.indexOf('=');
            if (0 == equals || entry.isEmpty())
            {
                throw new CliException(ExitCode.USAGE, "--env: '" + entry + "' has no name; it looks like NAME=VALUE");
            }
            if (equals < 0)
            {
                put(variables, entry, terminal.environment().get(entry));
            }
            else
            {
                variables.put(entry.substring(0, equals), entry.substring(equals + 1));
            }
        }
        return variables.isEmpty() ? null : variables;
    }

    private String workingDirectory(final Terminal terminal)
    {
        // A container does not have the directories of this machine.
        if (SCRATCH.equals(directory) || null == directory && container.isContainer())
        {
            return null;
        }
        if (container.isContainer() && directory.startsWith("/"))
        {
            return directory;
        }
        final Path path = null == directory ? terminal.directory() : terminal.path(directory);
        return path.toString();
    }

    private static void put(final Map<String, Object> map, final String key, final Object value)
    {
        if (null != value)
        {
            map.put(key, value);
        }
    }

    /** Names as in the API. */
    enum SessionType
    {
        batch, interactive, inference, system
    }

    /** Names as in the API. */
    enum OnLoss
    {
        wait, restart
    }
}
