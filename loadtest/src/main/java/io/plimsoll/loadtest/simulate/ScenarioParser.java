package io.plimsoll.loadtest.simulate;

import io.plimsoll.loadtest.simulate.Scenario.FailureSpec;
import io.plimsoll.loadtest.simulate.SessionSpec.Dependency;
import io.plimsoll.transport.NearMatch;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Reads a scenario from YAML or JSON. Whatever cannot be is answered with its line and its field before anything runs;
 * docs/SIMULATE.md lists what may be said.
 */
public final class ScenarioParser
{
    /** As a scheduler would refuse it. */
    private static final int DEPENDENCIES_MAX = 256;
    private static final Map<String, FailureSpec.Kind> FAILURES = Map.of(
        "down", FailureSpec.Kind.DOWN,
        "starts-fail", FailureSpec.Kind.STARTS_FAIL,
        "drain", FailureSpec.Kind.DRAIN);

    private final FieldSet root;
    private final List<GroupSpec> groups = new ArrayList<>();
    private final Map<String, AgentSpec> agents = new LinkedHashMap<>();
    private final Map<String, List<String>> agentFamilies = new HashMap<>();
    private final Map<String, SessionSpec> sessions = new LinkedHashMap<>();
    private final List<FailureSpec> failures = new ArrayList<>();

    private final Function<YamlNode, GroupSpec> groupParser;

    private ScenarioParser(final YamlNode node, final Function<YamlNode, GroupSpec> groupParser)
    {
        this.groupParser = groupParser;
        root = new FieldSet(node);
    }

    /**
     * Reads a scenario.
     *
     * @param text YAML or JSON.
     * @throws ScenarioException that names line and field of what is wrong.
     */
    public static Scenario parse(final String text)
    {
        return new ScenarioParser(YamlNode.parse(text), GroupParser::parse).parse();
    }

    /**
     * The same, taking an order of a group that is not known as {@code drf}.
     *
     * @param text     YAML or JSON.
     * @param warnings are told of such orders: line, field, value and the orders that there are.
     * @throws ScenarioException that names line and field of what is wrong.
     */
    public static Scenario parse(final String text, final Consumer<String> warnings)
    {
        return new ScenarioParser(
            YamlNode.parse(text),
            group -> GroupParser.parse(group, order -> GroupParser.knownOrderOrDrf(order, warnings))).parse();
    }

    private Scenario parse()
    {
        readGroups();
        final OwnersParser owners = new OwnersParser(root, slotNames());
        final String group = usualGroup();
        readAgents(group);
        readSessions(owners, group);
        readFailures();
        root.end();
        return new Scenario(
            List.copyOf(groups), List.copyOf(agents.values()), owners.accounts(), ordered(), List.copyOf(failures));
    }

    private Set<String> slotNames()
    {
        final Set<String> names = new TreeSet<>();
        for (final YamlNode node : root.list("agents"))
        {
            final FieldSet slots = new FieldSet(node).object("slots");
            if (null != slots)
            {
                names.addAll(slots.entries().keySet());
            }
        }
        return names;
    }

    /** In the order of their names, whatever that of the file: the core breaks ties by number. */
    private void readAgents(final String group)
    {
        final List<YamlNode> nodes = new ArrayList<>(root.list("agents"));
        nodes.sort(Comparator.comparing(node -> new FieldSet(node).name()));
        for (final YamlNode node : nodes)
        {
            final List<String> names = new ArrayList<>();
            agentFamilies.put(new FieldSet(node).name(), names);
            for (final AgentSpec agent : AgentParser.parse(node, group))
            {
                names.add(agent.name());
                checkGroup(node, agent.group());
                final AgentSpec known = agents.putIfAbsent(agent.name(), agent);
                if (null != known)
                {
                    throw node.problem(agent.name() + " is already an agent in line " + known.line());
                }
            }
        }
    }

    private void readSessions(final OwnersParser owners, final String group)
    {
        final Map<String, List<String>> families = new HashMap<>();
        for (final YamlNode node : root.list("sessions"))
        {
            final List<String> names = new ArrayList<>();
            for (final SessionSpec session : SessionParser.parse(node, owners::ownerId, group, this::agentNames))
            {
                checkGroup(node, session.group());
                final SessionSpec known = sessions.putIfAbsent(session.name(), session);
                if (null != known)
                {
                    throw node.problem(session.name() + " is already a session in line " + known.line());
                }
                names.add(session.name());
            }
            families.put(new FieldSet(node).name(), names);
        }
        sessions.replaceAll((name, session) -> session.with(name, members(session, families)));
    }

    /** Names of agents; that of an entry of several stands for all of them. */
    private String agentNames(final YamlNode nodes)
    {
        final List<String> names = new ArrayList<>();
        for (final YamlNode node : nodes.items())
        {
            final String name = node.text();
            if (agents.containsKey(name))
            {
                names.add(name);
            }
            else if (agentFamilies.containsKey(name))
            {
                names.addAll(agentFamilies.get(name));
            }
            else
            {
                throw node.problem(
                    name + " is no agent of this scenario" + NearMatch.hint(NearMatch.find(name, agents.keySet())));
            }
        }
        return String.join("|", names);
    }

    /** Who waits for an entry of several sessions waits for all of them. */
    private List<Dependency> members(final SessionSpec session, final Map<String, List<String>> families)
    {
        final List<Dependency> members = new ArrayList<>();
        for (final Dependency dependency : session.after())
        {
            final List<String> names = sessions.containsKey(dependency.session()) ?
                List.of(dependency.session()) :
                families.getOrDefault(dependency.session(), List.of(dependency.session()));
            names.forEach(name -> members.add(new Dependency(name, dependency.anyEnd())));
        }
        if (members.size() > DEPENDENCIES_MAX)
        {
            throw new ScenarioException(
                session.line(),
                "after",
                session.name() + " waits for " + members.size() + " sessions; at most " + DEPENDENCIES_MAX);
        }
        return members;
    }

