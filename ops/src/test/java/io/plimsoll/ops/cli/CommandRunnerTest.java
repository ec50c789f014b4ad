package io.plimsoll.ops.cli;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.AnnotatedElement;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class CommandRunnerTest
{
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Map<String, String> environment = new HashMap<>();

    @TempDir
    private Path home;

    @ParameterizedTest
    @ValueSource(strings = {
        "demo", "up", "manager", "agent", "config check", "config show", "run", "submit", "ps", "show", "graph",
        "logs", "exec", "shell",
        "attach", "cp", "update", "cancel", "wait", "top", "queue",
        "agents", "drain", "resume", "recover", "journal", "replay", "simulate", "simulate-faults", "bench", "doctor",
        "help", "version"})
    void shouldHelpWithExamples(final String command)
    {
        assertEquals(ExitCode.OK, run((command + " --help").split(" ")));
        assertTrue(out().contains("Usage: plimsoll " + command), out());
        assertTrue(out().contains("Examples:"), out());
        assertEquals("", err());
    }

    @Test
    void shouldListCommandsWithoutArguments()
    {
        assertEquals(ExitCode.OK, run());
        assertTrue(out().contains("plimsoll demo"), out());
        assertTrue(out().contains("submit"), out());
    }

    /** The list of commands shows the first line of each description. */
    @Test
    void shouldSayInOneSentenceWhatACommandDoes()
    {
        Commands.create(terminal()).getSubcommands().forEach(
            (name, command) -> assertTrue(
                command.getCommandSpec().usageMessage().description()[0].endsWith("."), name));
    }

    /** Help goes through a formatter, which takes a percent sign that is not doubled for a format. */
    @Test
    void shouldFormatAllHelp()
    {
        Commands.create(terminal()).getSubcommands().forEach(CommandRunnerTest::checkFormats);
    }

    private static void checkFormats(final String name, final CommandLine command)
    {
        command.getCommandSpec().args().forEach(argument ->
        {
            if (argument.userObject() instanceof final AnnotatedElement element)
            {
                final CommandLine.Option option = element.getAnnotation(CommandLine.Option.class);
                for (final String text : null == option ? new String[0] : option.description())
                {
                    assertDoesNotThrow(() -> String.format(Locale.ROOT, text), name + ": " + text);
                }
            }
        });
        command.getSubcommands().forEach((below, each) -> checkFormats(name + " " + below, each));
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '"', value = {
        "run --mem 1x -- true, 1x is not a size",
        "run --cpu many -- true, many is not a number of cores",
        "run --timeout 5 -- true, 5 is not a duration",
        "run --kernel cpu=2 --cpu 3 -- true, leave out --cpu",
        "run --kernel cpu -- true, 'cpu' is no amount",
        "run --kernel mem=1x -- true, mem: ",
        "run --colour red -- true, Unknown option: '--colour'",
        "run, a command is missing",
        "submit, a command is missing",
        "submit --count 0 -- true, --count",
        "submit -f nowhere.yaml, cannot be read",
        "ps --state ASLEEP, 'ASLEEP' is not a state",
        "show seventeen, 'seventeen' is not a session id",
        "cancel 9-7, '9-7' is not a session id",
        "wait, say which: either ids",
        "config, \"a command is missing: check or show\"",
        "config check, Missing required parameter",
        "config check nowhere.yaml, configuration nowhere.yaml: cannot be read",
        "recover, --accept-loss",
        "agent topology --sysfs nowhere, is not a directory",
        "agent topology --sysfs ., holds no processors",
        "agent topologyy, there is no command 'topologyy' of plimsoll agent; did you mean topology",
        "agents topologie, there is no command 'topologie' of plimsoll agents; did you mean topology",
        "admin, a command is missing: domain",
        "admin project create, create needs the name of a project",
        "admin user create ana colour, 'colour' says nothing",
        "admin user add ana bo, only projects have members",
        "admin project add vision, add needs a project and users",
        "admin keypair show user=ana, show needs the access key of a keypair",
        "admin domain delete research active=false, delete takes no active=false",
        "admin audit --limit 0, --limit",
        "frobnicate, \"there is no command 'frobnicate'; see plimsoll --help\"",
        "frobnicate --help, there is no command 'frobnicate'",
        "agent topologyy --help, there is no command 'topologyy' of plimsoll agent; did you mean topology",
        "simulat, there is no command 'simulat'; did you mean simulate",
        "pss, there is no command 'pss'; did you mean ps;",
        "help simulat, there is no command 'simulat'; did you mean simulate",
        "help agent topologyy, there is no command 'topologyy' of plimsoll agent; did you mean topology",
        "help ps topology, there is no command 'topology' of plimsoll ps; see plimsoll ps --help",
        "exec -e B 1 -- true, \"Value for option '--env' (NAME=VALUE) should be in KEY=VALUE format but was B\"",
        "ps -q, \"Unknown option: '-q'; see plimsoll ps --help\"",
        "ps --frobnicate, \"Unknown option: '--frobnicate'; see plimsoll ps --help\"",
        "ps --url ftp://x, not the address of a manager"})
    void shouldExplainMisuse(final String command, final String expected)
    {
        assertEquals(ExitCode.USAGE, run(command.split(" ")), err());
        assertTrue(err().contains(expected), err());
        assertEquals(1, err().lines().count(), err());
        assertEquals("", out());
    }

    @Test
    void shouldSuggestSimilarOptions()
    {
        assertEquals(ExitCode.USAGE, run("ps", "--stat", "RUNNING"));
        assertTrue(err().contains("did you mean --state"), err());
        assertEquals(ExitCode.USAGE, run("ps", "--satte=RUNNING"));
        assertTrue(err().contains("did you mean --state"), err());
    }

    @ParameterizedTest
    @ValueSource(strings = {"simulate", "agent topology", "replay", "admin user", "help", "run"})
    void shouldPrintTheHelpOfACommand(final String command)
    {
        assertEquals(ExitCode.OK, run((command + " --help").split(" ")));
        final String itself = out();
        assertEquals(ExitCode.OK, run(("help " + command).split(" ")), err());
        assertEquals(itself, out());
        assertEquals("", err());
    }

    @Test
    void shouldListCommandsWhenAskedForHelp()
    {
        assertEquals(ExitCode.OK, run("--help"));
        final String list = out();
        assertEquals(ExitCode.OK, run("help"));
        assertEquals(list, out());
    }

    @Test
    void shouldSayThatNobodyListens() throws IOException
    {
        try (Socket silent = new Socket())
        {
            // Held by a socket that does not listen: a port that was only free may be anybody's in the next moment.
            silent.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            environment.put("PLIMSOLL_URL", "http://127.0.0.1:" + silent.getLocalPort());
            assertEquals(ExitCode.UNREACHABLE, run("ps"));
        }
        assertTrue(err().contains("start one with: plimsoll up"), err());
        assertFalse(err().contains("Exception"), err());
    }

    @Test
    void shouldSayThatADirectoryHasNoManager()
    {
        assertEquals(ExitCode.UNREACHABLE, run("ps", "--data", "nowhere"));
        assertTrue(err().contains("plimsoll up --data nowhere"), err());
    }

    @Test
    void shouldPrintItsVersion()
    {
        assertEquals(ExitCode.OK, run("version"));
        assertTrue(out().startsWith("plimsoll "), out());
        assertEquals(ExitCode.OK, run("version", "-o", "json"));
        assertTrue(out().contains("\"version\""), out());
    }

    /** What asks for more than there is is no mistake of the program. */
    @Test
    void shouldSayThatMemoryIsNotEnough()
    {
        final PrintStream full = new PrintStream(out, true, StandardCharsets.UTF_8)
        {
            @Override
            public void println(final String line)
            {
                throw new OutOfMemoryError("Java heap space");
            }
        };
        final PrintStream errors = new PrintStream(err, true, StandardCharsets.UTF_8);
        assertEquals(
            ExitCode.OVERLOADED,
            new CommandRunner(new Terminal(full, errors, environment, home, home)).run("version"));
        assertTrue(err().startsWith("plimsoll: this takes more memory than there is"), err());
        assertTrue(err().contains("PLIMSOLL_JAVA_OPTS"), err());
    }

    private int run(final String... args)
    {
        out.reset();
        err.reset();
        return new CommandRunner(terminal()).run(args);
    }

    private String out()
    {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err()
    {
        return err.toString(StandardCharsets.UTF_8);
    }

    private Terminal terminal()
    {
        return new Terminal(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            environment,
            home,
            home);
    }
}
