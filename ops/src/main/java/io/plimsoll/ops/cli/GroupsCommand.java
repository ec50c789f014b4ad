package io.plimsoll.ops.cli;

import java.util.List;
import picocli.CommandLine.Command;

/** Lists resource groups. */
@Command(
    name = "groups",
    description = "Lists the resource groups with how they decide.",
    footer = {"  plimsoll groups", "  plimsoll group show default"})
final class GroupsCommand extends ClientCommand
{
    GroupsCommand(final Terminal terminal)
    {
        super(terminal);
    }

    @Override
    int run(final Api api)
    {
        final List<JsonValue> groups = api.get("/v1/groups").field("groups").items();
        if (json())
        {
            print(JsonValue.of(groups));
            return ExitCode.OK;
        }
        final TextTable table = new TextTable("NAME", "ORDER", "SELECT", "BACKFILL", "PREEMPTION", ">PENDING MAX");
        for (final JsonValue group : groups)
        {
            table.row(
                group.text("name"),
                group.text("order"),
                group.text("select"),
                group.text("backfill"),
                group.field("preemption").text("mode"),
                group.text("pendingMax"));
        }
        table.print(terminal().out());
        return ExitCode.OK;
    }
}
