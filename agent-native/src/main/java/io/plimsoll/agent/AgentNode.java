package io.plimsoll.agent;

import io.plimsoll.agent.gpu.HostGpus;
import io.plimsoll.agent.kernel.FileKernelStore;
import io.plimsoll.agent.runtime.BootClock;
import io.plimsoll.agent.runtime.CompositeKernelRuntime;
import io.plimsoll.agent.runtime.DockerKernelRuntime;
import io.plimsoll.agent.runtime.OwnRuntimes;
import io.plimsoll.agent.runtime.ProcessKernelRuntime;
import io.plimsoll.agent.runtime.ProcessRuntimeOptions;
import io.plimsoll.agent.usage.UsageFeed;
import io.plimsoll.agent.usage.UsageSampler;
import io.plimsoll.transport.auth.JoinToken;
import io.plimsoll.transport.auth.SecretFiles;
import io.plimsoll.transport.link.AgentPortLookup;
import io.plimsoll.transport.link.DownlinkClient;
import io.plimsoll.transport.link.LinkOptions;
import io.plimsoll.transport.link.ManagerDiscovery;
import io.plimsoll.transport.uplink.AeronUplinks;
import io.plimsoll.transport.uplink.IdleStrategies;
import io.plimsoll.transport.uplink.MediaDriverHost;
import io.plimsoll.transport.uplink.MediaDriverOptions;
import io.plimsoll.transport.uplink.UplinkSenderFactory;
import io.plimsoll.transport.uplink.UplinkSenderOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.agrona.CloseHelper;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.SleepingMillisIdleStrategy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An agent in production: its parts put together, on one thread of its own besides those of the transport. Closing it
 * leaves kernels running; the next agent on the same data directory takes them up.
 */
public final class AgentNode implements AutoCloseable
{
    private static final Logger LOG = LoggerFactory.getLogger(AgentNode.class);
    private static final int LOOKUP_TIMEOUT_MS = 5_000;
    private static final long WATCH_INTERVAL_MS = 1_000;
    /** For an engine that answers, so that what is offered first is right; one that hangs comes later. */
    private static final long ENGINE_WAIT_NS = 2_000_000_000L;
    private static final long USAGE_TICK_MS = 250;
    /** A machine full of devices and of kernels to take up needs seconds. */
    private static final long START_TIMEOUT_NS = 300_000_000_000L;

    private final AgentThread thread;
    private final AgentRunner runner;
    private final List<AutoCloseable> closeables = new ArrayList<>();

    private AgentNode(final AgentContext context) throws IOException
    {
        SecretFiles.createDirectory(context.dataDirectory());
        closeables.add(0, AgentLock.acquire(context.dataDirectory()));
        final AgentIdleStrategy ownIdle = new AgentIdleStrategy();
        thread = new AgentThread(() -> assemble(context, ownIdle), context.onFailure());
        try
        {
            final IdleStrategy idle = context.idle().isEmpty() ? ownIdle : IdleStrategies.of(context.idle());
            runner = new AgentRunner(idle, thread::onError, null, thread);
            AgentRunner.startOnThread(runner, task -> new Thread(task, "plimsoll-agent"));
            thread.awaitAssembled(START_TIMEOUT_NS);
        }
        catch (final IOException | RuntimeException e)
        {
            if (!thread.isAbandoned())
            {
                CloseHelper.quietCloseAll(closeables);
            }
            // Else the lock is kept until this process ends: what hangs may still touch what another agent would.
            throw e;
        }
    }

    /**
     * Launches an agent. Returns once it has taken up the kernels of its earlier lives; it connects meanwhile, and for
     * as long as it takes, see {@link #status()}.
     *
     * @param context how.
     * @return the running agent.
     * @throws DirectoryInUseException  if another agent works on the data directory.
     * @throws IOException              if the data directory cannot be used; the message is for people.
     * @throws IllegalArgumentException if the context lacks something; the message is for people.
     */
    public static AgentNode launch(final AgentContext context) throws IOException
    {
        return new AgentNode(AgentContextValidator.checked(context));
    }

