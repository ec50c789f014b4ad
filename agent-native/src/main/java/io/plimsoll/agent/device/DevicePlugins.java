package io.plimsoll.agent.device;

import io.plimsoll.agent.gpu.GpuSample;
import io.plimsoll.agent.plugin.PluginCalls;
import io.plimsoll.agent.topology.DeviceSlices;
import io.plimsoll.agent.topology.FailedDevice;
import io.plimsoll.agent.topology.HostDevice;
import io.plimsoll.agent.topology.HostTopology;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The devices of all plugins that are configured. Looked at by one thread; what was found may be read by any. No plugin
 * takes the agent down, however broken.
 */
public final class DevicePlugins implements AutoCloseable
{
    private static final Logger LOG = LoggerFactory.getLogger(DevicePlugins.class);
    private static final Pattern SLOT = Pattern.compile("[a-z][a-z0-9._-]{0,62}");
    private static final Set<String> TAKEN = Set.of("cpu", "mem");
    private static final long OPEN_NS = TimeUnit.SECONDS.toNanos(10);
    /** For most plugins a look is a matter of milliseconds; one that hangs costs the others this once. */
    private static final long LOOK_NS = TimeUnit.SECONDS.toNanos(1);
    private static final int CALL_MAX = 2;

    private final List<Opened> plugins = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final Map<String, FailedDevice> failedById = new LinkedHashMap<>();
    private volatile Map<String, PluginDevice> found = Map.of();
    private volatile List<FailedDevice> failed = List.of();

    private static final class Opened
    {
        private final String name;
        private final DevicePlugin plugin;
        private final PluginCalls calls;
        private final Set<String> ids = new HashSet<>();
        private PluginCalls.Call<List<PluginDevice>> looking;

        Opened(final String name, final DevicePlugin plugin)
        {
            this.name = name;
            this.plugin = plugin;
            calls = new PluginCalls("devices-" + name, plugin.getClass().getClassLoader(), CALL_MAX);
        }
    }

    /**
     * Opens those that are configured, and looks for the first time.
     *
     * @param configured setting by name.
     * @param host       with the devices that the agent found by itself.
     */
    public DevicePlugins(final Map<String, String> configured, final HostTopology host)
    {
        if (configured.isEmpty())
        {
            return;
        }
        final Map<String, DevicePlugin> known = known();
        final List<HostDevice> all = new ArrayList<>(host.devices());
        configured.forEach((name, setting) ->
        {
            final DevicePlugin plugin = known.get(name);
            if (null == plugin)
            {
                note("agent.devices." + name + ": there is no such plugin; there are " +
                    String.join(", ", known.keySet()));
            }
            else
            {
                open(plugin, name, setting, host, all);
            }
        });
    }

    private Map<String, DevicePlugin> known()
    {
        final Map<String, DevicePlugin> known = new TreeMap<>();
        final Iterator<DevicePlugin> all = ServiceLoader.load(DevicePlugin.class).iterator();
        boolean hasMore = true;
        while (hasMore)
        {
            try
            {
                hasMore = all.hasNext();
                if (hasMore)
                {
                    final DevicePlugin plugin = all.next();
                    known.putIfAbsent(plugin.name(), plugin);
                }
            }
            catch (final ServiceConfigurationError | RuntimeException | LinkageError e)
            {
                note("a device plugin cannot be made: " + e.getMessage());
            }
        }
        return known;
    }

    private void open(
        final DevicePlugin plugin,
        final String name,
        final String setting,
        final HostTopology host,
        final List<HostDevice> all)
    {
        final Opened opened = new Opened(name, plugin);
        try
        {
            final List<PluginDevice> devices = opened.calls.call(
                () ->
                {
                    plugin.open(setting, host);
                    return plugin.look();
                },
                OPEN_NS);
            final Set<String> taken = new HashSet<>(all.stream().map(HostDevice::id).toList());
            devices.forEach(one -> check(one, opened.ids, taken));
            addAll(devices, all);
            plugins.add(opened);
            merge(devices);
        }
        catch (final PluginCalls.PluginException | RuntimeException e)
        {
            opened.calls.close();
            note("device plugin " + name + " is broken, and its devices are not offered: " + e.getMessage());
        }
    }

    /** To those that the host has; throws if one would be there whole and in slices. */
    private static void addAll(final List<PluginDevice> found, final List<HostDevice> all)
    {
        final List<HostDevice> together = new ArrayList<>(all);
        found.forEach(one -> together.add(one.device()));
        final HostDevice slice = DeviceSlices.besideItsWhole(together);
        if (null != slice)
        {
            throw new IllegalArgumentException(DeviceSlices.conflict(slice, together));
        }
        found.forEach(one -> all.add(one.device()));
    }

