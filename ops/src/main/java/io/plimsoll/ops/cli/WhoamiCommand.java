package io.plimsoll.ops.cli;

import picocli.CommandLine.Command;

/** Says whom the manager takes this client for. */
@Command(
    name = "whoami",
    description = "Shows whom the manager takes you for: user, role, domain and projects.",
    footer = {
        "  plimsoll whoami",
        "  PLIMSOLL_TOKEN=pk.PK7Q2M4XZ9TKWB.... plimsoll whoami -o json"})
final class WhoamiCommand extends ClientCommand
{
    WhoamiCommand(final Terminal terminal)
    {
        super(terminal);
    }

    @Override
    int run(final Api api)
    {
        final JsonValue caller = api.get("/v1/whoami");
        if (json())
        {
            print(caller);
        }
        else
        {
            SettingsText.lines(caller).forEach(this::print);
        }
        return ExitCode.OK;
    }
}
