package io.plimsoll.ops.cli;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows what depends on what. */
@Command(
    name = "graph",
    description = {
        "Shows what a session depends on, what depends on it, and so on.",
        "With -o dot in the language of Graphviz: plimsoll graph 17 -o dot | dot -Tsvg > graph.svg"},
    footer = {"  plimsoll graph 17", "  plimsoll graph 17 --direction before -o json"})
final class GraphCommand extends ClientCommand
{
    @Option(
        names = "--direction",
        paramLabel = "D",
        description = "before: what it waits for, behind: what waits for it, or both, which is the default.")
    private String direction = "both";

    @Option(names = "--limit", paramLabel = "N", description = "At most so many sessions; 1000 by default.")
    private int limit = 1_000;

    @Parameters(paramLabel = "ID", description = "Id of the session.")
    private String id;

    GraphCommand(final Terminal terminal)
    {
        super(terminal);
    }

    @Override
    boolean isGraph()
    {
        return true;
    }

    @Override
    int run(final Api api)
    {
        final JsonValue graph = api.get("/v1/sessions/" + IdRanges.parseId(id) + "/dependencies?limit=" + limit +
            "&direction=" + Api.encode(direction));
        switch (output())
        {
            case dot -> print(dot(graph));
            case json -> print(graph);
            default -> table(graph).print(terminal().out());
        }
        if (graph.isTrue("truncated"))
        {
            terminal().err().println("plimsoll: there are more than " + limit + "; see --limit");
        }
        return ExitCode.OK;
    }

    /** One line a dependency. */
    private static TextTable table(final JsonValue graph)
    {
        final TextTable table = new TextTable("FIRST", "STATE", "THEN", "STATE", "CONDITION");
        final List<JsonValue> nodes = graph.field("nodes").items();
        for (final JsonValue edge : graph.field("edges").items())
        {
            final JsonValue from = node(nodes, edge.number("from", 0));
            final JsonValue to = node(nodes, edge.number("to", 0));
            table.row(label(from), state(from), label(to), state(to), edge.text("condition"));
        }
        return table;
    }

    private static JsonValue node(final List<JsonValue> nodes, final long id)
    {
        for (final JsonValue node : nodes)
        {
            if (id == node.number("id", 0))
            {
                return node;
            }
        }
        throw new IllegalStateException("no node id=" + id);
    }

    private static String label(final JsonValue node)
    {
        final long first = node.number("id", 0);
        final long last = node.number("lastId", first);
        final String name = node.text("name");
        return first + (last > first ? "-" + last : "") + (name.isEmpty() ? "" : " " + name);
    }

    private static String state(final JsonValue node)
    {
        final long first = node.number("id", 0);
        return node.text("state").isEmpty() ?
            node.number("lastId", first) > first ? "array" : "forgotten" : node.text("state");
    }

    /** In the language of Graphviz. */
    static String dot(final JsonValue graph)
    {
        final StringBuilder text = new StringBuilder("digraph sessions {\n  rankdir=LR;\n  node [shape=box];\n");
        for (final JsonValue node : graph.field("nodes").items())
        {
            text.append("  ").append(node.number("id", 0)).append(" [label=\"").append(escape(label(node)))
                .append("\\n").append(state(node)).append("\"];\n");
        }
        for (final JsonValue edge : graph.field("edges").items())
        {
            text.append("  ").append(edge.number("from", 0)).append(" -> ").append(edge.number("to", 0))
                .append("any-end".equals(edge.text("condition")) ? " [style=dashed];\n" : ";\n");
        }
        return text.append('}').toString();
    }

    /** A name may be anything. */
    private static String escape(final String text)
    {
        return text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", " ");
    }
}
