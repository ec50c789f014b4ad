package io.plimsoll.loadtest.whatif;

import io.plimsoll.core.sbe.AccountLevel;
import io.plimsoll.loadtest.simulate.AgentParser;
import io.plimsoll.loadtest.simulate.AgentSpec;
import io.plimsoll.loadtest.simulate.FieldSet;
import io.plimsoll.loadtest.simulate.GroupParser;
import io.plimsoll.loadtest.simulate.ScenarioException;
import io.plimsoll.loadtest.simulate.SessionParser;
import io.plimsoll.loadtest.simulate.SessionSpec;
import io.plimsoll.loadtest.simulate.YamlNode;
import io.plimsoll.transport.NearMatch;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Reads what shall be different, from YAML or JSON. Whatever cannot be is answered with its line and its field before
 * anything is decided; docs/WHAT_IF.md lists what may be said.
 */
final class ChangeParser
{
    private static final BigDecimal FACTOR_MAX = BigDecimal.valueOf(1_000);

    private final FieldSet root;
    private final ClusterBooks books;
    private final OwnerChanges owners;
    private final Map<String, List<String>> addedAgents = new HashMap<>();

    private ChangeParser(final YamlNode node, final ClusterBooks books)
    {
        root = new FieldSet(node);
        this.books = books;
        owners = new OwnerChanges(root.object("owners"), books);
    }

    /**
     * Reads a change.
     *
     * @param text  YAML or JSON.
     * @param books of the whole journal, whose names may be used.
     * @throws ScenarioException that names line and field of what is wrong.
     */
    static Change parse(final String text, final ClusterBooks books)
    {
        final YamlNode node = YamlNode.parse(text);
        if (node.isNull())
        {
            return Change.NOTHING;
        }
        return new ChangeParser(node, books).parse();
    }

    private Change parse()
    {
        final List<Change.GroupChange> groups = groups();
        final FieldSet agents = root.object("agents");
        final List<AgentSpec> agentsAdded = new ArrayList<>();
        final Set<String> agentsRemoved = new LinkedHashSet<>();
        if (null != agents)
        {
            agents.list("add").forEach(node -> addAgents(node, agentsAdded));
            agents.list("remove").forEach(node -> agentsRemoved.add(agentName(node)));
            agents.end();
        }
        final FieldSet sessions = root.object("sessions");
        final List<SessionSpec> added = new ArrayList<>();
        final List<Selector> removed = new ArrayList<>();
        final List<Submission.Scale> scales = new ArrayList<>();
        if (null != sessions)
        {
            addSessions(sessions.list("add"), added);
            sessions.list("remove").forEach(node -> removed.add(removal(node)));
            sessions.list("scale").forEach(node -> scales.add(scale(node)));
            sessions.end();
        }
        root.end();
        return new Change(groups, owners.changes(), agentsAdded, agentsRemoved, added, removed, scales);
    }

    private static ScenarioException unknown(
        final YamlNode node, final String name, final String what, final Collection<String> known)
    {
        final List<String> near = NearMatch.find(name, known);
        return node.problem(name + " is no " + what + " of this journal" + (near.isEmpty() ?
            known.isEmpty() ? "; it has none" : "; there are " + some(known) :
            NearMatch.hint(near)));
    }

    private static String some(final Collection<String> names)
    {
        final List<String> first = names.stream().limit(10).toList();
        return String.join(", ", first) + (names.size() > first.size() ? " and " + (names.size() - 10) + " more" : "");
    }

    private Set<String> groupNames()
    {
        final Set<String> names = new TreeSet<>();
        books.groups.values().forEach(group -> names.add(group.name));
        return names;
    }

    private String groupName(final YamlNode node)
    {
        if (!groupNames().contains(node.text()))
        {
            throw unknown(node, node.text(), "group", groupNames());
        }
        return node.text();
    }

    /* Groups. */

