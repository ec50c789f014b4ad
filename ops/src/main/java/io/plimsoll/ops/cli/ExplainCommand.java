package io.plimsoll.ops.cli;

import io.plimsoll.transport.Amounts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Says why a session is where it is. */
@Command(
    name = "explain",
    description = {
        "Says why a session is where it is, and what it waits for.",
        "Its place in the queue, which limits it meets, what keeps each agent from taking it, when it may start."},
    footer = {"  plimsoll explain 17", "  plimsoll explain 17 -o json"})
final class ExplainCommand extends ClientCommand
{
    private static final int KEY_WIDTH = 16;

    @Parameters(paramLabel = "ID", description = "Id of the session.")
    private String id;

    ExplainCommand(final Terminal terminal)
    {
        super(terminal);
    }

    @Override
    int run(final Api api)
    {
        final JsonValue explanation = api.get("/v1/sessions/" + IdRanges.parseId(id) + "/explain");
        if (json())
        {
            print(explanation);
        }
        else
        {
            lines(explanation).forEach(this::print);
        }
        return ExitCode.OK;
    }

    static List<String> lines(final JsonValue explanation)
    {
        final List<String> lines = new ArrayList<>();
        lines.add("session " + explanation.text("id") + " " + explanation.text("state") + ": " +
            explanation.text("summary"));
        if (explanation.field("waitsFor").items().isEmpty())
        {
            return lines;
        }
        lines.add("");
        final List<String> causes = new ArrayList<>();
        explanation.field("waitsFor").items().forEach(cause -> causes.add(cause.text()));
        add(lines, "waits for", String.join(", ", causes));
        final String position = explanation.text("position");
        add(lines, "position", position.isEmpty() ? "" :
            position + (explanation.isTrue("positionExact") ? "" : " or later"));
        add(lines, "waiting", explanation.text("waiting") + " in group " + explanation.text("group"));
        for (final JsonValue dependency : explanation.field("dependencies").items())
        {
            add(lines, "dependency", "the " + dependency.text("needs") + " of session " + dependency.text("id"));
        }
        add(lines, "start at", explanation.text("startAt"));
        add(lines, "not before", explanation.text("notBefore"));
        explanation.field("limits").items().forEach(limit -> add(lines, "limit", limit.text()));
        agents(lines, explanation.field("agents"));
        final JsonValue shortfall = explanation.field("shortfall");
        if (!shortfall.isMissing())
        {
            final boolean one = 1 == shortfall.number("agents", 0);
            add(lines, "would do", amounts(shortfall.field("missing")) + " more on " +
                (one ? "one agent" : "any of " + shortfall.text("agents") + " agents"));
        }
        final String expected = explanation.text("expectedStart");
        final String how = explanation.isTrue("reserved") ? ", reserved" : ", if nobody goes first";
        add(lines, "expected start", expected.isEmpty() ? "" : expected + how);
        return lines;
    }

    private static void agents(final List<String> lines, final JsonValue agents)
    {
        if (agents.isMissing())
        {
            return;
        }
        add(lines, "agents", agents.text("total") + " in the group");
        for (final Map.Entry<String, JsonValue> count : agents.field("rejected").fields().entrySet())
        {
            add(lines, "  out", count.getValue().text() + " " + count.getKey());
        }
        for (final Map.Entry<String, JsonValue> count : agents.field("lacking").fields().entrySet())
        {
            add(lines, "  lack room", count.getValue().text() + " of " + count.getKey());
        }
        add(lines, "  have room", agents.text("fitting") + " for " + agents.text("places") + " of " +
            agents.text("kernels") + (1 == agents.number("kernels", 1) ? " kernel" : " kernels"));
    }

    private static String amounts(final JsonValue slots)
    {
        final List<String> words = new ArrayList<>();
        slots.fields().forEach((slot, amount) ->
            words.add(slot + " " + ("mem".equals(slot) ? Amounts.humanBytes(amount.number(0)) : amount.text())));
        return String.join(" and ", words);
    }

    private static void add(final List<String> lines, final String key, final String value)
    {
        if (!value.isEmpty())
        {
            lines.add(key + " ".repeat(Math.max(1, KEY_WIDTH - key.length())) + value);
        }
    }
}
