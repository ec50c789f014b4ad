package io.plimsoll.ops.server;

import io.plimsoll.ops.cli.Terminal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** See its description. */
@Command(
    name = "up",
    sortOptions = false,
    description = {
        "Runs a manager and one agent in this process, until Ctrl-C or SIGTERM.",
        "Sessions that run go on when it stops, and are taken up at the next start on the same data directory."},
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
        "  plimsoll up",
        "  plimsoll up --data /srv/plimsoll --listen 127.0.0.1:7077",
        "  plimsoll up --config plimsoll.yaml"})
public final class UpCommand extends ServerCommand
{
    @Mixin
    private ManagerOptions managerOptions;

    @Mixin
    private AgentOptionsMixin agentOptions;

    /**
     * The command.
     *
     * @param terminal that it writes to.
     */
    public UpCommand(final Terminal terminal)
    {
        super(terminal);
    }

    @Override
    void putOver(final ConfigNode root)
    {
        managerOptions.putOver(root);
        agentOptions.putOver(root);
    }

    @Override
    Node start(final SettingsSource source)
    {
        return Node.start(source, true, true);
    }
}
