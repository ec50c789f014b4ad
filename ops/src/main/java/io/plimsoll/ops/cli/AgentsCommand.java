package io.plimsoll.ops.cli;

import io.plimsoll.transport.Amounts;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lists agents. */
@Command(
    name = "agents",
    description = {
        "Lists the agents with what they have and what of it is in use.",
        "CPU and MEM are what was asked for, CPU USED and MEM USED what is used on their hosts."},
    footer = {"  plimsoll agents", "  plimsoll agents -o json", "  plimsoll agents topology worker-7"})
final class AgentsCommand extends ClientCommand
{
    @Option(
        names = "--label",
        paramLabel = "COND",
        description = "Only agents for which this holds: K=V, K=V|W, K!=V, K or !K; repeatable, all must hold.")
    private List<String> labels = new ArrayList<>();

    AgentsCommand(final Terminal terminal)
    {
        super(terminal);
    }

    @Override
    int run(final Api api)
    {
        final List<JsonValue> agents = api.agents(labels);
        if (json())
        {
            print(JsonValue.of(agents));
            return ExitCode.OK;
        }
        final TextTable table = UsageText.agents(
            agents, ">ID", "NAME", "GROUP", "STATE", ">KERNELS", "CPU", "MEM", "OTHER", "LABELS", "ORPHANS");
        for (final JsonValue agent : agents)
        {
            table.row(
                agent.text("id"),
                agent.text("name"),
                agent.text("group"),
                state(agent),
                agent.text("kernels") + (agent.number("kernelsMax", -1) < 0 ? "" : " / " + agent.text("kernelsMax")),
                used(agent, "cpu") + " / " + agent.field("capacity").text("cpu"),
                Amounts.humanBytes(agent.field("used").number("mem", 0)) + " / " +
                    Amounts.humanBytes(agent.field("capacity").number("mem", 0)),
                others(agent),
                labels(agent),
                0 == agent.field("orphans").items().size() ? "" : agent.field("orphans").toString(),
                UsageText.cpu(agent.field("usage")),
                UsageText.bytes(agent.field("usage"), "memoryBytes"),
                UsageText.percent(agent.field("usage")));
        }
        table.print(terminal().out());
        return ExitCode.OK;
    }

    /** One word for what keeps work away from it, or that nothing does. */
    static String state(final JsonValue agent)
    {
        final String liveness = agent.text("state").toLowerCase(Locale.ROOT);
        if ("lost".equals(liveness))
        {
            return liveness;
        }
        if (!agent.isTrue("connected"))
        {
            return "away";
        }
        if ("suspect".equals(liveness))
        {
            return liveness;
        }
        if (agent.isTrue("drained"))
        {
            return "drained";
        }
        if (agent.isTrue("quarantined"))
        {
            return "quarantined";
        }
        return agent.isTrue("reconciled") ? "ready" : "joining";
    }

    private static String labels(final JsonValue agent)
    {
        final StringBuilder text = new StringBuilder();
        agent.field("labels").fields().forEach((key, value) ->
            text.append(text.isEmpty() ? "" : " ").append(key).append('=').append(value.text()));
        return text.toString();
    }

    private static String others(final JsonValue agent)
    {
        final StringBuilder text = new StringBuilder();
        for (final Map.Entry<String, JsonValue> slot : agent.field("capacity").fields().entrySet())
        {
            if (!"cpu".equals(slot.getKey()) && !"mem".equals(slot.getKey()))
            {
                text.append(text.isEmpty() ? "" : " ").append(slot.getKey()).append('=')
                    .append(agent.field("used").number(slot.getKey(), 0)).append('/').append(slot.getValue().text());
            }
        }
        return text.toString();
    }

    private static String used(final JsonValue agent, final String slot)
    {
        final String amount = agent.field("used").text(slot);
        return amount.isEmpty() ? "0" : amount;
    }
}
