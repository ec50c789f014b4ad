package io.plimsoll.ops.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Tells the manager whether an agent may get new work. */
@Command(
    name = "drain",
    description = "Keeps new work away from an agent; what runs on it goes on.",
    footer = {"  plimsoll drain node-7", "  plimsoll drain 3"})
final class DrainCommand extends ClientCommand
{
    @Parameters(paramLabel = "AGENT", description = "Name or id of the agent.")
    private String agent;

    DrainCommand(final Terminal terminal)
    {
        super(terminal);
    }

    @Override
    int run(final Api api)
    {
        final JsonValue changed = api.post("/v1/agents/" + Api.encode(agent) + "/drain", null);
        if (json())
        {
            print(changed);
        }
        else
        {
            print("agent " + agent + " is drained");
        }
        return ExitCode.OK;
    }
}