    private List<Change.GroupChange> groups()
    {
        final List<Change.GroupChange> groups = new ArrayList<>();
        final Set<String> names = new HashSet<>();
        for (final YamlNode node : root.list("groups"))
        {
            final Change.GroupChange group = new Change.GroupChange(GroupParser.parse(node), node.fields().keySet());
            final String name = groupName(node.fields().get("name"));
            if (!names.add(name))
            {
                throw node.problem(name + " is changed twice; say all about it in one place");
            }
            groups.add(group);
        }
        return groups;
    }

    private String usualGroup()
    {
        return groupNames().contains("default") || books.groups.isEmpty() ?
            "default" :
            books.groups.firstEntry().getValue().name;
    }

    /* Machines. */

    private Set<String> agentNames()
    {
        final Set<String> names = new TreeSet<>();
        books.agents.values().forEach(agent -> names.add(agent.name));
        return names;
    }

    private String agentName(final YamlNode node)
    {
        if (!agentNames().contains(node.text()))
        {
            throw unknown(node, node.text(), "agent", agentNames());
        }
        return node.text();
    }

    private void addAgents(final YamlNode node, final List<AgentSpec> added)
    {
        final List<AgentSpec> agents = node.isObject() && node.fields().containsKey("like") ?
            likeAgents(node) :
            AgentParser.parse(node, usualGroup());
        final List<String> names = new ArrayList<>();
        for (final AgentSpec agent : agents)
        {
            if (!groupNames().contains(agent.group()))
            {
                throw unknown(node.fields().getOrDefault("group", node), agent.group(), "group", groupNames());
            }
            if (agentNames().contains(agent.name()) || added.stream().anyMatch(one -> one.name().equals(agent.name())))
            {
                throw node.problem(agent.name() + " is already an agent; give the new ones another name");
            }
            added.add(agent);
            names.add(agent.name());
        }
        addedAgents.put(new FieldSet(node).name(), names);
    }

    private List<AgentSpec> likeAgents(final YamlNode node)
    {
        final FieldSet fields = new FieldSet(node);
        final String name = fields.name();
        final String model = agentName(fields.need("like"));
        final int count = (int)fields.count("count", 1, 1, 100_000);
        final long atNs = fields.durationNs("at", 0);
        final String group = fields.text("group", null);
        fields.end();
        final AgentSpec like = books.agents.values().stream()
            .filter(agent -> agent.name.equals(model))
            .findFirst()
            .orElseThrow()
            .spec;
        final List<AgentSpec> agents = new ArrayList<>();
        for (int number = 1; number <= count; number++)
        {
            agents.add(new AgentSpec(
                1 == count ? name : name + "-" + number,
                null == group ? like.group() : group,
                like.arch(),
                atNs,
                like.slots(),
                like.labels(),
                like.kernelsMax(),
                node.line()));
        }
        return agents;
    }

    /* Sessions. */

    private void addSessions(final List<YamlNode> nodes, final List<SessionSpec> added)
    {
        final Map<String, Long> atByName = new HashMap<>();
        for (final YamlNode node : nodes)
        {
            for (final SessionSpec session :
                SessionParser.parse(node, owners::ownerId, usualGroup(), this::agentNames))
            {
                if (!groupNames().contains(session.group()))
                {
                    throw unknown(node.fields().getOrDefault("group", node), session.group(), "group", groupNames());
                }
                for (final SessionSpec.Dependency before : session.after())
                {
                    final Long atNs = atByName.get(before.session());
                    if (null == atNs || atNs > session.atNs())
                    {
                        throw node.problem(
                            "after: " + before.session() + " is no session that is added above, and not later");
                    }
                }
                if (null != atByName.put(session.name(), session.atNs()))
                {
                    throw node.problem(session.name() + " is already a session that is added");
                }
                added.add(session);
            }
        }
        added.sort(Comparator.comparingLong(SessionSpec::atNs));
    }