    /** How it stands. Any thread. */
    public AgentStatus status()
    {
        return thread.protocol().status();
    }

    /** What people should know of how kernels run here. */
    public List<String> notes()
    {
        return thread.notes();
    }

    /** On the agent's thread: what kernels are born bound to is what this thread is bound to then. */
    private AgentThread.Parts assemble(final AgentContext context, final AgentIdleStrategy idle) throws IOException
    {
        final Path kernels = context.dataDirectory().resolve("kernels");
        final Path own = agentDirectory(context);
        final FileAgentMemoryStore memoryStore = new FileAgentMemoryStore(own.resolve("agent.json"));
        final AgentMemory memory = memoryStore.load();
        final JoinToken token = joinToken(context, memory);
        final String caSha256 = null == token ? memory.caSha256() : token.caSha256();

        final HostOffer offer = new HostOffer(
            context.capacities(), context.labels(), HostGpus.find(), context.devices(), context.reserved());
        final ProcessKernelRuntime runtime = new ProcessKernelRuntime(new ProcessRuntimeOptions(
            own,
            kernels,
            "plimsoll-" + memory.uuid().toString().substring(0, 8),
            context.pinning(),
            context.memoryLimits(),
            context.logBytesMax(),
            context.scanIntervalNs(),
            offer.host(),
            context.ports(),
            context.process(), context.placement()));
        runtime.deviceAccess(offer::access);
        closeables.add(0, runtime);
        idle.waiter(runtime::awaitHint);
        final FileLeaseFile leaseFile = new FileLeaseFile(own);
        final DockerKernelRuntime containers = containers(context, memory, runtime, leaseFile);
        if (null != containers)
        {
            containers.awaitEngine(ENGINE_WAIT_NS);
        }
        final OwnRuntimes ownRuntimes = OwnRuntimes.open(
            context.runtimes(), own, offer.host(), runtime, kernels,
            key -> leaseFile.path(key.clusterIdHi(), key.clusterIdLo()));
        if (null != containers || !context.runtimes().isEmpty())
        {
            offer.labels(() -> labels(ownRuntimes, containers));
        }
        final UplinkSenderFactory uplinks = uplinks(context);
        final DownlinkClient links = new DownlinkClient(LinkOptions.agentDefaults(), caSha256);
        closeables.add(0, links);
        AgentPortLookup lookup = context.managerLookup();
        if (null == lookup && context.portIsApi())
        {
            lookup = new ManagerDiscovery(LOOKUP_TIMEOUT_MS);
            closeables.add(0, lookup);
        }

        final Offer first = offer.offer();
        final AgentProtocol protocol = new AgentProtocol(
            context.options(hostName(), token, caSha256, first),
            new AgentPorts(
                new BootClock(),
                links,
                lookup,
                uplinks,
                memoryStore,
                new FileKernelStore(kernels),
                new CompositeKernelRuntime(runtime, containers, ownRuntimes, context.runtime()),
                leaseFile,
                new ProcHostLoad(),
                kernels,
                usage(context, offer)));
        final List<String> notes = new ArrayList<>(runtime.notes());
        notes.addAll(offer.host().details().notes());
        notes.addAll(offer.notes());
        notes.addAll(ownRuntimes.notes());
        protocol.offer(first);
        watch(offer, protocol);
        return new AgentThread.Parts(protocol, List.copyOf(notes));
    }

    private static Map<String, String> labels(final OwnRuntimes own, final DockerKernelRuntime containers)
    {
        final Map<String, String> labels = new LinkedHashMap<>(own.labels());
        labels.putAll(null == containers ? Map.of() : containers.labels());
        return labels;
    }