    private static void check(final PluginDevice found, final Set<String> own, final Set<String> taken)
    {
        final HostDevice device = found.device();
        if (taken.contains(device.id()) || !own.add(device.id()))
        {
            throw new IllegalArgumentException("there are two devices " + device.id());
        }
        if (!SLOT.matcher(device.slot()).matches() || TAKEN.contains(device.slot()))
        {
            throw new IllegalArgumentException(
                "device " + device.id() + ": the slot " + device.slot() + " should be a name such as npu.device");
        }
        if (device.slot().endsWith(HostDevice.SHARES))
        {
            throw new IllegalArgumentException(
                "device " + device.id() + ": shares are had of whole devices; call the slot " +
                    device.slot().substring(0, device.slot().length() - HostDevice.SHARES.length()) +
                    HostDevice.DEVICES);
        }
        try
        {
            found.access().checked();
        }
        catch (final IllegalArgumentException e)
        {
            throw new IllegalArgumentException("device " + device.id() + ": " + e.getMessage(), e);
        }
    }

    private void note(final String text)
    {
        LOG.error("{}", text);
        notes.add(text);
    }

    /** What went wrong at the start, for people. */
    public List<String> notes()
    {
        return List.copyOf(notes);
    }

    public boolean isEmpty()
    {
        return plugins.isEmpty();
    }

    /** Looks again. */
    public void look()
    {
        for (final Opened one : plugins)
        {
            if (null != one.looking)
            {
                if (one.looking.isDone())
                {
                    looked(one);
                }
                continue;
            }
            one.looking = one.calls.tryBegin(one.plugin::look);
            if (null != one.looking && one.looking.awaitDone(LOOK_NS))
            {
                looked(one);
            }
            else
            {
                LOG.warn("device plugin {} hangs: its devices stay as they were", one.name);
            }
        }
    }

    private void looked(final Opened one)
    {
        final PluginCalls.Call<List<PluginDevice>> looking = one.looking;
        one.looking = null;
        try
        {
            final List<PluginDevice> now = looking.result();
            final Set<String> gone = new HashSet<>(one.ids);
            now.forEach(device -> gone.remove(device.device().id()));
            merge(now.stream().filter(device -> one.ids.contains(device.device().id())).toList());
            gone.forEach(id -> fail(found.get(id).device(), "it is gone"));
        }
        catch (final PluginCalls.PluginException | RuntimeException e)
        {
            LOG.warn("device plugin {} cannot look at its devices: {}", one.name, e.getMessage());
        }
    }

    private void merge(final List<PluginDevice> devices)
    {
        final Map<String, PluginDevice> next = new LinkedHashMap<>(found);
        for (final PluginDevice device : devices)
        {
            next.put(device.device().id(), device);
            if (!device.failure().isEmpty())
            {
                fail(device.device(), device.failure());
            }
        }
        found = next;
    }

    private void fail(final HostDevice device, final String reason)
    {
        if (null == failedById.putIfAbsent(
            device.id(),
            new FailedDevice(device.id(), device.slot(), device.details().uuid(), device.pci(), reason)))
        {
            LOG.error("{} failed and gets no more kernels: {}", device.id(), reason);
            failed = List.copyOf(failedById.values());
        }
    }

    /** Those that work, in the order in which they were found; any thread. */
    public List<HostDevice> devices()
    {
        final Set<String> out = new HashSet<>(failed.stream().map(FailedDevice::id).toList());
        return found.values().stream().map(PluginDevice::device).filter(device -> !out.contains(device.id())).toList();
    }

    /** Those that do not, until the agent starts anew; any thread. */
    public List<FailedDevice> failed()
    {
        return failed;
    }

    /** How those do that say so; any thread. */
    public List<GpuSample> samples()
    {
        return found.values().stream().map(PluginDevice::load).filter(load -> null != load).toList();
    }

    /** What a kernel gets that has those devices; any thread. */
    public DeviceAccess access(final Collection<String> ids)
    {
        DeviceAccess access = DeviceAccess.NONE;
        final Map<String, PluginDevice> now = found;
        for (final String id : ids)
        {
            access = now.containsKey(id) ? access.and(now.get(id).access()) : access;
        }
        return access;
    }

    @Override
    public void close()
    {
        for (final Opened one : plugins)
        {
            try
            {
                one.calls.call(
                    () ->
                    {
                        one.plugin.close();
                        return null;
                    },
                    LOOK_NS);
            }
            catch (final PluginCalls.PluginException e)
            {
                LOG.warn("device plugin {} does not close: {}", one.name, e.getMessage());
            }
            one.calls.close();
        }
    }
}
