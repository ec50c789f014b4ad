package io.plimsoll.ops.server;

import io.plimsoll.ops.cli.Terminal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** See its description. */
@Command(
    name = "agent",
    sortOptions = false,
    description = {
        "Runs an agent, which runs kernels for a manager. It joins once with a token; after that it is known.",
        "Kernels go on when it stops, and are taken up at the next start on the same data directory."},
    synopsisHeading = "Usage: ",
    synopsisSubcommandLabel = "[COMMAND]",
    optionListHeading = "%nOptions:%n",
    commandListHeading = "%nCommands:%n",
    footerHeading = "%nExamples:%n",
    footer = {"  plimsoll agent --manager 10.0.0.1:7078 --join-token-file join-token --data /srv/agent",
        "  plimsoll agent --manager 10.0.0.1:7078 --cpu 8 --mem 32g --slot license.matlab=2",
        "  plimsoll agent topology"})
public final class AgentCommand extends ServerCommand
{
    @Mixin
    private AgentOptionsMixin agentOptions;

    @Option(
        names = "--manager",
        paramLabel = "HOST:PORT",
        description = "Where the manager listens for agents, or the URL of its API; 127.0.0.1:7078 by default.")
    private String manager;

    @Option(
        names = "--join-token-file",
        paramLabel = "FILE",
        description = "File with the token to join with (or PLIMSOLL_JOIN_TOKEN); needed once.")
    private String joinTokenFile;

    /**
     * The command.
     *
     * @param terminal that it writes to.
     */
    public AgentCommand(final Terminal terminal)
    {
        super(terminal);
    }

    @Override
    void putOver(final ConfigNode root)
    {
        agentOptions.putOver(root);
        root.section("agent").override("manager", manager);
        root.section("agent").override("join-token-file", joinTokenFile);
    }

    @Override
    Node start(final SettingsSource source)
    {
        return Node.start(source, false, true);
    }
}
