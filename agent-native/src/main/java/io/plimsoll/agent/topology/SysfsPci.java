package io.plimsoll.agent.topology;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The PCI tree of a host: what hangs on which bridges. Where a device is in the tree is told by where its directory is,
 * or where a link says that it is; where links were replaced by what they led to, by the numbers of the buses behind
 * the bridges.
 */
final class SysfsPci
{
    private static final String BUS = "bus/pci/devices";
    private static final String NET = "class/net";
    private static final Pattern ADDRESS = Pattern.compile("[0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\\.[0-7]");
    private static final Pattern ROOT = Pattern.compile("pci[0-9a-f]{4,8}:[0-9a-f]{2}");
    /** Order of addresses, also where domains have more than four digits. */
    static final Comparator<String> BY_ADDRESS =
        Comparator.<String>comparingInt(address -> address.indexOf(':')).thenComparing(Comparator.naturalOrder());
    private static final String BRIDGE_CLASS = "0604";
    private static final int DEPTH_MAX = 24;
    private static final int PLATFORM_DEPTH_MAX = 4;

    private final SysfsTree sys;
    private final List<NumaNode> nodes;
    /** By address. */
    private final Map<String, Place> places = new TreeMap<>(BY_ADDRESS);
    private final List<PciFunction> functions = new ArrayList<>();
    private final Map<String, PciFunction> byAddress = new HashMap<>();

    SysfsPci(final SysfsTree sys, final List<NumaNode> nodes)
    {
        this.sys = sys;
        this.nodes = nodes;
        walk("devices", "", List.of(), 0);
        for (final String address : sys.names(BUS))
        {
            if (ADDRESS.matcher(address).matches() && !places.containsKey(address))
            {
                final String link = sys.link(BUS + '/' + address);
                if (null != sys.text(BUS + '/' + address + "/class"))
                {
                    // A link that leads nowhere, in a circle or out of the copy is no function.
                    places.put(address, place(address, null == link ? "" : link));
                }
            }
        }
        final Map<String, String> bridgeByBus = bridgesByBus();
        places.replaceAll((address, place) ->
            place.isKnown() || !place.path.isEmpty() ? place : inferred(address, place, bridgeByBus));
        makeFunctions();
    }

    /** All, in the order of their addresses. */
    List<PciFunction> functions()
    {
        return List.copyOf(functions);
    }

    /** GPUs, as far as the bus can tell: their driver would number them in this order too. */
    List<HostDevice> accelerators()
    {
        final List<HostDevice> devices = new ArrayList<>();
        for (final PciFunction function : functions)
        {
            final boolean isVirtual = null != sys.link(places.get(function.address()).directory + "/physfn");
            if (function.isGpu() && !isVirtual)
            {
                devices.add(new HostDevice(
                    "cuda" + devices.size(),
                    HostDevice.CUDA,
                    function.numa(),
                    HostDevice.MILLIS,
                    HostDevice.quantumMillis(HostDevice.CUDA),
                    false,
                    "",
                    function.address(),
                    function.path(),
                    DeviceDetails.NONE));
            }
        }
        return List.copyOf(devices);
    }

    /** Network interfaces that hang on the bus, by name. */
    List<Nic> nics()
    {
        final Map<String, String> addresses = new TreeMap<>();
        places.forEach((address, place) ->
        {
            final List<String> holders = new ArrayList<>(List.of(place.directory));
            // Between a virtual function and its interface there is one more directory: virtio0/net/eth0.
            sys.names(place.directory).stream().filter(name -> name.startsWith("virtio"))
                .forEach(name -> holders.add(place.directory + '/' + name));
            holders.forEach(holder -> sys.names(holder + "/net").forEach(name -> addresses.put(name, address)));
        });
        for (final String name : sys.names(NET))
        {
            addresses.computeIfAbsent(name, this::addressOfNic);
        }
        final List<Nic> nics = new ArrayList<>();
        addresses.forEach((name, address) ->
        {
            final PciFunction function = byAddress.get(address);
            nics.add(null == function ?
                new Nic(name, numa(NET + '/' + name + "/device", List.of()), address, List.of()) :
                new Nic(name, function.numa(), address, function.path()));
        });
        return List.copyOf(nics);
    }

    /** By what links and files of an interface say of its device; null: it hangs on no bus. */
    private String addressOfNic(final String name)
    {
        for (final String path : List.of(NET + '/' + name, NET + '/' + name + "/device"))
        {
            final String link = sys.link(path);
            final List<String> addresses = null == link ? List.of() : addresses(link);
            if (!addresses.isEmpty())
            {
                return addresses.get(addresses.size() - 1);
            }
        }
        return slotName(sys.text(NET + '/' + name + "/device/uevent"));
    }

    private static String slotName(final String uevent)
    {
        if (null != uevent)
        {
            for (final String line : uevent.split("\n"))
            {
                if (line.startsWith("PCI_SLOT_NAME="))
                {
                    return line.substring(line.indexOf('=') + 1).strip();
                }
            }
        }
        return null;
    }

    /** Host bridges lie in {@code devices}, below {@code devices/platform} on some ARM machines, and below devices. */
    private void walk(final String directory, final String root, final List<String> path, final int depth)
    {
        for (final String name : sys.names(directory))
        {
            final String inner = directory + '/' + name;
            final boolean isAddress = !root.isEmpty() && ADDRESS.matcher(name).matches();
            final boolean isRoot = ROOT.matcher(name).matches();
            final boolean isOnTheWay = root.isEmpty() && (0 < depth || "platform".equals(name)) &&
                depth < PLATFORM_DEPTH_MAX;
            if (depth >= DEPTH_MAX || !isAddress && !isRoot && !isOnTheWay || null != sys.link(inner) ||
                !sys.isDirectory(inner))
            {
                continue;
            }
            if (isAddress)
            {
                places.put(name, new Place(inner, root, path));
                final List<String> below = new ArrayList<>(path);
                below.add(name);
                walk(inner, root, List.copyOf(below), depth + 1);
            }
            else
            {
                // A host bridge below a device is one of a volume management device: its path begins anew.
                walk(inner, isRoot ? name : root, List.of(), depth + 1);
            }
        }
    }

