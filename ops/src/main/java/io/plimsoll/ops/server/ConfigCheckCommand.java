package io.plimsoll.ops.server;

import io.plimsoll.ops.cli.ExitCode;
import io.plimsoll.ops.cli.Terminal;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** See its description. */
@Command(
    name = "check",
    description = {
        "Reads a configuration as a manager or an agent would.",
        "Names the place of every mistake, and exits with 2 if there is one. Variables of the environment count as " +
            "they would there; --file-only leaves them out."},
    synopsisHeading = "Usage: ",
    descriptionHeading = "%n",
    parameterListHeading = "%n",
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {"  plimsoll config check plimsoll.yaml", "  plimsoll config check --file-only plimsoll.yaml"})
final class ConfigCheckCommand implements Callable<Integer>
{
    private final Terminal terminal;

    @Parameters(paramLabel = "FILE", description = "YAML file; see docs/CONFIGURATION.md.")
    private String file;

    @Option(names = "--file-only", description = "Leaves the environment out.")
    private boolean isFileOnly;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Shows this help.")
    private boolean help;

    ConfigCheckCommand(final Terminal terminal)
    {
        this.terminal = terminal;
    }

    @Override
    public Integer call()
    {
        final Map<String, String> environment = isFileOnly ? Map.of() : terminal.environment();
        final Settings settings = Settings.read(new SettingsSource(
            terminal, file, environment, root -> root.override("data", null)));
        settings.warnings().forEach(warning -> terminal.err().println("plimsoll: " + warning));
        final List<ConfigTrace.Entry> entries = settings.trace().entries();
        final long fromFile = count(entries, Origin.Kind.FILE);
        final long fromEnvironment = count(entries, Origin.Kind.ENVIRONMENT);
        terminal.out().println(
            file + ": nothing wrong; of " + entries.size() + " keys, " + fromFile + " stand there" +
                (0 == fromEnvironment ? "" : ", and " + fromEnvironment + " come from the environment"));
        return ExitCode.OK;
    }

    private static long count(final List<ConfigTrace.Entry> entries, final Origin.Kind kind)
    {
        return entries.stream().filter(entry -> kind == entry.origin().kind()).count();
    }
}
