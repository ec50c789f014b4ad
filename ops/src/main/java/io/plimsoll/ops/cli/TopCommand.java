package io.plimsoll.ops.cli;

import io.plimsoll.transport.Amounts;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows where the cluster's work is. */
@Command(
    name = "top",
    description = {
        "Shows groups, who waits for what, the busiest agents and owners, and the kernels that use most.",
        "Rates are those since the look before, with --every; times are of then as well, or since the manager started.",
        "CPU and MEM of groups, agents and owners are what was asked for;",
        "CPU USED, MEM USED and all of kernels is what agents have seen in use."},
    footer = {
        "  plimsoll top",
        "  plimsoll top --every 2s",
        "  plimsoll top --order memory",
        "  plimsoll top --limit 20 -o json"})
final class TopCommand extends ClientCommand
{
    private static final String CLEAR = "\u001b[H\u001b[2J";
    private static final int LIMIT_MAX = 1_000;
    private static final double NS_PER_SECOND = 1e9;

    @Option(names = "--limit", paramLabel = "N", description = "Lines of each table but the first; 5 if not given.")
    private int limit = 5;

    @Option(
        names = "--every",
        paramLabel = "DURATION",
        converter = AmountOption.Duration.class,
        description = "Shows it again and again, until Ctrl-C.")
    private String every;

    @Option(
        names = "--order",
        paramLabel = "cpu|memory|disk|network|gpu",
        description = "Which kernels use most; by processors if not given.")
    private Order order = Order.cpu;

    /** As the API calls them. */
    enum Order
    {
        cpu, memory, disk, network, gpu
    }

    /** Null: nobody has looked yet. */
    private MetricsReader before;
    private long beforeNs;

    TopCommand(final Terminal terminal)
    {
        super(terminal);
    }

    @Override
    int run(final Api api)
    {
        if (limit < 1 || limit > LIMIT_MAX)
        {
            throw new CliException(ExitCode.USAGE, "--limit: " + limit + " is not from 1 to " + LIMIT_MAX);
        }
        show(api);
        while (null != every)
        {
            terminal().out().flush();
            LockSupport.parkNanos(Math.max(1, Amounts.durationNs(every)));
            if (!json())
            {
                terminal().out().print(CLEAR);
            }
            show(api);
        }
        return ExitCode.OK;
    }

    private void show(final Api api)
    {
        final JsonValue cluster = api.get("/v1/cluster");
        final List<JsonValue> agents = api.agents();
        final Map<String, Object> root = new LinkedHashMap<>();
        root.put("at", api.now().toString());
        root.put("sequence", cluster.number("sequence", 0));
        final TopFigures figures = figures(api);
        root.put("manager", figures.manager());
        root.put("groups", groups(cluster, agents));
        root.put("queues", figures.queues());
        root.put("agents", busiest(agents));
        root.put("owners", owners(api.get("/v1/accounts").field("accounts").items()));
        root.put("kernels", api.get("/v1/usage?order=" + order + "&limit=" + limit).field("kernels"));
        root.put("waiters", waiters(api));
        final JsonValue top = JsonValue.of(root);
        if (json())
        {
            print(top);
            return;
        }
        tables(api, top);
    }

    private TopFigures figures(final Api api)
    {
        final MetricsReader now = new MetricsReader(api.text("/metrics"));
        final long nowNs = System.nanoTime();
        final TopFigures figures = new TopFigures(now, before, (nowNs - beforeNs) / NS_PER_SECOND);
        before = now;
        beforeNs = nowNs;
        return figures;
    }

    private static List<Object> groups(final JsonValue cluster, final List<JsonValue> agents)
    {
        final Map<String, Map<String, Object>> byName = new TreeMap<>();
        for (final Map.Entry<String, JsonValue> group : cluster.field("groups").fields().entrySet())
        {
            final List<JsonValue> members =
                agents.stream().filter(agent -> agent.text("group").equals(group.getKey())).toList();
            final Map<String, Object> row = new LinkedHashMap<>();
            final JsonValue states = group.getValue();
            row.put("name", group.getKey());
            row.put("agents", members.size());
            row.put("ready", members.stream().filter(agent -> "ready".equals(AgentsCommand.state(agent))).count());
            row.put("pending", states.number("PENDING", 0));
            row.put("starting", states.number("SCHEDULED", 0) + states.number("PULLING", 0) +
                states.number("PREPARING", 0));
            row.put("running", states.number("RUNNING", 0));
            row.put("used", sum(members, "used"));
            row.put("capacity", sum(members, "capacity"));
            byName.put(group.getKey(), row);
        }
        return new ArrayList<>(byName.values());
    }

