package io.plimsoll.ops.server;

import io.plimsoll.agent.AgentContext;
import io.plimsoll.agent.AgentNode;
import io.plimsoll.agent.DirectoryInUseException;
import io.plimsoll.journal.JournalException;
import io.plimsoll.journal.JournalFullException;
import io.plimsoll.journal.JournalLockedException;
import io.plimsoll.manager.DataDirectoryInUseException;
import io.plimsoll.manager.Manager;
import io.plimsoll.ops.cli.Api;
import io.plimsoll.ops.cli.CliException;
import io.plimsoll.ops.cli.ExitCode;
import io.plimsoll.ops.cli.JsonValue;
import io.plimsoll.ops.cli.PolicyJars;
import io.plimsoll.transport.auth.SecretFiles;
import io.plimsoll.transport.http.ApiTarget;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A manager, an agent, or both in one process. What cannot be started is answered with a sentence and an exit code;
 * what has been started by then is stopped again.
 */
final class Node implements AutoCloseable
{
    private static final String ADDRESS = "address";
    private static final String AGENT_ADDRESS = "agent-address";
    private static final int AGENT_PORT_DEFAULT = 7078;

    private final LogLevels logLevels = new LogLevels();
    private Settings settings;
    private ConfigWatch watch;
    private EtcdManagerLookup lookup;
    private List<String> policies = List.of();
    private List<String> jarNotes = List.of();
    private Manager manager;
    private AgentNode agent;

    private Node(final Settings settings)
    {
        this.settings = settings;
    }

    /**
     * Starts the parts and returns when they run; the agent connects meanwhile.
     *
     * @param settings    of both.
     * @param withManager whether to start a manager.
     * @param withAgent   whether to start an agent.
     * @throws CliException if a part cannot be started.
     */
    static Node start(final Settings settings, final boolean withManager, final boolean withAgent)
    {
        return start(new Node(settings), null, withManager, withAgent);
    }

    /**
     * The same, with what etcd says, if one is configured.
     *
     * @param source of the settings.
     */
    static Node start(final SettingsSource source, final boolean withManager, final boolean withAgent)
    {
        final Settings settings = Settings.read(source);
        settings.warnings().forEach(warning -> source.terminal().err().println("plimsoll: " + warning));
        return start(new Node(settings), source, withManager, withAgent);
    }

    private static Node start(
        final Node node, final SettingsSource source, final boolean withManager, final boolean withAgent)
    {
        final Settings settings = node.settings;
        try
        {
            SecretFiles.createDirectory(settings.data());
            // Read by the logging configuration, so it has to be set before the first logger is made.
            System.setProperty("plimsoll.logs", settings.data().resolve("logs").toString());
            System.setProperty("plimsoll.log", withManager ? "plimsoll" : "agent");
            node.logLevels.apply(settings.log());
            if (withManager && null != source && null != settings.etcd())
            {
                node.watchConfiguration(source);
            }
            if (withManager)
            {
                node.startManager();
            }
            if (withAgent)
            {
                node.startAgent();
            }
            return node;
        }
        catch (final IOException | RuntimeException ex)
        {
            node.close();
            throw explained(ex, settings.data());
        }
    }

    /** The API of the manager of this node. */
    Api api()
    {
        final String token;
        try
        {
            token = SecretFiles.readLine(settings.data().resolve("token"));
        }
        catch (final IOException ex)
        {
            throw new CliException(ExitCode.JOURNAL, "the token in " + settings.data() + " cannot be read");
        }
        return new Api(ApiTarget.parse(url(), token), "it has stopped");
    }

    /** What runs, for programs. */
    Map<String, Object> facts()
    {
        final Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("pid", ProcessHandle.current().pid());
        facts.put("data", settings.data().toString());
        if (null != manager)
        {
            facts.put("url", url());
            facts.put("agentPort", manager.agentPort());
            if (0 != manager.binaryPort())
            {
                facts.put("binaryPort", manager.binaryPort());
            }
            facts.put("durability", durability());
            facts.put("policies", policies);
        }
        if (null != agent)
        {
            facts.put("notes", notes());
        }
        return facts;
    }

    private List<String> notes()
    {
        final List<String> notes = new ArrayList<>(jarNotes);
        if (null != lookup && !lookup.trouble().isEmpty())
        {
            notes.add(
                "etcd does not answer (" + lookup.trouble() + "); the manager is looked for where it was last seen");
        }
        notes.addAll(agent.notes());
        return notes;
    }

    /** What runs, for people. */
    List<String> messages()
    {
        final List<String> messages = new ArrayList<>();
        if (null != manager)
        {
            messages.add("manager at " + url() + ", journal " + durability() + ", data in " + settings.data());
            messages.add("agents join with: plimsoll agent --manager " + agentAddress() + " --join-token-file " +
                settings.data().resolve("join-token"));
            if (null != watch)
            {
                watch.notes().forEach(note -> messages.add("note: " + note));
            }
            if (!policies.isEmpty())
            {
                messages.add("policies of your own: " + String.join(", ", policies));
            }
        }
        if (null != agent)
        {
            messages.add(null == manager ? "agent runs, data in " + settings.data() : "a local agent runs too");
            notes().forEach(note -> messages.add("note: " + note));
        }
        messages.add("stop with Ctrl-C; sessions that run go on, and are taken up at the next start");
        return messages;
    }

