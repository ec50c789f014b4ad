package io.plimsoll.ops.server;

import io.plimsoll.ops.cli.CliException;
import io.plimsoll.ops.cli.ExitCode;
import io.plimsoll.ops.cli.Terminal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows in some seconds what Plimsoll does, on this machine alone, and leaves nothing behind. */
@Command(
    name = "demo",
    description = {
        "Runs real sessions on a manager and an agent of its own, and shows what happened.",
        "They have a directory of their own, which is removed. Needs no configuration, no network and no root.",
        "Exits with 0 if all went as it should."},
    footerHeading = "%nExamples:%n",
    footer = {"  plimsoll demo", "  plimsoll demo --array 1000 --each"})
public final class DemoCommand implements Callable<Integer>
{
    private final Terminal terminal;

    @Option(names = "--array", paramLabel = "N", description = "Size of the job array; 200 by default.")
    private int arraySize = 200;

    @Option(names = "--each", description = "Shows a row for each session of the array.")
    private boolean each;

    @Option(names = "--keep", description = "Keeps the directory, with journal and logs, and says where it is.")
    private boolean keep;

    @Option(names = {"-o", "--output"}, paramLabel = "table|json", description = "Form of the result.")
    private Form output = Form.table;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Shows this help.")
    private boolean help;

    /**
     * The command.
     *
     * @param terminal that it writes to.
     */
    public DemoCommand(final Terminal terminal)
    {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception
    {
        if (arraySize < 1 || arraySize > 100_000)
        {
            throw new CliException(ExitCode.USAGE, "--array: from 1 to 100000, not " + arraySize);
        }
        final Path directory = Files.createTempDirectory("plimsoll-demo-");
        final DemoCleanup cleanup = new DemoCleanup(directory, keep);
        // Ctrl-C must not leave processes or files behind either.
        final Thread hook = new Thread(cleanup::run, "demo-cleanup");
        Runtime.getRuntime().addShutdownHook(hook);
        try
        {
            final Demo demo = new Demo(terminal, arraySize, each, Form.json == output);
            demo.say("starting a manager and an agent in " + directory);
            final Node node = Node.start(DemoSettings.of(terminal, directory), true, true);
            cleanup.node(node);
            final boolean isWell = demo.run(node.api());
            demo.say(keep ? "stopping; kept " + directory : "stopping and cleaning up");
            return isWell && cleanup.run() ? ExitCode.OK : ExitCode.FAILED;
        }
        finally
        {
            cleanup.run();
            removeHook(hook);
        }
    }

    private static void removeHook(final Thread hook)
    {
        try
        {
            Runtime.getRuntime().removeShutdownHook(hook);
        }
        catch (final IllegalStateException shuttingDown)
        {
            // The hook runs, or has nothing left to do.
            hook.isAlive();
        }
    }

    /** How the result is shown. */
    enum Form
    {
        table, json
    }
}