    private String agentNames(final YamlNode nodes)
    {
        final List<String> names = new ArrayList<>();
        for (final YamlNode node : nodes.items())
        {
            names.addAll(addedAgents.containsKey(node.text()) ?
                addedAgents.get(node.text()) :
                List.of(agentName(node)));
        }
        return String.join("|", names);
    }

    private Selector removal(final YamlNode node)
    {
        if (node.isScalar())
        {
            return ids(node);
        }
        final FieldSet fields = new FieldSet(node);
        final Selector selector = selector(fields, true);
        fields.end();
        return selector;
    }

    private static Selector ids(final YamlNode node)
    {
        final String text = node.text().strip();
        if (!text.matches("[0-9]{1,18}(-[0-9]{1,18})?"))
        {
            throw node.problem(
                text + " is no session: use an id such as 17, ids such as 20-30, or an object such as {user: alice}");
        }
        final String[] ends = text.split("-");
        final long first = Long.parseLong(ends[0]);
        final long last = Long.parseLong(ends[ends.length - 1]);
        if (first < 1 || last < first)
        {
            throw node.problem(text + " is no range of sessions: the first id is 1 or more, and the last not below it");
        }
        return new Selector(null, null, first, last);
    }

    private Selector selector(final FieldSet fields, final boolean withIds)
    {
        final boolean all = fields.flag("all", false);
        final Set<Integer> accounts = owners.select(fields);
        final YamlNode group = fields.find("group");
        final YamlNode ids = withIds ? fields.find("ids") : null;
        if (!all && null == accounts && null == group && null == ids)
        {
            throw fields.node().problem(
                "it says not of which sessions: use " + (withIds ? "ids, " : "") +
                    "owner, user, project, domain, keypair, group, or all: true");
        }
        final Selector range = null == ids ? Selector.ALL : ids(ids);
        return new Selector(accounts, null == group ? null : groupName(group), range.firstId(), range.lastId());
    }

    private Submission.Scale scale(final YamlNode node)
    {
        final FieldSet fields = new FieldSet(node);
        final Selector whom = selector(fields, false);
        final BigDecimal count = factor(fields, "count", true);
        final BigDecimal rate = factor(fields, "rate", true);
        if (null != count && null != rate)
        {
            throw node.problem("count and rate mean the same: give one of them");
        }
        final Submission.Scale scale = new Submission.Scale(
            whom,
            null == count ? rate : count,
            factor(fields, "duration", true),
            factor(fields, "limit", false),
            factor(fields, "cpu", false),
            factor(fields, "mem", false),
            factor(fields, "gpu", false));
        fields.end();
        if (scale.equals(new Submission.Scale(whom, null, null, null, null, null, null)))
        {
            throw node.problem("it says not what to multiply: use count, duration, limit, cpu, mem or gpu");
        }
        return scale;
    }

    private static BigDecimal factor(final FieldSet fields, final String name, final boolean zero)
    {
        final YamlNode node = fields.find(name);
        if (null == node)
        {
            return null;
        }
        try
        {
            final BigDecimal factor = new BigDecimal(node.text().strip());
            if (factor.signum() > (zero ? -1 : 0) && factor.compareTo(FACTOR_MAX) <= 0 && factor.scale() <= 6)
            {
                return factor;
            }
        }
        catch (final NumberFormatException ex)
        {
            throw problem(node, zero);
        }
        throw problem(node, zero);
    }

    private static ScenarioException problem(final YamlNode node, final boolean zero)
    {
        return node.problem(
            node.text() + " is no factor: use a number " + (zero ? "from 0" : "above 0") +
                " to 1000, such as 2 or 0.5");
    }

    /** Levels of accounts by field. */
    static final Map<String, AccountLevel> LEVELS = Map.of(
        "domain", AccountLevel.DOMAIN,
        "project", AccountLevel.PROJECT,
        "user", AccountLevel.USER,
        "keypair", AccountLevel.KEYPAIR);
}
