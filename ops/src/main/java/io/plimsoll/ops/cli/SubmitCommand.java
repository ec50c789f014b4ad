package io.plimsoll.ops.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Hands sessions in and prints their ids. */
@Command(
    name = "submit",
    description = "Submits sessions and prints their ids, one a line, without waiting for them.",
    footer = {
        "  plimsoll submit -- python train.py",
        "  plimsoll submit --count 200 --cpu 1 -- sh -c 'echo $PLIMSOLL_ARRAY_INDEX'     prints 5 to 204",
        "  plimsoll submit --after 5-204 -- ./collect",
        "  plimsoll submit -f sessions.yaml                                              see docs/API.md"})
final class SubmitCommand extends ClientCommand
{
    @Mixin
    private SessionOptions options;

    @Option(
        names = "--count",
        paramLabel = "N",
        description = "A job array of N sessions; each sees its PLIMSOLL_ARRAY_INDEX, from 0.")
    private Long count;

    @Option(
        names = {"-f", "--file"},
        paramLabel = "FILE",
        description = "YAML or JSON file with a list of sessions, names as in the API; - for standard input.")
    private String file;

    @Parameters(paramLabel = "CMD", arity = "0..*", description = "The command and its arguments, after --.")
    private List<String> command = new ArrayList<>();

    SubmitCommand(final Terminal terminal)
    {
        super(terminal);
    }

    @Override
    int run(final Api api)
    {
        if (null != file)
        {
            if (!command.isEmpty() || null != count)
            {
                throw new CliException(
                    ExitCode.USAGE, "give either -f FILE or a command after --; in a file, --count is the field count");
            }
            final List<JsonValue> accepted =
                api.submit(SessionsFile.read(terminal(), file)).field("sessions").items();
            show(JsonValue.of(accepted), accepted);
        }
        else
        {
            final JsonValue accepted = api.submit(session());
            show(accepted, List.of(accepted));
        }
        return ExitCode.OK;
    }

    private void show(final JsonValue reply, final List<JsonValue> accepted)
    {
        if (json())
        {
            print(reply);
            return;
        }
        for (final JsonValue session : accepted)
        {
            if (session.field("ids").isMissing())
            {
                print(session.text("id"));
            }
            else
            {
                IdRanges.parse(List.of(session.text("ids"))).forEachId(id -> print(Long.toString(id)));
            }
        }
    }

    private Map<String, Object> session()
    {
        if (command.isEmpty())
        {
            throw new CliException(
                ExitCode.USAGE, "a command is missing; it stands after --, as in: plimsoll submit -- echo hello");
        }
        final Map<String, Object> session = options.session(terminal(), command);
        if (null != count)
        {
            if (count < 1)
            {
                throw new CliException(ExitCode.USAGE, "--count: " + count + " is too small; an array has 1 or more");
            }
            session.put("count", count);
        }
        return session;
    }
}
