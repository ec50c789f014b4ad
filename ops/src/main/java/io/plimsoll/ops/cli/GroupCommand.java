package io.plimsoll.ops.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Shows or changes one resource group. */
@Command(
    name = "group",
    description = "Shows a resource group (show), or makes or changes one while it runs (set).",
    footer = {
        "  plimsoll group show default",
        "  plimsoll group set default order=fair-share usageHalfLife=12h backfill=easy",
        "  plimsoll group set gpu select=fragmentation-gradient preemption.mode=reschedule quarantine.after=3",
        "  plimsoll group set gpu pendingTimeout=none          as by default"})
final class GroupCommand extends ClientCommand
{
    @Parameters(index = "0", paramLabel = "show|set", description = "What to do.")
    private Action action;

    @Parameters(index = "1", paramLabel = "NAME", description = "Name of the group.")
    private String name;

    @Parameters(
        index = "2..*", paramLabel = "KEY=VALUE", description = "Options with their new values; see docs/API.md.")
    private List<String> assignments = new ArrayList<>();

    GroupCommand(final Terminal terminal)
    {
        super(terminal);
    }

    @Override
    int run(final Api api)
    {
        final String path = "/v1/groups/" + Api.encode(name);
        if (Action.show == action)
        {
            SettingsText.requireNone(assignments);
            show(api.get(path));
            return ExitCode.OK;
        }
        final Map<String, Object> changes = Assignments.object(assignments);
        show(SettingsText.patchOrPut(api, path, changes));
        return ExitCode.OK;
    }

    private void show(final JsonValue group)
    {
        if (json())
        {
            print(group);
        }
        else
        {
            SettingsText.lines(group).forEach(this::print);
        }
    }

    /** What to do. */
    enum Action
    {
        show, set
    }
}