    private static Map<String, Object> sum(final List<JsonValue> agents, final String field)
    {
        final Map<String, BigDecimal> sums = new LinkedHashMap<>();
        agents.forEach(agent -> agent.field(field).fields().forEach((slot, amount) ->
            sums.merge(slot, new BigDecimal(amount.text()), BigDecimal::add)));
        return new LinkedHashMap<>(sums);
    }

    private List<Object> busiest(final List<JsonValue> agents)
    {
        return new ArrayList<>(agents.stream()
            .sorted(Comparator.comparing((JsonValue agent) -> share(agent.field("used"), agent.field("capacity")))
                .reversed().thenComparing(agent -> agent.number("id", 0)))
            .limit(limit)
            .map(agent ->
            {
                final Map<String, Object> row = new LinkedHashMap<>();
                row.put("name", agent.text("name"));
                row.put("group", agent.text("group"));
                row.put("state", AgentsCommand.state(agent));
                row.put("kernels", agent.number("kernels", 0));
                row.put("used", agent.field("used"));
                row.put("capacity", agent.field("capacity"));
                row.put("usage", agent.field("usage"));
                return row;
            })
            .toList());
    }

    /** Those on the lowest level that use something, by cores, then by memory. */
    private List<Object> owners(final List<JsonValue> accounts)
    {
        return new ArrayList<>(accounts.stream()
            .filter(account -> "user".equals(account.text("level")) || "keypair".equals(account.text("level")))
            .filter(account -> account.number("sessions", 0) + account.number("pending", 0) > 0)
            .sorted(Comparator.comparing((JsonValue account) -> amount(account.field("used"), "cpu"))
                .thenComparing(account -> amount(account.field("used"), "mem")).reversed()
                .thenComparing(account -> account.text("name")))
            .limit(limit)
            .map(account ->
            {
                final Map<String, Object> row = new LinkedHashMap<>();
                row.put("name", account.text("name"));
                row.put("sessions", account.number("sessions", 0));
                row.put("pending", account.number("pending", 0));
                row.put("used", account.field("used"));
                row.put("limits", account.field("limits"));
                return row;
            })
            .toList());
    }

    /** Ids are given in the order of submission. */
    private List<Object> waiters(final Api api)
    {
        final List<Object> rows = new ArrayList<>();
        for (final JsonValue session : api.sessions("&state=PENDING", limit))
        {
            final Map<String, Object> row = new LinkedHashMap<>();
            for (final String field : List.of("id", "name", "owner", "group", "priority", "submittedAt", "slots"))
            {
                row.put(field, session.field(field));
            }
            row.put("kernels", session.field("kernels").items().size());
            rows.add(row);
        }
        return rows;
    }

    private void tables(final Api api, final JsonValue top)
    {
        print("sequence " + top.text("sequence") + " at " + top.text("at"));
        if (!top.field("manager").fields().isEmpty())
        {
            print(TopFigures.line(top.field("manager")));
        }
        final TextTable groups = new TextTable(
            "GROUP", ">AGENTS", ">PENDING", ">STARTING", ">RUNNING", ">CPU", ">MEM", "OTHER");
        for (final JsonValue group : top.field("groups").items())
        {
            groups.row(
                group.text("name"),
                group.text("ready") + "/" + group.text("agents"),
                group.text("pending"),
                group.text("starting"),
                group.text("running"),
                percent(group, "cpu"),
                percent(group, "mem"),
                others(group));
        }
        section(groups);
        queues(top);
        final TextTable agents = UsageText.agents(
            top.field("agents").items(), "AGENT", "GROUP", "STATE", ">KERNELS", ">CPU", ">MEM", "OTHER");
        for (final JsonValue agent : top.field("agents").items())
        {
            agents.row(
                agent.text("name"), agent.text("group"), agent.text("state"), agent.text("kernels"),
                percent(agent, "cpu"), percent(agent, "mem"), others(agent),
                UsageText.cpu(agent.field("usage")), UsageText.bytes(agent.field("usage"), "memoryBytes"),
                UsageText.percent(agent.field("usage")));
        }
        section(agents);
        owners(top);
        kernels(top);
        waiters(api, top);
    }

