package io.plimsoll.agent.topology;

import io.plimsoll.agent.runtime.CpuList;
import io.plimsoll.transport.Amounts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Reads what a host is made of from its {@code /sys}, or from a copy of another host's. Processors that are switched
 * off are told as such and belong to nothing; nodes without memory or without processors are nodes like others; where
 * the system says nothing of nodes, there is one.
 */
public final class SysfsTopology
{
    /** Of the running system. */
    public static final Path LIVE = Path.of("/sys");

    private static final String TOTAL = "MemTotal:";
    private static final String CPU = "devices/system/cpu";
    private static final String NODE = "devices/system/node";
    private static final String PAGES_PREFIX = "hugepages-";
    private static final String GPUS = "driver/nvidia/gpus";
    private static final Pattern GPU_NODE = Pattern.compile("(?m)^Node:\\s*([0-9]{1,4})\\s*$");
    private static final long KIBIBYTE = 1024;

    private final SysfsTree sys;
    private final Path proc;
    private final HostLimits limits;
    private final List<String> notes = new ArrayList<>();
    private BitSet present;
    private BitSet online;
    private BitSet usable;

    private SysfsTopology(final Path sys, final Path proc, final HostLimits limits)
    {
        this.sys = new SysfsTree(sys);
        this.proc = proc;
        this.limits = limits;
    }

    /**
     * This host, as far as this process may use it; without accelerators, which their drivers tell of. Where there is
     * no {@code /sys}, as in some sandboxes, it is told as one node.
     */
    public static HostTopology live()
    {
        return live(LIVE, HostLimits.ofProcess());
    }

    static HostTopology live(final Path root, final HostLimits limits)
    {
        final SysfsTopology host = new SysfsTopology(root, Path.of("/proc"), limits);
        host.readProcessors();
        if (host.online.isEmpty())
        {
            host.notes.add("what this host is made of is not known: " + root + " holds no processors");
            host.online.set(0, Runtime.getRuntime().availableProcessors());
            host.usable = (BitSet)(null == limits.cpus() ? host.online : limits.cpus()).clone();
        }
        return host.read(false);
    }

    /**
     * A host by its files.
     *
     * @param root   a directory like {@code /sys}, or one that holds {@code sys} and {@code proc}.
     * @param limits of what may be used of it.
     * @return the host, with accelerators that the bus tells of.
     * @throws IllegalArgumentException if there is nothing like a host below the root; the message is for people.
     */
    public static HostTopology read(final Path root, final HostLimits limits)
    {
        final boolean holdsBoth = Files.isDirectory(root.resolve("sys/devices"));
        final Path sys = (holdsBoth ? root.resolve("sys") : root).toAbsolutePath().normalize();
        final SysfsTopology host =
            new SysfsTopology(sys, holdsBoth ? root.resolve("proc") : procBeside(sys), limits);
        host.readProcessors();
        if (host.online.isEmpty())
        {
            throw new IllegalArgumentException(
                sys + " holds no processors: it is to be like /sys, with " + CPU + "/cpu0 in it");
        }
        return host.read(true);
    }

    /** {@code proc} of the same host: beside {@code sys}, else in it, where some tools that copy hosts put it. */
    private static Path procBeside(final Path root)
    {
        final Path beside = root.resolveSibling("proc");
        return root.endsWith("sys") && Files.isDirectory(beside) ? beside : root.resolve("proc");
    }

    private HostTopology read(final boolean withAccelerators)
    {
        final List<NumaNode> nodes = nodes();
        final int[][] distances = distances(nodes);
        final SysfsPci pci = new SysfsPci(sys, nodes);
        return new HostTopology(
            nodes,
            distances,
            cores(),
            withAccelerators ? pci.accelerators() : List.of(),
            pci.nics(),
            List.of(),
            List.of(),
            reserve(nodes),
            new HostDetails(
                sockets(),
                caches(),
                pci.functions(),
                List.of(),
                List.of(),
                offline(),
                List.copyOf(notes)));
    }

