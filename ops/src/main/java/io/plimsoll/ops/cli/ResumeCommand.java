package io.plimsoll.ops.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Tells the manager whether an agent may get new work. */
@Command(
    name = "resume",
    description = "Lets an agent that was drained take work again.",
    footer = {"  plimsoll resume node-7", "  plimsoll resume 3"})
final class ResumeCommand extends ClientCommand
{
    @Parameters(paramLabel = "AGENT", description = "Name or id of the agent.")
    private String agent;

    ResumeCommand(final Terminal terminal)
    {
        super(terminal);
    }

    @Override
    int run(final Api api)
    {
        final JsonValue changed = api.post("/v1/agents/" + Api.encode(agent) + "/resume", null);
        if (json())
        {
            print(changed);
        }
        else
        {
            print("agent " + agent + " takes work again");
        }
        return ExitCode.OK;
    }
}
