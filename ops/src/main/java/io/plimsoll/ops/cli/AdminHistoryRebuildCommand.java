package io.plimsoll.ops.cli;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Makes history anew. */
@Command(
    name = "rebuild",
    description = {
        "Drops history and makes it anew from the journal.",
        "Until that is done, usage and sessions of the past are known as far as it has come."},
    footer = {"  plimsoll admin history rebuild", "  plimsoll admin history rebuild --wait"})
final class AdminHistoryRebuildCommand extends ClientCommand
{
    private static final long POLL_NS = TimeUnit.MILLISECONDS.toNanos(200);

    @Option(
        names = "--accept-loss",
        description = "Also if the journal's first records were pruned, of which nothing will be known then.")
    private boolean acceptLoss;

    @Option(names = "--wait", description = "Until all is there that the journal held at the start.")
    private boolean isAwaited;

    AdminHistoryRebuildCommand(final Terminal terminal)
    {
        super(terminal);
    }

    @Override
    int run(final Api api)
    {
        JsonValue status = api.post("/v1/history/rebuild", Map.of("acceptLoss", acceptLoss));
        final long wanted = status.number("released", 0);
        String trouble = "";
        while (isAwaited && status.number("sequence", 0) < wanted)
        {
            LockSupport.parkNanos(POLL_NS);
            status = api.get("/v1/history");
            if (!status.text("trouble").isEmpty() && !status.text("trouble").equals(trouble))
            {
                trouble = status.text("trouble");
                terminal().err().println("plimsoll: history waits: " + PlainText.line(trouble));
            }
        }
        if (json())
        {
            print(status);
        }
        else
        {
            AdminHistoryShowCommand.print(this, status);
        }
        return ExitCode.OK;
    }
}
