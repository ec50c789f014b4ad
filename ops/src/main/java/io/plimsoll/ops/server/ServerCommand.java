package io.plimsoll.ops.server;

import io.plimsoll.ops.cli.ExitCode;
import io.plimsoll.ops.cli.JsonValue;
import io.plimsoll.ops.cli.Terminal;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Option;

/** A command that runs a part of the cluster until it is told to stop, by SIGTERM or Ctrl-C. */
abstract class ServerCommand implements Callable<Integer>
{
    private final Terminal terminal;

    @Option(
        names = "--data",
        paramLabel = "DIR",
        description = "Data directory: journal, kernels, logs, tokens; ~/.plimsoll by default.")
    private String data;

    @Option(names = "--config", paramLabel = "FILE", description = "YAML file; see docs/CONFIGURATION.md.")
    private String config;

    @Option(
        names = "--etcd",
        paramLabel = "HOST:PORT",
        split = ",",
        description = "Endpoints of an etcd that has more of the configuration; see docs/CONFIGURATION.md.")
    private List<String> etcd;

    @Option(
        names = "--etcd-prefix",
        paramLabel = "/PATH",
        description = "Where in etcd this cluster's keys are; /plimsoll/default by default.")
    private String etcdPrefix;

    @Option(
        names = {"-o", "--output"},
        paramLabel = "table|json",
        description = "Form of the message that says that it runs.")
    private DemoCommand.Form output = DemoCommand.Form.table;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Shows this help.")
    private boolean help;

    ServerCommand(final Terminal terminal)
    {
        this.terminal = terminal;
    }

    abstract void putOver(ConfigNode root);

    abstract Node start(SettingsSource source);

    @Override
    public final Integer call() throws Exception
    {
        final SettingsSource source = new SettingsSource(terminal, config, terminal.environment(), root ->
        {
            root.override("data", data);
            root.section("etcd").override("endpoints", etcd, "--etcd");
            root.section("etcd").override("prefix", etcdPrefix, "--etcd-prefix");
            putOver(root);
        });
        final Node node = start(source);
        final CountDownLatch closed = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(
            () ->
            {
                node.close();
                closed.countDown();
            },
            "stop"));
        if (DemoCommand.Form.json == output)
        {
            terminal.out().println(JsonValue.of(node.facts()));
        }
        else
        {
            node.messages().forEach(terminal.out()::println);
        }
        terminal.out().flush();
        closed.await();
        return ExitCode.OK;
    }
}