    private void readProcessors()
    {
        present = new BitSet();
        for (final int cpu : sys.numbers(CPU, "cpu", CpuList.END))
        {
            present.set(cpu);
        }
        online = sys.cpus(CPU, "online");
        if (null == online)
        {
            online = new BitSet();
            present.stream().filter(cpu -> 0 != sys.number(CPU + "/cpu" + cpu + "/online", 1)).forEach(online::set);
        }
        usable = (BitSet)online.clone();
        if (null != limits.cpus())
        {
            usable.and(limits.cpus());
        }
    }

    private BitSet offline()
    {
        final BitSet offline = (BitSet)present.clone();
        offline.andNot(online);
        return offline;
    }

    private List<NumaNode> nodes()
    {
        final List<NumaNode> nodes = new ArrayList<>();
        final BitSet placed = new BitSet();
        final BitSet ofGpus = nodesOfGpus();
        for (final int id : sys.numbers(NODE, "node", NumaNode.ID_MAX + 1))
        {
            if (ofGpus.get(id))
            {
                continue;
            }
            final String path = NODE + "/node" + id;
            final BitSet cpus = sys.cpus(path, "cpulist", "cpumap");
            final BitSet own = null == cpus ? linkedCpus(path) : cpus;
            own.and(usable);
            if (own.intersects(placed))
            {
                final BitSet twice = (BitSet)own.clone();
                twice.and(placed);
                notes.add("node " + id + " claims processors " + CpuList.format(twice) +
                    " of an earlier node: they stay there");
            }
            own.andNot(placed);
            placed.or(own);
            final boolean isOurs = null == limits.nodes() || limits.nodes().get(id);
            final String memory = sys.text(path + "/meminfo");
            if (isOurs && 0 == kibibytes(memory, TOTAL) && (null == memory || !memory.contains(" 0 kB")))
            {
                notes.add("how much memory node " + id + " has is not known: it counts as none");
            }
            nodes.add(new NumaNode(
                id,
                own,
                isOurs ? kibibytes(memory, TOTAL) : 0,
                hugePages(path + "/hugepages")));
        }
        if (nodes.isEmpty())
        {
            nodes.add(new NumaNode(0, (BitSet)usable.clone(), memoryBytes(), hugePages("kernel/mm/hugepages")));
            return List.copyOf(nodes);
        }
        final BitSet homeless = (BitSet)usable.clone();
        homeless.andNot(placed);
        if (!homeless.isEmpty())
        {
            nodes.get(0).cpus().or(homeless);
            notes.add("processors " + CpuList.format(homeless) + " are of no node: they count for node " +
                nodes.get(0).id());
        }
        return List.copyOf(nodes);
    }

    /** Nodes that are the memory of GPUs, which their driver gives out: nobody else is to have some of it. */
    private BitSet nodesOfGpus()
    {
        final SysfsTree drivers = new SysfsTree(proc);
        final BitSet nodes = new BitSet();
        for (final String gpu : drivers.names(GPUS))
        {
            final String status = drivers.text(GPUS + '/' + gpu + "/numa_status");
            final Matcher node = GPU_NODE.matcher(null == status ? "" : status);
            if (node.find())
            {
                nodes.set(Integer.parseInt(node.group(1)));
                notes.add("node " + node.group(1) + " is memory of the GPU " + gpu + ": it is left out");
            }
        }
        return nodes;
    }

    /** Where a node only has links to its processors. */
    private BitSet linkedCpus(final String node)
    {
        final BitSet cpus = new BitSet();
        for (final int cpu : sys.numbers(node, "cpu", CpuList.END))
        {
            cpus.set(cpu);
        }
        return cpus;
    }

    /** Of a host that does not tell it by node. */
    private long memoryBytes()
    {
        final long bytes = kibibytes(new SysfsTree(proc).text("meminfo"), TOTAL);
        if (bytes > 0)
        {
            return bytes;
        }
        final String blockText = sys.text("devices/system/memory/block_size_bytes");
        long sum = 0;
        if (null != blockText && blockText.matches("[0-9a-fA-F]{1,15}"))
        {
            final long block = Long.parseLong(blockText, 16);
            for (final int one : sys.numbers("devices/system/memory", "memory", Integer.MAX_VALUE))
            {
                final boolean isOnline = "online".equals(sys.text("devices/system/memory/memory" + one + "/state"));
                sum = believed(isOnline ? sum + block : sum);
            }
        }
        if (0 == sum)
        {
            notes.add("how much memory there is is not known: there is no " + proc.resolve("meminfo"));
        }
        return sum;
    }

