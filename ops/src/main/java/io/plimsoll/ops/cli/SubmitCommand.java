package io.plimsoll.ops.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
        "  plimsoll submit --template train --cpu 4 --set priority=50",
        "  plimsoll submit -f sessions.yaml                                              see docs/API.md",
        "  ./make-sessions | plimsoll submit -f - --ndjson                               one session a line"})
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
        names = "--template",
        paramLabel = "NAME[:VERSION]",
        description = "Whatever is not given is as this template says; see plimsoll template.")
    private String template;

    @Option(
        names = "--set",
        paramLabel = "FIELD=VALUE",
        description = "With --template: another field of the session, by its name in the API, such as slots.tpu=2; "
            + "none for its default; repeatable.")
    private List<String> fields = new ArrayList<>();

    @Option(
        names = {"-f", "--file"},
        paramLabel = "FILE",
        description = "YAML or JSON file with a list of sessions, names as in the API; - for standard input.")
    private String file;

    @Option(
        names = "--ndjson",
        description = "The file has one session a line, as JSON; any number of them. A line that is refused hurts no"
            + " other: it is told with its number, and the ids of the others are printed.")
    private boolean ndjson;

    @Option(
        names = "--key",
        paramLabel = "KEY",
        description = "With --ndjson: the same file with the same key, sent again, gets the same ids.")
    private String key;

    @Parameters(paramLabel = "CMD", arity = "0..*", description = "The command and its arguments, after --.")
    private List<String> command = new ArrayList<>();

    SubmitCommand(final Terminal terminal)
    {
        super(terminal);
    }

    @Override
    int run(final Api api)
    {
        if ((ndjson && null == file) || (null != key && !ndjson))
        {
            throw new CliException(ExitCode.USAGE, "--ndjson goes with -f FILE, and --key with --ndjson");
        }
        if (null != file)
        {
            if (!command.isEmpty() || null != count || null != template || !fields.isEmpty())
            {
                throw new CliException(
                    ExitCode.USAGE, "give either -f FILE or a command after --; in a file, --count is the field count");
            }
            final String beside = options.given();
            if (null != beside)
            {
                throw new CliException(
                    ExitCode.USAGE, "leave out " + beside + ": with -f FILE, all about sessions stands in the file");
            }
            if (ndjson)
            {
                return submitLines(api);
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

    private int submitLines(final Api api)
    {
        int exitCode = ExitCode.OK;
        int linesBefore = 0;
        try (NdjsonFile lines = NdjsonFile.open(terminal(), file))
        {
            byte[] part = lines.next();
            while (null != part)
            {
                final String partKey = null == key ? null : key + "/" + linesBefore;
                exitCode = Math.max(exitCode, showLines(api.submitLines(part, partKey), linesBefore));
                linesBefore += lines.lines();
                part = lines.next();
            }
        }
        return exitCode;
    }

    /** Returns the exit code. */
    private int showLines(final String answer, final int linesBefore)
    {
        int exitCode = ExitCode.OK;
        for (final String text : answer.split("\n"))
        {
            final JsonValue line = parsed(text);
            if (line.field("line").isMissing())
            {
                continue;
            }
            final long number = linesBefore + line.number("line", 0);
            final JsonValue error = line.field("error");
            if (!error.isMissing())
            {
                terminal().err().println(file + ": line " + number + ": " + error.text("detail"));
                exitCode = Math.max(
                    exitCode, Problems.exitCode((int)error.number("status", 500), error.text("code")));
            }
            if (json())
            {
                terminal().out().println(text.replaceFirst("\"line\":\\d+", "\"line\":" + number));
            }
            else if (error.isMissing())
            {
                printIds(line);
            }
        }
        return exitCode;
    }

    private static JsonValue parsed(final String line)
    {
        try
        {
            return JsonValue.parse(line.getBytes(StandardCharsets.UTF_8));
        }
        catch (final IOException ex)
        {
            throw new CliException(ExitCode.UNREACHABLE, "the manager's answer makes no sense: " + line);
        }
    }

    private void show(final JsonValue reply, final List<JsonValue> accepted)
    {
        if (json())
        {
            print(reply);
            return;
        }
        accepted.forEach(this::printIds);
    }

    private void printIds(final JsonValue session)
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

    private Map<String, Object> session()
    {
        if (null != template)
        {
            return withCount(fromTemplate());
        }
        if (!fields.isEmpty())
        {
            throw new CliException(ExitCode.USAGE, "--set goes with --template");
        }
        if (command.isEmpty())
        {
            throw new CliException(
                ExitCode.USAGE, "a command is missing; it stands after --, as in: plimsoll submit -- echo hello");
        }
        return withCount(options.session(terminal(), command));
    }

    /** What is set by its name comes before what is an option. */
    private Map<String, Object> fromTemplate()
    {
        final Map<String, Object> session = options.session(terminal(), command, template);
        session.putAll(Assignments.object(fields));
        return session;
    }

    private Map<String, Object> withCount(final Map<String, Object> session)
    {
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
