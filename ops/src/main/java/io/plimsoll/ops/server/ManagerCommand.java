package io.plimsoll.ops.server;

import io.plimsoll.ops.cli.Terminal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** See its description. */
@Command(
    name = "manager",
    sortOptions = false,
    description = {
        "Runs a manager without an agent.",
        "Agents join with the token that it keeps in its data directory:",
        "plimsoll agent --manager HOST:PORT --join-token-file DIR/join-token"},
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {"  plimsoll manager --data /srv/plimsoll --agent-listen 10.0.0.1:7078"})
public final class ManagerCommand extends ServerCommand
{
    @Mixin
    private ManagerOptions managerOptions;

    /**
     * The command.
     *
     * @param terminal that it writes to.
     */
    public ManagerCommand(final Terminal terminal)
    {
        super(terminal);
    }

    @Override
    void putOver(final ConfigNode root)
    {
        managerOptions.putOver(root);
    }

    @Override
    Node start(final SettingsSource source)
    {
        return Node.start(source, true, false);
    }
}
