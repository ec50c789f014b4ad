package io.plimsoll.ops.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes, lists, shows, changes and removes templates of sessions. */
@Command(
    name = "template",
    description = "Makes, lists, shows, changes and removes templates of sessions.",
    footer = {
        "  plimsoll template create train -f train.yaml --description 'Our usual training'",
        "  plimsoll submit --template train --cpu 4 --set priority=50",
        "  plimsoll template update train -f train.yaml       makes another version",
        "  plimsoll template show train:1",
        "  plimsoll template list --project vision",
        "  plimsoll template delete train"})
final class TemplateCommand extends ClientCommand
{
    @Parameters(index = "0", paramLabel = "create|list|show|update|delete", description = "What to do.")
    private Action action;

    @Parameters(
        index = "1",
        arity = "0..1",
        paramLabel = "NAME[:VERSION]",
        description = "Which one; a version is for show.")
    private String name;

    @Option(
        names = {"-f", "--file"},
        paramLabel = "FILE",
        description = "YAML or JSON file with fields of a session, names as in the API; - for standard input.")
    private String file;

    @Option(names = "--description", paramLabel = "TEXT", description = "For people.")
    private String description;

    @Option(names = "--project", paramLabel = "NAME", description = "Whose it is; your default one unless said.")
    private String project;

    TemplateCommand(final Terminal terminal)
    {
        super(terminal);
    }

    @Override
    int run(final Api api)
    {
        if (Action.list == action)
        {
            list(api);
            return ExitCode.OK;
        }
        if (null == name)
        {
            throw new CliException(ExitCode.USAGE, action + " needs the name of a template");
        }
        switch (action)
        {
            case create -> show(api.post("/v1/templates", body(true)));
            case update -> show(api.change("PATCH", path(name, "?"), body(false)));
            case delete -> delete(api);
            default -> show(api.get(versionPath()));
        }
        return ExitCode.OK;
    }

    private Map<String, Object> body(final boolean isNew)
    {
        final Map<String, Object> body = new LinkedHashMap<>();
        if (isNew)
        {
            body.put("name", name);
            put(body, "project", project);
        }
        put(body, "description", description);
        if (null != file)
        {
            body.put("session", SessionsFile.fields(terminal(), file));
        }
        if (null == file && (isNew || null == description))
        {
            throw new CliException(ExitCode.USAGE, action + " needs -f FILE with fields of a session");
        }
        return body;
    }

    private static void put(final Map<String, Object> body, final String key, final Object value)
    {
        if (null != value)
        {
            body.put(key, value);
        }
    }

    private String path(final String which, final String separator)
    {
        return "/v1/templates/" + Api.encode(which) +
            (null == project ? "" : separator + "project=" + Api.encode(project));
    }

    private String versionPath()
    {
        final int colon = name.indexOf(':');
        return colon < 0 ? path(name, "?") :
            path(name.substring(0, colon), "?") + (null == project ? "?" : "&") + "version=" +
                Api.encode(name.substring(colon + 1));
    }

    private void delete(final Api api)
    {
        final JsonValue deleted = api.delete(path(name, "?"));
        if (json())
        {
            print(deleted);
        }
        else
        {
            print("template " + name + " deleted");
        }
    }

    private void show(final JsonValue template)
    {
        if (json())
        {
            print(template);
        }
        else
        {
            SettingsText.lines(template).forEach(this::print);
        }
    }

    private void list(final Api api)
    {
        final List<JsonValue> templates = new ArrayList<>(
            api.get("/v1/templates" + (null == project ? "" : "?project=" + Api.encode(project)))
                .field("templates").items());
        if (json())
        {
            print(JsonValue.of(templates));
            return;
        }
        final TextTable table = new TextTable("NAME", "PROJECT", ">VERSION", "AUTHOR", "CREATED", "DESCRIPTION");
        for (final JsonValue template : templates)
        {
            table.row(
                template.text("name"), template.text("project"), template.text("version"), template.text("author"),
                template.text("createdAt"), template.text("description"));
        }
        table.print(terminal().out());
    }

    /** What to do. */
    enum Action
    {
        create, list, show, update, delete
    }
}
