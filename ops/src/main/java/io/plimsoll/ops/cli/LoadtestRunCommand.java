package io.plimsoll.ops.cli;

import io.plimsoll.loadtest.live.ForeignManager;
import io.plimsoll.loadtest.live.LiveManager;
import io.plimsoll.loadtest.live.LoadException;
import io.plimsoll.loadtest.live.LoadJson;
import io.plimsoll.loadtest.live.LoadPlan;
import io.plimsoll.loadtest.live.LoadResult;
import io.plimsoll.loadtest.live.LoadRun;
import io.plimsoll.loadtest.live.OwnManager;
import io.plimsoll.loadtest.live.SubmitApi;
import io.plimsoll.loadtest.page.LoadPage;
import io.plimsoll.transport.auth.JoinToken;
import io.plimsoll.transport.http.ApiCredential;
import io.plimsoll.transport.http.ApiTarget;
import io.plimsoll.transport.http.ClientTls;
import io.plimsoll.transport.link.ManagerDiscovery;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Drives a manager until it has done it all, or breaks. */
@Command(
    name = "run",
    sortOptions = false,
    synopsisHeading = "Usage: ",
    descriptionHeading = "%n",
    optionListHeading = "%nOptions:%n",
    description = {
        "Runs sessions on simulated agents against a manager, and checks that none was lost or done twice.",
        "Unless --url or --data names a manager, one is started for it, and ended with it. Latencies count from when a",
        "session should have been submitted, so that a manager that falls behind does not look fast.",
        "Exits with 1 if anything was lost or doubled. docs/LOADTEST.md says what is measured."},
    footerHeading = "%nExamples:%n",
    footer = {
        "  plimsoll loadtest run --agents 1000 --sessions 100000",
        "  plimsoll loadtest run --agents 1000 --rate 2000 --sessions 120000 --reads 0.2 -o json",
        "  plimsoll loadtest run --agents 1000 --steps 1000,2000,5000 --step-time 30s",
        "  plimsoll loadtest run --agents 1000 --ramp 500 --out ramp.json",
        "  plimsoll loadtest run --agents 1000 --sessions 100000 --api binary",
        "  plimsoll loadtest run --agents 200 --rate 500 --sessions 30000 --chaos kill=20s --chaos flap=10",
        "  plimsoll loadtest run --data /srv/plimsoll --agents 100 --sessions 10000"})
final class LoadtestRunCommand implements Callable<Integer>
{
    private static final String LOG_LEVEL = "plimsoll.log.level";
    private static final String LAUNCHER_PROPERTY = "plimsoll.launcher";
    private static final int DISCOVERY_TIMEOUT_MS = 10_000;

    private final Terminal terminal;

    @Mixin
    private LoadtestOptions options = new LoadtestOptions();

    @Mixin
    private ConnectionOptions connection = new ConnectionOptions();

    @Option(
        names = "--join-token-file",
        paramLabel = "FILE",
        description = "With which the agents join the manager of --url (or PLIMSOLL_JOIN_TOKEN).")
    private String joinTokenFile;

    @Option(
        names = "--binary",
        paramLabel = "HOST:PORT",
        description = "Binary ingress of the manager of --url or --data, with --api binary.")
    private String binary;

    @Option(
        names = "--gone-after",
        paramLabel = "DURATION",
        description = "How long nobody may listen at a manager of --url or --data until it counts as gone; 5s " +
            "unless told.")
    private String goneAfter;

    @Option(
        names = "--durability",
        paramLabel = "sync|async",
        description = "Of the manager that is started: sync unless told.")
    private Durability durability;

    @Option(
        names = "--work-dir",
        paramLabel = "DIR",
        description = "In which the directory of the manager that is started is made; the temporary one unless told.")
    private String workDirectory;

    @Option(names = "--out", paramLabel = "FILE", description = "Writes the JSON object to a file, too.")
    private String out;

