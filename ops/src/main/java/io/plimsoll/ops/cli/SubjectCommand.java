package io.plimsoll.ops.cli;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Parameters;

/** What {@code plimsoll admin} does with domains, projects, users and keypairs. */
abstract class SubjectCommand extends ClientCommand
{
    private static final List<String> TEXTS = List.of(
        "name", "domain", "user", "description", "defaultProject", "projects", "allowedGroups", "networks");

    @Parameters(index = "0", paramLabel = "create|list|show|update|delete", description = "What to do.")
    private Action action;

    @Parameters(
        index = "1..*",
        paramLabel = "NAME|KEY=VALUE",
        description = "Which one, and what it shall be; a value of none ends a limit. See docs/IDENTITY.md.")
    private List<String> words = new ArrayList<>();

    SubjectCommand(final Terminal terminal)
    {
        super(terminal);
    }

    /** Such as {@code project}. */
    abstract String kind();

    /** Whether whoever makes one gives it a name. */
    boolean hasName()
    {
        return true;
    }

    /** Headings of the columns of a list, that of the name first. */
    abstract String[] headings();

    /** Cells of a list, without those that all kinds have. */
    abstract String[] cells(JsonValue subject);

    @Override
    final int run(final Api api)
    {
        switch (action)
        {
            case create -> create(api);
            case list -> list(api);
            case show -> show(api.get(path()));
            case update -> show(api.change("PATCH", path(), assignments(1)));
            case delete -> delete(api);
            case add, remove -> members(api);
            default -> throw new IllegalStateException("action=" + action);
        }
        return ExitCode.OK;
    }

    private void create(final Api api)
    {
        final Map<String, Object> subject = new LinkedHashMap<>();
        if (hasName())
        {
            subject.put("name", name());
        }
        subject.putAll(assignments(hasName() ? 1 : 0));
        show(api.post("/v1/" + kind() + "s", subject));
    }

    private void delete(final Api api)
    {
        assignments(1);
        final JsonValue deleted = api.delete(path());
        if (json())
        {
            print(deleted);
        }
        else
        {
            print(kind() + " " + name() + " deleted");
        }
    }

    private void members(final Api api)
    {
        if (!"project".equals(kind()))
        {
            throw new CliException(ExitCode.USAGE, "only projects have members to " + action);
        }
        final List<String> users = words.subList(Math.min(1, words.size()), words.size());
        if (users.isEmpty())
        {
            throw new CliException(ExitCode.USAGE, action + " needs a project and users");
        }
        show(api.post(path() + "/members", Map.of(action.name(), users)));
    }

    private String path()
    {
        return "/v1/" + kind() + "s/" + Api.encode(name());
    }

    private String name()
    {
        if (words.isEmpty() || words.get(0).indexOf('=') >= 0)
        {
            throw new CliException(
                ExitCode.USAGE, action + " needs the " + (hasName() ? "name" : "access key") + " of a " + kind());
        }
        return words.get(0);
    }

    private Map<String, Object> assignments(final int first)
    {
        final List<String> given = words.subList(Math.min(first, words.size()), words.size());
        if (!given.isEmpty() && Action.delete == action)
        {
            throw new CliException(ExitCode.USAGE, "delete takes no " + given.get(0));
        }
        final Map<String, Object> object = Assignments.object(given);
        // A name may be a number, which is text all the same.
        for (final String text : TEXTS)
        {
            if (object.get(text) instanceof final BigDecimal number)
            {
                object.put(text, number.toPlainString());
            }
        }
        for (final String list : new String[]{"projects", "allowedGroups", "networks"})
        {
            if (object.get(list) instanceof final String text)
            {
                object.put(list, text.isEmpty() ? List.of() : List.of(text.split(",")));
            }
        }
        for (final String flag : new String[]{"active"})
        {
            if (object.get(flag) instanceof final String text && text.matches("true|false"))
            {
                object.put(flag, Boolean.valueOf(text));
            }
        }
        return object;
    }

    private void show(final JsonValue subject)
    {
        if (json())
        {
            print(subject);
            return;
        }
        SettingsText.lines(subject).forEach(this::print);
        if (!subject.text("token").isEmpty())
        {
            terminal().err().println(
                "plimsoll: this token is shown once; its holder uses it as PLIMSOLL_TOKEN");
        }
    }

    private void list(final Api api)
    {
        final List<JsonValue> subjects = new ArrayList<>();
        final String filter = filter();
        String cursor = "";
        do
        {
            final JsonValue page = api.get("/v1/" + kind() + "s?limit=1000" + filter + cursor);
            subjects.addAll(page.field(kind() + "s").items());
            final String next = page.text("nextCursor");
            cursor = next.isEmpty() ? "" : "&cursor=" + Api.encode(next);
        }
        while (!cursor.isEmpty());
        if (json())
        {
            print(JsonValue.of(subjects));
            return;
        }
        final List<String> headings = new ArrayList<>(List.of(headings()));
        headings.addAll(List.of("ACTIVE", ">SESSIONS", ">PENDING", "USED", "LIMITS"));
        final TextTable table = new TextTable(headings.toArray(new String[0]));
        for (final JsonValue subject : subjects)
        {
            final List<String> cells = new ArrayList<>(List.of(cells(subject)));
            cells.add(subject.isTrue("active") ? "yes" : "no");
            cells.add(AccountCommand.outOf(subject.text("sessions"), subject.text("sessionsMax")));
            cells.add(AccountCommand.outOf(subject.text("pending"), subject.text("pendingMax")));
            cells.add(AccountCommand.amounts(subject.field("used")));
            cells.add(AccountCommand.amounts(subject.field("limits")));
            table.row(cells.toArray(new String[0]));
        }
        table.print(terminal().out());
    }

    private String filter()
    {
        final StringBuilder filter = new StringBuilder();
        assignments(0).forEach((name, value) ->
            filter.append('&').append(Api.encode(name)).append('=').append(Api.encode(String.valueOf(value))));
        return filter.toString();
    }

    /** Comma-separated names. */
    static String names(final JsonValue array)
    {
        return String.join(",", array.items().stream().map(JsonValue::text).toList());
    }

    /** What to do. */
    enum Action
    {
        create, list, show, update, delete, add, remove
    }
}
