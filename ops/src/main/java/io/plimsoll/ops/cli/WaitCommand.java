package io.plimsoll.ops.cli;

import io.plimsoll.transport.Amounts;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Waits until sessions have ended. */
@Command(
    name = "wait",
    description = {
        "Waits until all of the sessions have ended.",
        "Exits with 0 if all succeeded, 1 if one did not, 124 if the timeout ran out first."},
    footer = {"  plimsoll wait 17", "  plimsoll wait --timeout 5m $(plimsoll submit --count 200 -- true)"})
final class WaitCommand extends ClientCommand
{
    @Option(
        names = "--timeout",
        paramLabel = "D",
        converter = AmountOption.Duration.class,
        description = "Longest time to wait, such as 90s; no limit by default.")
    private String timeout;

    @Parameters(paramLabel = "ID", arity = "1..*", description = "Ids, ranges such as 5-204, or both with commas.")
    private List<String> ids = new ArrayList<>();

    WaitCommand(final Terminal terminal)
    {
        super(terminal);
    }

    @Override
    int run(final Api api)
    {
        final long startNs = System.nanoTime();
        final long timeoutNs = null == timeout ? Long.MAX_VALUE : Amounts.durationNs(timeout);
        final List<JsonValue> ended = new ArrayList<>();
        int failed = 0;
        for (final long id : IdRanges.parse(ids).ids())
        {
            final JsonValue session = api.awaitEnd(id, timeoutNs - (System.nanoTime() - startNs));
            if (null == session)
            {
                throw new CliException(
                    ExitCode.WAIT_TIMEOUT, "session " + id + " had not ended after " + timeout + "; it goes on");
            }
            ended.add(session);
            if (!Sessions.hasSucceeded(session))
            {
                failed++;
                terminal().err().println("plimsoll: " + Sessions.howItEnded(session));
            }
        }
        if (json())
        {
            print(JsonValue.of(ended));
        }
        return 0 == failed ? ExitCode.OK : ExitCode.FAILED;
    }
}
