package io.plimsoll.agent.runtime;

import io.plimsoll.agent.kernel.Assignment;
import io.plimsoll.agent.kernel.KernelDirectory;
import io.plimsoll.agent.kernel.KernelKey;
import io.plimsoll.agent.plugin.PluginCalls;
import io.plimsoll.agent.plugin.RuntimeHost;
import io.plimsoll.agent.plugin.RuntimePlugin;
import io.plimsoll.agent.topology.HostTopology;
import io.plimsoll.transport.LaunchSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The runtimes of plugins that are configured, found through the context class loader. One that cannot be opened is
 * named, and the agent goes on without it. Of the agent's thread.
 */
public final class OwnRuntimes
{
    /** None at all, and no place for kernels that some earlier life of the agent may have had. */
    static final OwnRuntimes NONE = new OwnRuntimes(null, null);

    private static final Logger LOG = LoggerFactory.getLogger(OwnRuntimes.class);
    private static final long OPEN_NS = TimeUnit.SECONDS.toNanos(10);
    private static final int CALL_MAX = 64;
    private static final String PRESENT = "plugin";
    /** Names those that do not work here. */
    private static final String BROKEN_LABEL = "degraded.runtimes";

    private final PluginLaunches launches;
    private final Path kernels;
    private final UnattendedKernels unattended;
    private final Map<String, PluginKernelRuntime> runtimes = new LinkedHashMap<>();
    private final Map<String, String> broken = new LinkedHashMap<>();
    private final List<String> notes = new ArrayList<>();

    private OwnRuntimes(final PluginLaunches launches, final Path kernels)
    {
        this.launches = launches;
        this.kernels = kernels;
        unattended = null == launches ? null : new UnattendedKernels(launches);
    }

    /**
     * Opens those that are configured.
     *
     * @param configured setting by name.
     * @param directory  of the agent, in which each gets one of its own.
     * @param host       that they run on.
     * @param processes  runtime with which all that the host has is shared.
     * @param kernels    directory of the kernels' directories.
     * @param leaseFile  of the cluster of a kernel.
     */
    public static OwnRuntimes open(
        final Map<String, String> configured,
        final Path directory,
        final HostTopology host,
        final ProcessKernelRuntime processes,
        final Path kernels,
        final Function<KernelKey, Path> leaseFile)
    {
        final OwnRuntimes own = new OwnRuntimes(new PluginLaunches(processes, kernels, leaseFile), kernels);
        if (!configured.isEmpty())
        {
            final Map<String, RuntimePlugin> known = own.known();
            configured.forEach((name, setting) ->
                own.open(name, setting, known, new RuntimeHost(directory.resolve("runtimes").resolve(name), host)));
        }
        return own;
    }

    private Map<String, RuntimePlugin> known()
    {
        final Map<String, RuntimePlugin> known = new TreeMap<>();
        final Iterator<RuntimePlugin> all = ServiceLoader.load(RuntimePlugin.class).iterator();
        boolean hasMore = true;
        while (hasMore)
        {
            try
            {
                hasMore = all.hasNext();
                if (hasMore)
                {
                    final RuntimePlugin plugin = all.next();
                    known.putIfAbsent(plugin.name(), plugin);
                }
            }
            catch (final ServiceConfigurationError | RuntimeException | LinkageError e)
            {
                note("a runtime plugin cannot be made: " + e.getMessage());
            }
        }
        return known;
    }

    private void open(
        final String name, final String setting, final Map<String, RuntimePlugin> known, final RuntimeHost host)
    {
        final RuntimePlugin plugin = known.get(name);
        if (null == plugin)
        {
            broken(name, "there is no such plugin; there are " +
                (known.isEmpty() ? "none" : String.join(", ", known.keySet())));
            return;
        }
        if (!LaunchSpec.isRuntimeName(name))
        {
            broken(name, "a name has lower case letters, digits and hyphens, and is not process or docker");
            return;
        }
        final PluginCalls calls = new PluginCalls(name, plugin.getClass().getClassLoader(), CALL_MAX);
        try
        {
            Files.createDirectories(host.directory());
            calls.call(
                () ->
                {
                    plugin.open(setting, host);
                    return null;
                },
                OPEN_NS);
            runtimes.put(name, new PluginKernelRuntime(name, plugin, calls, PluginDeadlines.DEFAULTS, launches));
        }
        catch (final IOException | PluginCalls.PluginException e)
        {
            calls.close();
            broken(name, "it cannot be opened: " + e.getMessage());
        }
    }

    private void broken(final String name, final String why)
    {
        broken.put(name, why);
        note("agent.runtimes." + name + ": " + why + "; sessions that name it do not come here");
    }

    private void note(final String text)
    {
        LOG.error("{}", text);
        notes.add(text);
    }

    /** What went wrong, for people. */
    public List<String> notes()
    {
        return List.copyOf(notes);
    }

    /** Labels by which sessions find those that are here. Any thread. */
    public Map<String, String> labels()
    {
        final Map<String, String> labels = new LinkedHashMap<>();
        runtimes.keySet().forEach(name -> labels.put(LaunchSpec.RUNTIME_LABEL + name, PRESENT));
        broken.keySet().forEach(name -> labels.merge(BROKEN_LABEL, name, (one, other) -> one + ',' + other));
        return labels;
    }

    Collection<PluginKernelRuntime> all()
    {
        return runtimes.values();
    }

    /** Null: it is not here. */
    PluginKernelRuntime find(final String name)
    {
        return runtimes.get(name);
    }

    /** Why it is not here. */
    String whyNot(final String name)
    {
        return broken.containsKey(name) ? "the runtime " + name + " does not work on this agent: " + broken.get(name) :
            "this agent has no runtime " + name + ": it is not named under agent.runtimes";
    }

    /** Name of the runtime that a kernel was started by; null: processes or containers. */
    String of(final Assignment assignment)
    {
        return null == kernels ? null :
            KernelFiles.line(KernelDirectory.of(kernels, assignment.key()), KernelDirectory.RUNTIME);
    }

    boolean adopt(final Assignment assignment, final String name, final long nowNs)
    {
        final PluginKernelRuntime runtime = runtimes.get(name);
        return null == runtime ? unattended.adopt(assignment, name) : runtime.adopt(assignment, nowNs);
    }

    int poll(final KernelListener listener, final long nowNs)
    {
        int workCount = null == unattended ? 0 : unattended.poll(listener, nowNs);
        for (final PluginKernelRuntime runtime : runtimes.values())
        {
            workCount += runtime.poll(listener, nowNs);
        }
        return workCount;
    }

    int alive()
    {
        return runtimes.values().stream().mapToInt(PluginKernelRuntime::alive).sum() +
            (null == unattended ? 0 : unattended.count());
    }
}