    private void readGroups()
    {
        final Set<String> names = new HashSet<>();
        for (final YamlNode node : root.list("groups"))
        {
            final GroupSpec group = groupParser.apply(node);
            if (!names.add(group.name()))
            {
                throw node.problem(group.name() + " is already a group of this scenario");
            }
            groups.add(group);
        }
        if (groups.isEmpty())
        {
            groups.add(GroupSpec.usual(GroupSpec.DEFAULT_NAME));
        }
    }

    /** Of those who name none: the one of that name, or the first. */
    private String usualGroup()
    {
        for (final GroupSpec group : groups)
        {
            if (GroupSpec.DEFAULT_NAME.equals(group.name()))
            {
                return group.name();
            }
        }
        return groups.get(0).name();
    }

    private void checkGroup(final YamlNode node, final String name)
    {
        for (final GroupSpec group : groups)
        {
            if (group.name().equals(name))
            {
                return;
            }
        }
        final YamlNode at = node.fields().getOrDefault("group", node);
        final List<String> known = groups.stream().map(GroupSpec::name).toList();
        throw at.problem(name + " is no group of this scenario; there are " + String.join(", ", known));
    }

    private void readFailures()
    {
        for (final YamlNode node : root.list("failures"))
        {
            final FieldSet fields = new FieldSet(node);
            final YamlNode agent = fields.need("agent");
            if (!agents.containsKey(agent.text()))
            {
                final boolean several = agents.containsKey(agent.text() + "-1");
                throw agent.problem(
                    agent.text() + " is no agent of this scenario" +
                        (several ?
                            "; there are " + agent.text() + "-1 and so on" :
                            NearMatch.hint(NearMatch.find(agent.text(), agents.keySet()))));
            }
            failures.add(new FailureSpec(
                fields.durationNs("at", 0),
                agent.text(),
                fields.durationNs("down", -1),
                fields.choice("kind", FailureSpec.Kind.DOWN, FAILURES),
                node.line()));
            fields.end();
        }
    }

    /* Order of submission. */

    /**
     * By time, then as in the file, but each behind what it depends on. Who depends on a session that is submitted
     * later could not be accepted, as by a manager.
     */
    private List<SessionSpec> ordered()
    {
        final TreeMap<Long, List<SessionSpec>> byTime = new TreeMap<>();
        for (final SessionSpec session : sessions.values())
        {
            checkDependencies(session);
            byTime.computeIfAbsent(session.atNs(), atNs -> new ArrayList<>()).add(session);
        }
        final List<SessionSpec> order = new ArrayList<>(sessions.size());
        final Map<String, Boolean> done = new HashMap<>();
        for (final List<SessionSpec> together : byTime.values())
        {
            together.forEach(session -> place(session, done, order));
        }
        return order;
    }

    private void checkDependencies(final SessionSpec session)
    {
        for (final Dependency dependency : session.after())
        {
            final SessionSpec before = sessions.get(dependency.session());
            if (null == before)
            {
                throw new ScenarioException(
                    session.line(),
                    "after",
                    dependency.session() + " is no session of this scenario" +
                        NearMatch.hint(NearMatch.find(dependency.session(), sessions.keySet())));
            }
            if (before.atNs() > session.atNs() && !dependsOn(before, session.name()))
            {
                throw new ScenarioException(
                    session.line(), "after", dependency.session() + " is submitted later than " + session.name());
            }
        }
    }

    /** Whether there is a way back, so that the complaint can be about the cycle. */
    private boolean dependsOn(final SessionSpec from, final String name)
    {
        final List<SessionSpec> open = new ArrayList<>(List.of(from));
        final Set<String> seen = new HashSet<>();
        while (!open.isEmpty())
        {
            for (final Dependency dependency : open.remove(open.size() - 1).after())
            {
                if (dependency.session().equals(name))
                {
                    return true;
                }
                if (sessions.containsKey(dependency.session()) && seen.add(dependency.session()))
                {
                    open.add(sessions.get(dependency.session()));
                }
            }
        }
        return false;
    }

    /** Depth first with a stack of its own: chains may be long. */
    private void place(final SessionSpec first, final Map<String, Boolean> done, final List<SessionSpec> order)
    {
        final List<SessionSpec> stack = new ArrayList<>(List.of(first));
        while (!stack.isEmpty())
        {
            final SessionSpec session = stack.get(stack.size() - 1);
            if (Boolean.TRUE.equals(done.get(session.name())))
            {
                stack.remove(stack.size() - 1);
                continue;
            }
            done.put(session.name(), false);
            final SessionSpec before = firstOpen(session, done);
            if (null == before)
            {
                done.put(session.name(), true);
                order.add(session);
                stack.remove(stack.size() - 1);
            }
            else
            {
                stack.add(before);
            }
        }
    }

    private SessionSpec firstOpen(final SessionSpec session, final Map<String, Boolean> done)
    {
        for (final Dependency dependency : session.after())
        {
            final Boolean state = done.get(dependency.session());
            if (null == state)
            {
                return sessions.get(dependency.session());
            }
            if (!state)
            {
                throw new ScenarioException(
                    session.line(), "after", session.name() + " waits for itself, through " + dependency.session());
            }
        }
        return null;
    }
}