    private void queues(final JsonValue top)
    {
        final TextTable queues = new TextTable(
            "QUEUE", ">ROOM", ">LIMIT", ">DEPENDENCY", ">TIME", ">POLICY", ">LONGEST", ">ASSIGN P50", ">P99",
            ">START P50", ">P99");
        for (final JsonValue queue : top.field("queues").items())
        {
            queues.row(
                queue.text("group"),
                queue.text("room"),
                queue.text("limit"),
                queue.text("dependency"),
                queue.text("time"),
                queue.text("policy"),
                TopFigures.seconds(queue.text("oldestWaitSeconds")),
                TopFigures.seconds(queue.text("assignSecondsP50")),
                TopFigures.seconds(queue.text("assignSecondsP99")),
                TopFigures.seconds(queue.text("startSecondsP50")),
                TopFigures.seconds(queue.text("startSecondsP99")));
        }
        section(queues);
    }

    private void owners(final JsonValue top)
    {
        final TextTable owners = new TextTable("OWNER", ">SESSIONS", ">PENDING", ">CPU", ">MEM", ">CPU LIMIT");
        for (final JsonValue owner : top.field("owners").items())
        {
            owners.row(
                owner.text("name"),
                owner.text("sessions"),
                owner.text("pending"),
                amount(owner.field("used"), "cpu").toPlainString(),
                Amounts.humanBytes(owner.field("used").number("mem", 0)),
                owner.field("limits").text("cpu"));
        }
        section(owners);
    }

    private void kernels(final JsonValue top)
    {
        final TextTable kernels = UsageText.table(">SESSION", ">KERNEL", "NAME", "AGENT");
        for (final JsonValue kernel : top.field("kernels").items())
        {
            UsageText.row(
                kernels, kernel.field("usage"), kernel.text("session"), kernel.text("kernel"), kernel.text("name"),
                kernel.text("agent"));
        }
        section(kernels);
    }

    private void waiters(final Api api, final JsonValue top)
    {
        final TextTable waiters = new TextTable(">ID", "NAME", "OWNER", "GROUP", ">PRIO", ">KERNELS", ">WAITED");
        for (final JsonValue session : top.field("waiters").items())
        {
            waiters.row(
                session.text("id"), session.text("name"), session.text("owner"), session.text("group"),
                session.text("priority"), session.text("kernels"),
                Sessions.duration(
                    Math.max(0, Sessions.millisBetween(session.text("submittedAt"), api.now().toString()))));
        }
        section(waiters);
    }

    private void section(final TextTable table)
    {
        if (!table.isEmpty())
        {
            print("");
            table.print(terminal().out());
        }
    }

    private static String others(final JsonValue of)
    {
        final List<String> words = new ArrayList<>();
        of.field("capacity").fields().forEach((slot, amount) ->
        {
            if (!"cpu".equals(slot) && !"mem".equals(slot) && amount(of.field("capacity"), slot).signum() > 0)
            {
                words.add(slot + " " + percent(of, slot));
            }
        });
        return String.join(", ", words);
    }

    private static String percent(final JsonValue of, final String slot)
    {
        final BigDecimal capacity = amount(of.field("capacity"), slot);
        return 0 == capacity.signum() ? "" : amount(of.field("used"), slot).movePointRight(2)
            .divide(capacity, 0, RoundingMode.HALF_UP) + "%";
    }

    /** The largest part of anything that is in use. */
    private static BigDecimal share(final JsonValue used, final JsonValue capacity)
    {
        BigDecimal share = BigDecimal.ZERO;
        for (final String slot : capacity.fields().keySet())
        {
            final BigDecimal whole = amount(capacity, slot);
            share = 0 == whole.signum() ? share :
                share.max(amount(used, slot).divide(whole, 6, RoundingMode.HALF_UP));
        }
        return share;
    }

    private static BigDecimal amount(final JsonValue slots, final String slot)
    {
        final String text = slots.text(slot);
        return text.isEmpty() ? BigDecimal.ZERO : new BigDecimal(text);
    }
}
