package io.plimsoll.ops.cli;

import io.plimsoll.agent.topology.TopologyReader;
import io.plimsoll.agent.topology.TopologyText;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Shows what the host of an agent is made of, as the agent told the manager. */
@Command(
    name = "topology",
    description = {
        "Shows what the host of an agent is made of, as the agent described it when it connected.",
        "The document is what plimsoll agent topology -o json prints on that host."},
    footer = {"  plimsoll agents topology worker-7", "  plimsoll agents topology 3 -o json > host.json"})
final class AgentsTopologyCommand extends ClientCommand
{
    @Parameters(paramLabel = "AGENT", description = "Id or name of the agent.")
    private String agent;

    AgentsTopologyCommand(final Terminal terminal)
    {
        super(terminal);
    }

    @Override
    int run(final Api api)
    {
        final String name = URLEncoder.encode(agent, StandardCharsets.UTF_8).replace("+", "%20");
        final String document = api.text("/v1/agents/" + name + "/topology");
        if (json())
        {
            terminal().out().print(document);
        }
        else
        {
            TopologyText.of(TopologyReader.read(document)).forEach(this::print);
        }
        return ExitCode.OK;
    }
}