    @Option(names = {"-o", "--output"}, paramLabel = "table|json", description = "Form of the answer.")
    private OutputFormat output = OutputFormat.table;

    @Mixin
    private ShownOptions shown = new ShownOptions();

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Shows this help.")
    private boolean help;

    LoadtestRunCommand(final Terminal terminal)
    {
        this.terminal = terminal;
    }

    @Override
    public Integer call()
    {
        final LoadPlan plan = options.plan();
        refuseWhatIsOfTheOther();
        // Agents that lose their link say so, each of them, and here that is what they are for.
        System.setProperty(LOG_LEVEL, System.getProperty(LOG_LEVEL, "OFF"));
        final List<Path> inputs = new ArrayList<>(connection.inputs(terminal));
        if (null != joinTokenFile)
        {
            inputs.add(terminal.path(joinTokenFile));
        }
        try (OutputFile file = OutputFile.open("--out", out, terminal, inputs);
            OutputFile page = shown.page(terminal, inputs);
            LoadtestEnd end = new LoadtestEnd())
        {
            return run(plan, file, page, end);
        }
        catch (final LoadException ex)
        {
            throw new CliException(
                switch (ex.kind())
                {
                    case USAGE -> ExitCode.USAGE;
                    case UNREACHABLE -> ExitCode.UNREACHABLE;
                    case REFUSED -> ExitCode.REJECTED;
                    case SHORT -> ExitCode.OVERLOADED;
                },
                ex.getMessage());
        }
    }

    /** What is said of a manager that is started goes without one that is named, and the other way round. */
    private void refuseWhatIsOfTheOther()
    {
        final boolean isNamed = connection.isAsked();
        refuse(isNamed, "--durability", durability);
        refuse(isNamed, "--work-dir", workDirectory);
        refuse(!isNamed, "--gone-after", goneAfter);
        refuse(!isNamed, "--join-token-file", joinTokenFile);
    }

    private static void refuse(final boolean isRefused, final String option, final Object value)
    {
        if (isRefused && null != value)
        {
            throw new CliException(ExitCode.USAGE, option + ": " + (option.matches("--(durability|work-dir)") ?
                "is of a manager that is started, and --url or --data names one that runs" :
                "is of a manager that runs: name it with --url or --data"));
        }
    }

    private int run(final LoadPlan plan, final OutputFile file, final OutputFile page, final LoadtestEnd end)
    {
        try (LiveManager manager = manager(); LoadtestProgress progress = progress())
        {
            final LoadRun run = new LoadRun(plan, manager, progress);
            end.of(run, manager);
            final LoadResult result = run.run();
            progress.wipe();
            final String json = LoadJson.write(plan, result);
            report(json, plan, result, file);
            shown.show(
                terminal, page, stream -> LoadPage.html(json, stream), folder -> LoadPage.csv(json, folder));
            if (null != result.failure())
            {
                throw result.failure();
            }
            return result.isSound() ? ExitCode.OK : ExitCode.FAILED;
        }
    }

    private LoadtestProgress progress()
    {
        return new LoadtestProgress(terminal, terminal.isWatched());
    }

    private void report(final String json, final LoadPlan plan, final LoadResult result, final OutputFile file)
    {
        if (null != file)
        {
            file.write(stream -> stream.write((json + "\n").getBytes(StandardCharsets.UTF_8)));
            file.keep();
        }
        if (OutputFormat.json == output)
        {
            terminal.out().println(json);
        }
        else
        {
            LoadtestText.lines(plan, result).forEach(terminal.out()::println);
        }
        terminal.out().flush();
    }

