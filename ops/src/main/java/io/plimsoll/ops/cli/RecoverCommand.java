package io.plimsoll.ops.cli;

import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The operator's word that what is lost is lost. */
@Command(
    name = "recover",
    description = {
        "An operator's word where the manager must not decide by itself.",
        "--accept-loss ends the state lost-tail: an agent has seen more than the journal holds, because a disk was",
        "lost or a backup restored. First try to bring the newest journal back; what was lost is gone after this.",
        "--confirm-lost ends a held fail-over: so many agents fell silent at once that it looks like the network."},
    footer = {"  plimsoll recover --accept-loss", "  plimsoll recover --confirm-lost"})
final class RecoverCommand extends ClientCommand
{
    @Option(names = "--accept-loss", description = "Says that the lost end of the journal is given up.")
    private boolean acceptLoss;

    @Option(
        names = "--confirm-lost",
        description = "Says that agents which fell silent together are really gone: their sessions may fail over.")
    private boolean confirmLost;

    RecoverCommand(final Terminal terminal)
    {
        super(terminal);
    }

    @Override
    int run(final Api api)
    {
        if (confirmLost && !acceptLoss)
        {
            final JsonValue released = api.post("/v1/liveness/confirm", Map.of());
            if (json())
            {
                print(released);
            }
            else
            {
                print("fail-over goes on in: " + String.join(", ", Sessions.texts(released.field("released"))));
            }
            return ExitCode.OK;
        }
        if (!acceptLoss || confirmLost)
        {
            throw new CliException(
                ExitCode.USAGE, "say one of --accept-loss and --confirm-lost; see plimsoll recover --help");
        }
        final JsonValue reply = api.post("/v1/recover", Map.of("acceptLoss", true));
        if (json())
        {
            print(reply);
        }
        else
        {
            print("the loss is accepted; work is placed again");
        }
        return ExitCode.OK;
    }
}
