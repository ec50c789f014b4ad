package io.plimsoll.ops.cli;

import io.plimsoll.transport.Amounts;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Lists, shows or changes accounts. */
@Command(
    name = "account",
    description = "Lists accounts with what they use (list), shows one (show), or makes or changes one (set).",
    footer = {
        "  plimsoll account set research level=project limits.cpu=100 limits.mem=1t sessionsMax=500",
        "  plimsoll account set alice parent=research weight=2 limits.cuda.device=4",
        "  plimsoll account set alice limits.cuda.device=none          no limit",
        "  plimsoll run --account alice -- ./train"})
final class AccountCommand extends ClientCommand
{
    @Parameters(index = "0", paramLabel = "list|show|set", description = "What to do.")
    private Action action;

    @Parameters(index = "1", arity = "0..1", paramLabel = "NAME", description = "Name or number of the account.")
    private String name;

    @Parameters(
        index = "2..*", paramLabel = "KEY=VALUE", description = "What it may use; see docs/API.md.")
    private List<String> assignments = new ArrayList<>();

    AccountCommand(final Terminal terminal)
    {
        super(terminal);
    }

    @Override
    void check(final boolean isReplay)
    {
        if (isReplay && Action.set == action)
        {
            throw new CliException(
                ExitCode.USAGE, "'account set' is for live clusters: the past cannot be changed, only asked;" +
                    " there are account list and account show");
        }
    }

    @Override
    int run(final Api api)
    {
        if (Action.list == action)
        {
            list(api.get("/v1/accounts").field("accounts").items());
            return ExitCode.OK;
        }
        if (null == name)
        {
            throw new CliException(ExitCode.USAGE, action + " needs the name or number of an account");
        }
        final String path = "/v1/accounts/" + Api.encode(name);
        final JsonValue account;
        if (Action.show == action)
        {
            SettingsText.requireNone(assignments);
            account = api.get(path);
        }
        else
        {
            account = SettingsText.patchOrPut(api, path, Assignments.object(assignments));
        }
        if (json())
        {
            print(account);
        }
        else
        {
            SettingsText.lines(account).forEach(this::print);
        }
        return ExitCode.OK;
    }

    private void list(final List<JsonValue> accounts)
    {
        if (json())
        {
            print(JsonValue.of(accounts));
            return;
        }
        final TextTable table = new TextTable(
            ">ID", "NAME", "LEVEL", "PARENT", ">WEIGHT", ">SESSIONS", ">PENDING", "USED", "LIMITS");
        for (final JsonValue account : accounts)
        {
            table.row(
                account.text("id"),
                account.text("name"),
                account.text("level"),
                account.text("parent"),
                account.text("weight"),
                outOf(account.text("sessions"), account.text("sessionsMax")),
                outOf(account.text("pending"), account.text("pendingMax")),
                amounts(account.field("used")),
                amounts(account.field("limits")));
        }
        table.print(terminal().out());
    }

    static String outOf(final String used, final String max)
    {
        return max.isEmpty() ? used : used + " / " + max;
    }

    static String amounts(final JsonValue slots)
    {
        final StringBuilder text = new StringBuilder();
        slots.fields().forEach((slot, amount) ->
            text.append(text.isEmpty() ? "" : " ").append(slot).append('=')
                .append("mem".equals(slot) ? Amounts.formatBytes(amount.number(0)) : amount.text()));
        return text.toString();
    }

    /** What to do. */
    enum Action
    {
        list, show, set
    }
}
