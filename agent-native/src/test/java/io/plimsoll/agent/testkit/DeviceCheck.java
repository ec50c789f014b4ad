package io.plimsoll.agent.testkit;

import io.plimsoll.agent.device.DevicePlugin;
import io.plimsoll.agent.device.DevicePlugins;
import io.plimsoll.agent.device.PluginDevice;
import io.plimsoll.agent.topology.HostDevice;
import io.plimsoll.agent.topology.HostTopology;
import io.plimsoll.agent.topology.TopologyReader;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.TimeUnit;

/**
 * Holds a device plugin of one's own to what the agent expects of it: {@code DeviceCheck.of("acme").all()} in a test.
 * What does not hold is thrown as an {@link AssertionError} that names the check. Needs no test library.
 */
public final class DeviceCheck
{
    private static final int LOOKS = 20;
    private static final long LOOK_NS = TimeUnit.SECONDS.toNanos(1);
    private static final String TWO_NODES = """
        {"numa": [{"id": 0, "cpus": "0-7", "memory": "16g"}, {"id": 1, "cpus": "8-15", "memory": "16g"}]}""";

    private final String name;
    private String setting = "";
    private HostTopology host = TopologyReader.read(TWO_NODES);
    private int expected = -1;

    private DeviceCheck(final String name)
    {
        this.name = name;
    }

    /**
     * A check of the plugin of a name, which must be where the agent will look for it.
     *
     * @param name as under {@code agent.devices}.
     */
    public static DeviceCheck of(final String name)
    {
        final DeviceCheck check = new DeviceCheck(name);
        check.plugin();
        return check;
    }

    /** What the configuration would say under its name; empty otherwise. */
    public DeviceCheck setting(final String text)
    {
        setting = text;
        return this;
    }

    /** Another host than one of two nodes with eight cores each, as a document (docs/TOPOLOGY.md). */
    public DeviceCheck host(final String document)
    {
        host = TopologyReader.read(document);
        return this;
    }

    /** How many devices there are; otherwise any number but none will do. */
    public DeviceCheck expect(final int devices)
    {
        expected = devices;
        return this;
    }

    /** All checks. */
    public void all()
    {
        isOffered();
        staysTheSame();
        saysWhereItsDevicesAre();
        answersInTime();
        endsQuietly();
    }

    /** The agent takes its devices: ids, slots, and what comes with them. */
    public void isOffered()
    {
        try (DevicePlugins plugins = new DevicePlugins(Map.of(name, setting), host))
        {
            check("isOffered", plugins.notes().isEmpty(), String.join("; ", plugins.notes()));
            final int found = plugins.devices().size() + plugins.failed().size();
            check("isOffered", expected < 0 ? found > 0 : found == expected,
                "found " + found + " devices" + (expected < 0 ? "" : ", not " + expected));
        }
    }

    /** Looks find the same devices in the same order, by this instance and by the next. */
    public void staysTheSame()
    {
        final List<HostDevice> first = devices(opened("staysTheSame"), "staysTheSame");
        final DevicePlugin next = opened("staysTheSame");
        for (int i = 0; i < LOOKS; i++)
        {
            final List<HostDevice> now = devices(next, "staysTheSame");
            check("staysTheSame", now.equals(first), "found " + first + ", and then " + now);
        }
    }

    /** Nodes that are named are nodes of the host, and pieces can be handed out. */
    public void saysWhereItsDevicesAre()
    {
        for (final HostDevice device : devices(opened("saysWhereItsDevicesAre"), "saysWhereItsDevicesAre"))
        {
            check("saysWhereItsDevicesAre",
                HostDevice.NO_NODE == device.numa() || host.numa().stream().anyMatch(n -> n.id() == device.numa()),
                device.id() + " is at node " + device.numa() + ", which the host has not");
            check("saysWhereItsDevicesAre", device.capacityMillis() >= HostDevice.MILLIS,
                device.id() + " has a capacity of " + device.capacityMillis() + " thousandths; a whole one is 1000");
            check("saysWhereItsDevicesAre",
                0 == device.quantumMillis() || 0 == device.capacityMillis() % device.quantumMillis(),
                device.id() + " has a quantum of " + device.quantumMillis() + " that its capacity is no multiple of");
        }
    }

    /** A look takes less than a second, since there is one each second. */
    public void answersInTime()
    {
        final DevicePlugin plugin = opened("answersInTime");
        for (int i = 0; i < LOOKS; i++)
        {
            final long beforeNs = System.nanoTime();
            devices(plugin, "answersInTime");
            final long tookNs = System.nanoTime() - beforeNs;
            check("answersInTime", tookNs < LOOK_NS, "a look took " + TimeUnit.NANOSECONDS.toMillis(tookNs) + " ms");
        }
    }

    /** It can be closed, twice as well, and opened anew. */
    public void endsQuietly()
    {
        final DevicePlugin plugin = opened("endsQuietly");
        devices(plugin, "endsQuietly");
        try
        {
            plugin.close();
            plugin.close();
        }
        catch (final Exception e)
        {
            throw failed("endsQuietly", "close() throws " + e, e);
        }
        devices(opened("endsQuietly"), "endsQuietly");
    }

    private DevicePlugin plugin()
    {
        for (final DevicePlugin plugin : ServiceLoader.load(DevicePlugin.class))
        {
            if (name.equals(plugin.name()))
            {
                return plugin;
            }
        }
        throw new AssertionError("there is no device plugin called " + name +
            ": is its class named in META-INF/services/" + DevicePlugin.class.getName() + "?");
    }

    private DevicePlugin opened(final String check)
    {
        final DevicePlugin plugin = plugin();
        try
        {
            plugin.open(setting, host);
            return plugin;
        }
        catch (final IOException | RuntimeException e)
        {
            throw failed(check, "open() throws " + e, e);
        }
    }

    private List<HostDevice> devices(final DevicePlugin plugin, final String check)
    {
        try
        {
            return plugin.look().stream().map(PluginDevice::device).toList();
        }
        catch (final IOException | RuntimeException e)
        {
            throw failed(check, "look() throws " + e, e);
        }
    }

    private void check(final String check, final boolean holds, final String what)
    {
        if (!holds)
        {
            throw failed(check, what, null);
        }
    }

    private AssertionError failed(final String check, final String what, final Throwable cause)
    {
        return new AssertionError(
            what + "\nsee it again: DeviceCheck.of(\"" + name + "\").setting(\"" + setting + "\")." + check + "()",
            cause);
    }
}