    /** A driver in trouble may take seconds to answer, which is longer than leases can wait. */
    private void watch(final HostOffer offer, final AgentProtocol protocol)
    {
        final Agent watch = offer.watch(protocol::offer);
        if (null == watch)
        {
            closeables.add(0, offer);
            return;
        }
        final AgentRunner watching = new AgentRunner(
            new SleepingMillisIdleStrategy(WATCH_INTERVAL_MS),
            error -> LOG.error("GPUs and container engine could not be looked after", error),
            null,
            watch);
        AgentRunner.startOnThread(watching, task -> new Thread(task, watch.roleName()));
        closeables.add(0, watching);
    }

    /** Reading what is used may wait, for a disk or for a lock of the system, which leases cannot. */
    private UsageFeed usage(final AgentContext context, final HostOffer offer)
    {
        if (0 == context.usageIntervalNs())
        {
            return UsageFeed.NONE;
        }
        final UsageSampler sampler =
            new UsageSampler(new BootClock(), context.usageIntervalNs(), offer::gpuSamples);
        final AgentRunner sampling = new AgentRunner(
            new SleepingMillisIdleStrategy(USAGE_TICK_MS),
            error -> LOG.error("what is used could not be read", error),
            null,
            sampler);
        AgentRunner.startOnThread(sampling, task -> new Thread(task, sampler.roleName()));
        closeables.add(0, sampling);
        return sampler;
    }

    private DockerKernelRuntime containers(
        final AgentContext context,
        final AgentMemory memory,
        final ProcessKernelRuntime processes,
        final LeaseFile leaseFile) throws IOException
    {
        if (null == context.docker())
        {
            return null;
        }
        final DockerKernelRuntime containers = new DockerKernelRuntime(
            context.docker(),
            context.dataDirectory().resolve("kernels"),
            memory.uuid().toString(),
            agentDirectory(context),
            processes,
            key -> leaseFile.path(key.clusterIdHi(), key.clusterIdLo()));
        closeables.add(0, containers);
        return containers;
    }

    private UplinkSenderFactory uplinks(final AgentContext context) throws IOException
    {
        if (null != context.uplinks())
        {
            return context.uplinks();
        }
        final AeronUplinks uplinks;
        if (null != context.sharedMediaDriver())
        {
            uplinks = new AeronUplinks(context.sharedMediaDriver(), UplinkSenderOptions.ipc());
        }
        else
        {
            final MediaDriverHost driver = MediaDriverHost.launch(
                null == context.mediaDriverDirectory() ?
                    MediaDriverOptions.embedded() : MediaDriverOptions.external(context.mediaDriverDirectory()));
            closeables.add(0, driver);
            uplinks = new AeronUplinks(driver, UplinkSenderOptions.defaults());
        }
        closeables.add(0, uplinks);
        return uplinks;
    }

    private static Path agentDirectory(final AgentContext context) throws IOException
    {
        final Path directory = context.dataDirectory().resolve("agent");
        SecretFiles.createDirectory(directory);
        return directory;
    }

    /** The one given, else that of a manager on the same data directory, else none is needed. */
    private static JoinToken joinToken(final AgentContext context, final AgentMemory memory) throws IOException
    {
        if (null != context.joinToken())
        {
            return context.joinToken();
        }
        final Path file = context.dataDirectory().resolve("join-token");
        if (Files.exists(file))
        {
            return JoinToken.parse(SecretFiles.readLine(file));
        }
        if (memory.caSha256().isEmpty())
        {
            throw new IllegalArgumentException(
                "this agent has not joined a cluster yet: give it a join token; the manager keeps one in the file " +
                "join-token of its data directory");
        }
        return null;
    }

    private static String hostName()
    {
        try
        {
            return InetAddress.getLocalHost().getHostName();
        }
        catch (final UnknownHostException e)
        {
            return "localhost";
        }
    }

    @Override
    public void close()
    {
        runner.close();
        CloseHelper.quietCloseAll(closeables);
    }
}