    private List<HugePages> hugePages(final String path)
    {
        final List<HugePages> pages = new ArrayList<>();
        for (final String name : sys.names(path))
        {
            final long count = sys.number(path + '/' + name + "/nr_hugepages", 0);
            if (name.matches(PAGES_PREFIX + "[0-9]{1,12}kB") && count > 0)
            {
                final long size =
                    believed(Long.parseLong(name.substring(PAGES_PREFIX.length(), name.length() - 2)) * KIBIBYTE);
                final long free = sys.number(path + '/' + name + "/free_hugepages", 0);
                if (size > 0 && count <= TopologyFields.BYTES_MAX)
                {
                    pages.add(new HugePages(size, count, Math.max(0, Math.min(count, free))));
                }
            }
        }
        pages.sort(Comparator.comparingLong(HugePages::sizeBytes));
        return List.copyOf(pages);
    }

    private int[][] distances(final List<NumaNode> nodes)
    {
        final int[][] distances = HostTopology.plainDistances(nodes.size());
        final int[] all = sys.numbers(NODE, "node", NumaNode.ID_MAX + 1);
        final int[] columns = IntStream.range(0, all.length)
            .filter(column -> nodes.stream().anyMatch(node -> node.id() == all[column])).toArray();
        for (int i = 0; i < nodes.size(); i++)
        {
            final int[] told = distances(nodes.get(i).id());
            if (told.length > 0 && told.length != all.length)
            {
                notes.add("distances of node " + nodes.get(i).id() + " are of " + told.length + " nodes, but there " +
                    "are " + all.length + ": they are not used");
            }
            else if (told.length > 0)
            {
                distances[i] = Arrays.stream(columns).map(column -> told[column]).toArray();
            }
        }
        for (int i = 0; i < nodes.size(); i++)
        {
            for (int j = 0; j < nodes.size(); j++)
            {
                if (distances[i][j] < Math.max(distances[i][i], distances[j][j]))
                {
                    notes.add("distances make no sense: " + distances[i][j] + " from node " + nodes.get(i).id() +
                        " to node " + nodes.get(j).id() + " is less than to themselves: they are not used");
                    return HostTopology.plainDistances(nodes.size());
                }
            }
        }
        return distances;
    }

    private int[] distances(final int node)
    {
        final String text = sys.text(NODE + "/node" + node + "/distance");
        if (null == text || !text.matches("[1-9][0-9]{0,8}(\\s+[1-9][0-9]{0,8})*"))
        {
            return new int[0];
        }
        final String[] words = text.split("\\s+");
        final int[] distances = new int[words.length];
        for (int i = 0; i < words.length; i++)
        {
            distances[i] = Integer.parseInt(words[i]);
        }
        return distances;
    }

    /** In the order of their first processors. */
    private List<BitSet> cores()
    {
        final Set<BitSet> cores = new LinkedHashSet<>();
        usable.stream().forEach(cpu -> cores.add(core(cpu)));
        return List.copyOf(cores);
    }

    private BitSet core(final int cpu)
    {
        final BitSet alone = new BitSet();
        alone.set(cpu);
        return shared(
            cpu, alone, CPU + "/cpu" + cpu + "/topology",
            "core_cpus_list", "thread_siblings_list", "core_cpus", "thread_siblings");
    }

