package io.plimsoll.ops.cli;

import io.plimsoll.loadtest.simulate.EventPrinter;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;
import picocli.CommandLine.Option;

/** In which form a simulation is told, and how much of it. */
final class SimulationOutput
{
    @Option(
        names = {"-o", "--output"},
        paramLabel = "table|jsonl|json",
        description = "Form of the answer; jsonl is one object a session, then a summary; json is one object, with " +
            "--workload all that a page shows.")
    private Form form = Form.table;

    @Option(names = "--events", description = "Prints every event of the scheduler too.")
    private boolean events;

    @Option(names = "--state-hash", description = "Prints the hash of the scheduler's final state too.")
    private boolean stateHash;

    Form form()
    {
        return form;
    }

    boolean hasEvents()
    {
        return events;
    }

    boolean hasStateHash()
    {
        return stateHash;
    }

    /** Prints events as they come; null if they are not asked for. */
    EventPrinter printer(final Terminal terminal)
    {
        return events ? new EventPrinter(line -> print(terminal, line), Form.table != form) : null;
    }

    /** Prints figures of a whole run, and its hash if that is asked for. */
    void summarize(final Terminal terminal, final Map<String, Object> summary, final LongSupplier hash)
    {
        if (stateHash)
        {
            summary.put("stateHash", String.format(Locale.ROOT, "%016x", hash.getAsLong()));
        }
        if (Form.table != form)
        {
            print(terminal, JsonValue.of(summary).toString());
            return;
        }
        final TextTable table = new TextTable("WHAT", ">FIGURE");
        summary.forEach((what, figure) -> table.row(what, String.valueOf(figure)));
        table.print(terminal.out());
    }

    private static void print(final Terminal terminal, final String line)
    {
        terminal.out().println(line);
    }

    /** Forms of the answer. */
    enum Form
    {
        table, jsonl, json
    }
}