    private LiveManager manager()
    {
        if (null != binary && (!connection.isAsked() || SubmitApi.BINARY != options.api()))
        {
            throw new CliException(
                ExitCode.USAGE, "--binary: names the ingress of a manager of --url or --data, with --api binary");
        }
        if (!connection.isAsked())
        {
            final String launcher = System.getProperty(LAUNCHER_PROPERTY);
            if (null == launcher)
            {
                throw new CliException(
                    ExitCode.USAGE, "no manager can be started without the launcher; name a running one with --url");
            }
            final Path parent = null == workDirectory ?
                Path.of(System.getProperty("java.io.tmpdir")) : terminal.path(workDirectory);
            return new OwnManager(
                List.of(launcher), parent, (null == durability ? Durability.sync : durability).name(),
                SubmitApi.BINARY == options.api());
        }
        if (options.killsManager())
        {
            throw new CliException(
                ExitCode.USAGE, "--chaos kill: only a manager that the load test has started itself is killed");
        }
        final ApiTarget at = SubmitApi.BINARY == options.api() ? binaryTarget() : null;
        final ApiTarget api = connection.target(terminal);
        return new ForeignManager(
            api, agentPort(api), joinToken(), connection.managerPid(terminal),
            LoadtestOptions.durationNs("--gone-after", null == goneAfter ? "5s" : goneAfter),
            null == at ? null : ingress(api, at));
    }

    private static LiveManager.Ingress ingress(final ApiTarget api, final ApiTarget at)
    {
        if (!(api.credential() instanceof final ApiCredential.Bearer bearer))
        {
            throw new CliException(ExitCode.USAGE, "--api binary: the binary ingress takes a token, and none is known");
        }
        final ClientTls tls = api.tls();
        if (api.isTls() && (null == tls || null == tls.authority()))
        {
            throw new CliException(
                ExitCode.USAGE, "--api binary: name the certificates to trust with --ca: the manager uses TLS");
        }
        return new LiveManager.Ingress(
            at.host(), at.port(), bearer.token(), api.isTls() ? tls.authority() : null,
            null == tls ? null : tls.certificate(), null == tls ? null : tls.key());
    }

    private ApiTarget binaryTarget()
    {
        if (null == binary)
        {
            throw new CliException(
                ExitCode.USAGE, "--api binary: name the manager's binary ingress (its binary-listen) with --binary " +
                "HOST:PORT");
        }
        if (!binary.matches("[^/@]+:[0-9]{1,5}"))
        {
            throw new CliException(
                ExitCode.USAGE, "--binary: '" + binary + "' is not HOST:PORT; it looks like 127.0.0.1:7079");
        }
        try
        {
            return ApiTarget.parse(binary, null);
        }
        catch (final IllegalArgumentException ex)
        {
            throw new CliException(
                ExitCode.USAGE, "--binary: '" + binary + "' is not HOST:PORT; it looks like 127.0.0.1:7079");
        }
    }

    private static int agentPort(final ApiTarget api)
    {
        try
        {
            return ManagerDiscovery.agentPort(api, DISCOVERY_TIMEOUT_MS);
        }
        catch (final IOException ex)
        {
            throw new CliException(ExitCode.UNREACHABLE, ex.getMessage());
        }
    }

    private JoinToken joinToken()
    {
        final Path file = null != joinTokenFile ?
            terminal.path(joinTokenFile) : connection.directory(terminal).resolve("join-token");
        final String fromEnvironment = terminal.environment().get("PLIMSOLL_JOIN_TOKEN");
        final boolean isEnvironment = null == joinTokenFile && null != fromEnvironment && !fromEnvironment.isBlank();
        try
        {
            return JoinToken.parse(
                isEnvironment ? fromEnvironment.strip() : Files.readString(file, StandardCharsets.UTF_8).strip());
        }
        catch (final IOException ex)
        {
            throw new CliException(
                ExitCode.USAGE,
                "the join token cannot be read from " + file + "; name its file with --join-token-file");
        }
        catch (final IllegalArgumentException ex)
        {
            throw new CliException(
                ExitCode.USAGE,
                (isEnvironment ? "PLIMSOLL_JOIN_TOKEN" : file.toString()) + ": " + ex.getMessage());
        }
    }

    /** When a change counts as journalled. */
    enum Durability
    {
        sync, async
    }
}