    private Place place(final String address, final String link)
    {
        final List<String> path = new ArrayList<>(addresses(link));
        path.remove(address);
        final Matcher matcher = ROOT.matcher(link);
        String root = "";
        int end = 0;
        while (matcher.find())
        {
            root = matcher.group();
            end = matcher.end();
        }
        final List<String> below = root.isEmpty() ? path : addresses(link.substring(end));
        below.remove(address);
        return new Place(BUS + '/' + address, root, List.copyOf(below));
    }

    private static List<String> addresses(final String link)
    {
        final List<String> addresses = new ArrayList<>();
        for (final String name : link.split("/"))
        {
            if (ADDRESS.matcher(name).matches())
            {
                addresses.add(name);
            }
        }
        return addresses;
    }

    /** Bridges by the bus behind them, {@code 0000:17}. */
    private Map<String, String> bridgesByBus()
    {
        final Map<String, String> bridges = new HashMap<>();
        places.forEach((address, place) ->
        {
            final long bus = sys.number(place.directory + "/secondary_bus_number", -1);
            if (bus > 0)
            {
                final String domain = address.substring(0, address.indexOf(':'));
                bridges.put(domain + ':' + Long.toHexString(0x100 | bus).substring(1), address);
            }
        });
        return bridges;
    }

    private Place inferred(final String address, final Place place, final Map<String, String> bridgeByBus)
    {
        final List<String> path = new ArrayList<>();
        final Set<String> seen = new HashSet<>();
        String at = address;
        String bridge = bridgeByBus.get(bus(at));
        while (null != bridge && seen.add(bridge))
        {
            path.add(0, bridge);
            at = bridge;
            bridge = bridgeByBus.get(bus(at));
        }
        // Where not one bridge says what is behind it, that none leads here says nothing.
        return new Place(place.directory, bridgeByBus.isEmpty() ? "" : "pci" + bus(at), List.copyOf(path));
    }

    private static String bus(final String address)
    {
        return address.substring(0, address.lastIndexOf(':'));
    }

    private void makeFunctions()
    {
        final Set<String> upstream = new HashSet<>();
        places.forEach((address, place) ->
        {
            // Behind the upstream side of a switch there are bridges; it is itself behind a bridge.
            final int depth = place.path.size();
            if (depth > 1 && isBridge(place))
            {
                upstream.add(place.path.get(depth - 1));
            }
        });
        places.forEach((address, place) ->
        {
            final PciFunction function = new PciFunction(
                address,
                kind(address, place, upstream),
                hex(place.directory + "/class"),
                hex(place.directory + "/vendor"),
                hex(place.directory + "/device"),
                numa(place.directory, place.path),
                place.root,
                place.path);
            functions.add(function);
            byAddress.put(address, function);
        });
    }

    private PciFunction.Kind kind(final String address, final Place place, final Set<String> upstream)
    {
        if (!isBridge(place))
        {
            return PciFunction.Kind.device;
        }
        if (place.path.isEmpty())
        {
            return place.isKnown() ? PciFunction.Kind.root_port : PciFunction.Kind.bridge;
        }
        if (upstream.contains(address))
        {
            return PciFunction.Kind.switch_upstream;
        }
        return upstream.contains(place.path.get(place.path.size() - 1)) ?
            PciFunction.Kind.switch_downstream : PciFunction.Kind.bridge;
    }

    private boolean isBridge(final Place place)
    {
        return hex(place.directory + "/class").startsWith(BRIDGE_CLASS);
    }

    private String hex(final String path)
    {
        final String text = sys.text(path);
        return null == text ? "" : text.startsWith("0x") ? text.substring(2) : text;
    }

    /** As told, else as of the bridge above, else by the processors that are told to be near; the only node if one. */
    private int numa(final String directory, final List<String> path)
    {
        if (1 == nodes.size())
        {
            return nodes.get(0).id();
        }
        final List<String> from = new ArrayList<>(List.of(directory));
        for (int i = path.size() - 1; i >= 0; i--)
        {
            final Place bridge = places.get(path.get(i));
            if (null != bridge)
            {
                from.add(bridge.directory);
            }
        }
        for (final String one : from)
        {
            final int numa = (int)sys.number(one + "/numa_node", -1);
            if (nodes.stream().anyMatch(node -> node.id() == numa))
            {
                return numa;
            }
        }
        return nearest(directory);
    }

    private int nearest(final String directory)
    {
        final BitSet near = sys.cpus(directory, "local_cpulist", "local_cpus");
        int found = HostDevice.NO_NODE;
        if (null != near)
        {
            for (final NumaNode node : nodes)
            {
                if (near.intersects(node.cpus()))
                {
                    if (HostDevice.NO_NODE != found)
                    {
                        return HostDevice.NO_NODE;
                    }
                    found = node.id();
                }
            }
        }
        return found;
    }

    /** Where a device is: its directory, the host bridge, and the bridges between. */
    private record Place(String directory, String root, List<String> path)
    {
        boolean isKnown()
        {
            return !root.isEmpty();
        }
    }
}
