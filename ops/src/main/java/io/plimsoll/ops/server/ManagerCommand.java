package io.plimsoll.ops.server;

import io.plimsoll.ops.cli.ExitCode;
import io.plimsoll.ops.cli.Terminal;
import java.io.IOException;
import java.io.OutputStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

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

    @Option(
        names = "--ends-with-input",
        description = "Ends when its standard input does: for programs that start it as a part of themselves, and " +
            "may be killed.")
    private boolean endsWithInput;

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
        if (endsWithInput)
        {
            final Thread thread = new Thread(ManagerCommand::endWithInput, "input");
            thread.setDaemon(true);
            thread.start();
        }
        return Node.start(source, true, false);
    }

    private static void endWithInput()
    {
        try
        {
            System.in.transferTo(OutputStream.nullOutputStream());
        }
        catch (final IOException broken)
        {
            // As good as its end.
        }
        System.exit(ExitCode.OK);
    }
}
