package io.plimsoll.ops.server;

import io.plimsoll.ops.cli.Api;
import io.plimsoll.ops.cli.CliException;
import io.plimsoll.ops.cli.ConnectionOptions;
import io.plimsoll.ops.cli.ExitCode;
import io.plimsoll.ops.cli.JsonValue;
import io.plimsoll.ops.cli.Terminal;
import io.plimsoll.ops.cli.TextTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** See its description. */
@Command(
    name = "show",
    sortOptions = false,
    description = {
        "Shows every key with its value and where that comes from.",
        "So would a manager or an agent be configured that is started here with this file. Secrets are not shown."},
    synopsisHeading = "Usage: ",
    descriptionHeading = "%n",
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
        "  plimsoll config show",
        "  plimsoll config show --config plimsoll.yaml --set",
        "  plimsoll config show --running",
        "  PLIMSOLL_LIVENESS_LOST=90s plimsoll config show -o json"})
final class ConfigShowCommand implements Callable<Integer>
{
    private final Terminal terminal;

    @Option(names = "--config", paramLabel = "FILE", description = "YAML file; see docs/CONFIGURATION.md.")
    private String config;

    @Option(
        names = "--running",
        description = "What a running manager uses, and what of it would be otherwise after a restart.")
    private boolean isRunning;

    @Mixin
    private ConnectionOptions connection;

    @Option(names = "--set", description = "Only what is not as by default.")
    private boolean isSetOnly;

    @Option(names = {"-o", "--output"}, paramLabel = "table|json", description = "Form of the answer.")
    private DemoCommand.Form output = DemoCommand.Form.table;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Shows this help.")
    private boolean help;

    ConfigShowCommand(final Terminal terminal)
    {
        this.terminal = terminal;
    }

    @Override
    public Integer call()
    {
        if (isRunning)
        {
            showRunning();
            return ExitCode.OK;
        }
        final Settings settings = Settings.read(terminal, config, root -> root.override("data", null));
        final List<ConfigTrace.Entry> entries = settings.trace().entries().stream()
            .filter(entry -> !isSetOnly || Origin.Kind.DEFAULT != entry.origin().kind()).toList();
        if (DemoCommand.Form.json == output)
        {
            terminal.out().println(JsonValue.of(facts(entries, settings.warnings())).pretty());
            return ExitCode.OK;
        }
        final TextTable table = new TextTable("KEY", "VALUE", "FROM");
        entries.forEach(entry -> table.row(entry.key(), entry.value(), entry.origin().toString()));
        table.print(terminal.out());
        settings.warnings().forEach(warning -> terminal.err().println("plimsoll: " + warning));
        return ExitCode.OK;
    }

    private void showRunning()
    {
        if (null != config)
        {
            throw new CliException(ExitCode.USAGE, "--running and --config: a manager that runs has read its file");
        }
        final JsonValue answer;
        try (Api api = connection.connect(terminal))
        {
            answer = api.get("/v1/config");
        }
        if (DemoCommand.Form.json == output)
        {
            terminal.out().println(answer.pretty());
            return;
        }
        final TextTable table = new TextTable("KEY", "VALUE", "FROM", "NOTE");
        for (final JsonValue key : answer.field("keys").items())
        {
            if (!isSetOnly || !"default".equals(key.text("from")) || !note(key).isEmpty())
            {
                table.row(key.text("key"), key.text("value"), key.text("from"), note(key));
            }
        }
        table.print(terminal.out());
    }

    private static String note(final JsonValue key)
    {
        final String refused = key.text("refused").isEmpty() ? "" : "refused: " + key.text("refused");
        return key.isTrue("restartNeeded") ?
            "after a restart " + key.text("wanted") + " (" + key.text("wantedFrom") + ") " + refused : refused;
    }

    private static Map<String, Object> facts(final List<ConfigTrace.Entry> entries, final List<String> warnings)
    {
        final List<Object> keys = new ArrayList<>();
        for (final ConfigTrace.Entry entry : entries)
        {
            final Map<String, Object> key = new LinkedHashMap<>();
            key.put("key", entry.key());
            key.put("value", entry.isSecret() || entry.value().isEmpty() ? null : entry.value());
            key.put("source", entry.origin().kind().name().toLowerCase(Locale.ROOT));
            key.put("place", entry.origin().place().isEmpty() ? null : entry.origin().place());
            key.put("line", 0 == entry.origin().line() ? null : entry.origin().line());
            key.put("secret", entry.isSecret());
            key.put("set", Origin.Kind.DEFAULT != entry.origin().kind());
            keys.add(key);
        }
        final Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("keys", keys);
        facts.put("warnings", warnings);
        return facts;
    }
}
