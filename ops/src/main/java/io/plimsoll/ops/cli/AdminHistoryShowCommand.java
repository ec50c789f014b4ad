package io.plimsoll.ops.cli;

import picocli.CommandLine.Command;

/** Shows how far history has come. */
@Command(
    name = "show",
    description = "Shows how far history has come, and why it does not go on.",
    footer = {"  plimsoll admin history show", "  plimsoll admin history show -o json"})
final class AdminHistoryShowCommand extends ClientCommand
{
    AdminHistoryShowCommand(final Terminal terminal)
    {
        super(terminal);
    }

    @Override
    int run(final Api api)
    {
        final JsonValue status = api.get("/v1/history");
        if (json())
        {
            print(status);
        }
        else
        {
            print(this, status);
        }
        return ExitCode.OK;
    }

    static void print(final ClientCommand command, final JsonValue status)
    {
        status.fields().forEach((key, value) ->
        {
            if (!value.text().isEmpty())
            {
                command.print(key + " ".repeat(Math.max(1, 16 - key.length())) + value.text());
            }
        });
    }
}