    /** Packages: those who say that they are in one; where they do not, those who give it the same number. */
    private List<Socket> sockets()
    {
        final Map<Integer, BitSet> byId = new TreeMap<>();
        final Map<BitSet, Integer> ids = new LinkedHashMap<>();
        for (int cpu = usable.nextSetBit(0); cpu >= 0; cpu = usable.nextSetBit(cpu + 1))
        {
            final String path = CPU + "/cpu" + cpu + "/topology";
            // Some virtual machines, and some of other makes, say -1 for all.
            final int told = (int)sys.number(path + "/physical_package_id", -1);
            byId.computeIfAbsent(Math.max(0, told), id -> new BitSet()).set(cpu);
            final BitSet cpus = shared(
                cpu, new BitSet(), path, "package_cpus_list", "core_siblings_list", "package_cpus", "core_siblings");
            ids.putIfAbsent(cpus, told < 0 ? ids.size() : told);
        }
        final List<Socket> sockets = new ArrayList<>();
        if (ids.keySet().stream().anyMatch(cpus -> cpus.isEmpty()) || overlap(ids.keySet()))
        {
            byId.forEach((id, cpus) -> sockets.add(new Socket(id, cpus)));
        }
        else
        {
            ids.forEach((cpus, id) -> sockets.add(new Socket(id, cpus)));
            sockets.sort(Comparator.comparingInt(Socket::id));
        }
        return sockets;
    }

    private static boolean overlap(final Collection<BitSet> sets)
    {
        final BitSet all = new BitSet();
        for (final BitSet set : sets)
        {
            if (all.intersects(set))
            {
                return true;
            }
            all.or(set);
        }
        return false;
    }

    private List<Cache> caches()
    {
        final Set<Cache> caches = new LinkedHashSet<>();
        for (int cpu = usable.nextSetBit(0); cpu >= 0; cpu = usable.nextSetBit(cpu + 1))
        {
            final String path = CPU + "/cpu" + cpu + "/cache";
            for (final int index : sys.numbers(path, "index", Integer.MAX_VALUE))
            {
                final String cache = path + "/index" + index;
                final int level = (int)sys.number(cache + "/level", 0);
                final String type = sys.text(cache + "/type");
                if (level > 0 && null != type)
                {
                    caches.add(new Cache(
                        level,
                        kind(type),
                        size(sys.text(cache + "/size")),
                        shared(cpu, core(cpu), cache, "shared_cpu_list", "shared_cpu_map")));
                }
            }
        }
        return caches.stream().sorted(Comparator.comparingInt(Cache::level).thenComparing(Cache::kind)
            .thenComparingInt(cache -> cache.cpus().nextSetBit(0))).toList();
    }

    /** Processors in the first of some files that names this one among them, as far as they are usable. */
    private BitSet shared(final int cpu, final BitSet otherwise, final String directory, final String... names)
    {
        for (final String name : names)
        {
            final BitSet cpus = sys.cpus(directory, name);
            if (null != cpus && cpus.get(cpu))
            {
                cpus.and(usable);
                return cpus;
            }
        }
        return otherwise;
    }

    private static Cache.Kind kind(final String type)
    {
        return switch (type.toLowerCase(Locale.ROOT))
        {
            case "data" -> Cache.Kind.data;
            case "instruction" -> Cache.Kind.instruction;
            default -> Cache.Kind.unified;
        };
    }

    private static long size(final String text)
    {
        try
        {
            return null == text ? 0 : believed(Amounts.bytes(text));
        }
        catch (final IllegalArgumentException e)
        {
            return 0;
        }
    }

    /** A limit of memory is no node's: what is beyond it is kept from kernels as if it were the host's own. */
    private HostTopology.Reserve reserve(final List<NumaNode> nodes)
    {
        final long memory = nodes.stream().mapToLong(NumaNode::memoryBytes).sum();
        return memory <= limits.memoryBytes() ? HostTopology.Reserve.NONE :
            new HostTopology.Reserve(new BitSet(), memory - limits.memoryBytes());
    }

    /** A line of a {@code meminfo}, in bytes. */
    private static long kibibytes(final String text, final String label)
    {
        final int start = null == text ? -1 : text.indexOf(label);
        if (start < 0)
        {
            return 0;
        }
        final String words = text.substring(start + label.length()).strip();
        final String digits = words.split("[^0-9]", 2)[0];
        return digits.isEmpty() || digits.length() > 15 ? 0 : believed(Long.parseLong(digits) * KIBIBYTE);
    }

    /** What no host can have is not known. */
    private static long believed(final long bytes)
    {
        return bytes < 0 || bytes > TopologyFields.BYTES_MAX ? 0 : bytes;
    }
}