    @Override
    public void close()
    {
        // The agent first: its last reports are journalled while the manager still takes them.
        if (null != agent)
        {
            agent.close();
            agent = null;
        }
        if (null != lookup)
        {
            lookup.close();
            lookup = null;
        }
        if (null != watch)
        {
            watch.close();
            watch = null;
        }
        if (null != manager)
        {
            manager.close();
            manager = null;
        }
    }

    private void watchConfiguration(final SettingsSource source)
    {
        watch = ConfigWatch.open(source, settings, logLevels);
        settings = watch.settings();
        logLevels.apply(settings.log());
    }

    private void startManager() throws IOException
    {
        policies = PolicyJars.load(settings.terminal());
        manager = Manager.launch(settings.manager());
        write(ADDRESS, url());
        write(AGENT_ADDRESS, agentAddress());
        if (null != watch)
        {
            final String place = JsonValue.of(Map.of(
                "agents", advertised(settings.manager().agentAddress()) + ":" + manager.agentPort(),
                "api", url(advertised(settings.manager().apiAddress())))).toString();
            watch.start(manager.services(), () -> place);
        }
    }

    /** Where hosts other than this one can connect to what listens everywhere. */
    private String advertised(final InetSocketAddress address)
    {
        final String host = address.getHostString();
        if (!settings.etcd().advertise().isEmpty())
        {
            return settings.etcd().advertise();
        }
        if (!address.getAddress().isAnyLocalAddress())
        {
            return host;
        }
        try
        {
            return InetAddress.getLocalHost().getHostName();
        }
        catch (final UnknownHostException ex)
        {
            return host(host);
        }
    }

    private void startAgent() throws IOException
    {
        final AgentContext context = settings.agent();
        if (null == manager && !(context.devices().isEmpty() && context.runtimes().isEmpty()))
        {
            jarNotes = PolicyJars.loadForAgent(settings.terminal());
        }
        if (null != manager)
        {
            context.manager(host(settings.manager().agentAddress().getHostString()), manager.agentPort());
        }
        else
        {
            findManager(context);
        }
        // A process without its agent would look alive and run nothing. Kernels outlive it; whoever watches starts it
        // again.
        context.onFailure(error -> Runtime.getRuntime().halt(ExitCode.INTERNAL));
        agent = AgentNode.launch(context);
    }

    /** As told, else where a manager on the same data directory listens, else where one would by default. */
    private void findManager(final AgentContext context) throws IOException
    {
        final Path file = settings.data().resolve(AGENT_ADDRESS);
        String address = settings.managerAddress();
        if (null == address && null != settings.etcd())
        {
            lookup = EtcdManagerLookup.start(settings.etcd(), settings.data().resolve("agent-etcd-last-seen"));
            context.managerLookup(lookup);
            return;
        }
        if (null == address)
        {
            address = Files.exists(file) ? Files.readString(file).strip() : "127.0.0.1:" + AGENT_PORT_DEFAULT;
        }
        if (address.contains("://"))
        {
            final ApiTarget target = ApiTarget.parse(address, null);
            context.managerApi(target.host(), target.port());
        }
        else
        {
            final Endpoint endpoint = Endpoint.parse(address);
            context.manager(endpoint.host(), endpoint.port());
        }
    }

    private String url()
    {
        return url(host(settings.manager().apiAddress().getHostString()));
    }

    private String url(final String host)
    {
        return (settings.isTls() ? "https" : "http") + "://" + host + ":" + manager.apiPort();
    }

    private String agentAddress()
    {
        return host(settings.manager().agentAddress().getHostString()) + ":" + manager.agentPort();
    }

    private String durability()
    {
        return settings.manager().commitMode().name().toLowerCase(Locale.ROOT);
    }

    private void write(final String name, final String text) throws IOException
    {
        final Path file = settings.data().resolve(name);
        final Path temporary = settings.data().resolve(name + ".new");
        Files.writeString(temporary, text + "\n", StandardCharsets.UTF_8);
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Where one can connect to what listens everywhere. */
    private static String host(final String host)
    {
        return "0.0.0.0".equals(host) || "::".equals(host) ? "127.0.0.1" : host;
    }

    private static RuntimeException explained(final Exception ex, final Path data)
    {
        if (ex instanceof CliException)
        {
            return (CliException)ex;
        }
        if (ex instanceof DataDirectoryInUseException || ex instanceof DirectoryInUseException ||
            ex instanceof JournalLockedException)
        {
            return new CliException(ExitCode.CONFLICT, ex.getMessage());
        }
        if (ex instanceof JournalFullException)
        {
            return new CliException(ExitCode.OVERLOADED, ex.getMessage());
        }
        if (ex instanceof JournalException)
        {
            return new CliException(ExitCode.JOURNAL, ex.getMessage());
        }
        if (String.valueOf(ex.getMessage()).startsWith("cannot listen"))
        {
            return new CliException(ExitCode.CONFLICT, ex.getMessage());
        }
        if (ex instanceof UncheckedIOException)
        {
            return new CliException(ExitCode.JOURNAL, ex.getMessage());
        }
        if (ex instanceof IOException)
        {
            return new CliException(
                ExitCode.JOURNAL, "the data directory " + data + " cannot be used: " + ex.getMessage());
        }
        if (ex instanceof IllegalArgumentException)
        {
            return new CliException(ExitCode.USAGE, ex.getMessage());
        }
        return ex instanceof RuntimeException unexpected ? unexpected : new IllegalStateException(ex);
    }
}
