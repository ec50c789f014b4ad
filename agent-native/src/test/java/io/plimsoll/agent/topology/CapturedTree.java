package io.plimsoll.agent.topology;

import io.plimsoll.agent.runtime.CpuList;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes a directory with {@code sys} and {@code proc} of one of the small text files beside this class. */
final class CapturedTree
{
    /** What becomes of links. */
    enum Links
    {
        /** As the system has them. */
        KEPT,
        /** As if the tree lay at /sys. */
        ABSOLUTE,
        /** In their places stands what they led to, and that is gone: a copy of {@code bus} and {@code class} only. */
        COPIED
    }

    private static final Pattern GROUP = Pattern.compile("\\{([0-9,-]+)}");
    private static final int CONFIG_LENGTH = 64;
    private static final int WORD_BITS = 32;

    private final Path root;
    private final Path sys;
    private final Links links;
    private final Map<Integer, String> cpusByNode = new HashMap<>();
    private String online = "";

    private CapturedTree(final Path root, final Links links)
    {
        this.root = root;
        this.sys = root.resolve("sys");
        this.links = links;
    }

    static void unpack(final String name, final Path root, final Links links) throws IOException
    {
        final CapturedTree tree = new CapturedTree(root, links);
        try (InputStream in = CapturedTree.class.getResourceAsStream(name + ".txt"))
        {
            for (final String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n"))
            {
                if (!line.startsWith("#"))
                {
                    tree.line(line);
                }
            }
        }
    }

    private void line(final String line) throws IOException
    {
        final String[] words = line.split(" ", 3);
        if ("pci".equals(words[0]))
        {
            pci(words[1], words[2].split(" "));
            return;
        }
        final int count = Math.max(1, numbers(words[0]).size());
        for (int i = 0; i < count; i++)
        {
            final String path = at(words[0], i);
            final String text = 1 == count ? words[2] : at(words[2], i);
            switch (words[1])
            {
                case "=" -> write(path, text);
                case "^" -> cpus(path, text, false);
                case "~" -> cpus(path, text, true);
                default -> throw new IllegalArgumentException(line);
            }
        }
    }

    private static List<Integer> numbers(final String text)
    {
        final List<Integer> numbers = new ArrayList<>();
        final Matcher matcher = GROUP.matcher(text);
        if (matcher.find())
        {
            for (final String range : matcher.group(1).split(","))
            {
                final String[] ends = range.split("-");
                for (int i = Integer.parseInt(ends[0]); i <= Integer.parseInt(ends[ends.length - 1]); i++)
                {
                    numbers.add(i);
                }
            }
        }
        return numbers;
    }

    private static String at(final String text, final int index)
    {
        return GROUP.matcher(text).replaceAll(group -> numbers(group.group()).get(index).toString());
    }

    private void cpus(final String path, final String text, final boolean withList) throws IOException
    {
        final String list = "none".equals(text) ? "" : text;
        if (path.startsWith("devices/system/node/node"))
        {
            cpusByNode.put(Integer.parseInt(path.replaceAll("[^0-9]", "")), list);
        }
        write(path, mask(CpuList.parse(list)));
        if (withList)
        {
            final String name = path.endsWith("map") ? path.substring(0, path.length() - 3) + "list" :
                path.endsWith("local_cpus") ? path.substring(0, path.length() - 1) + "list" : path + "_list";
            write(name, list);
        }
    }

    private static String mask(final BitSet cpus)
    {
        final StringBuilder text = new StringBuilder();
        for (int word = Math.max(1, (cpus.length() + WORD_BITS - 1) / WORD_BITS) - 1; word >= 0; word--)
        {
            long bits = 0;
            for (int i = 0; i < WORD_BITS; i++)
            {
                bits |= cpus.get(word * WORD_BITS + i) ? 1L << i : 0;
            }
            text.append(text.isEmpty() ? "" : ",").append(String.format(Locale.ROOT, "%08x", bits));
        }
        return text.toString();
    }

    private void pci(final String place, final String... fields) throws IOException
    {
        final Map<String, String> values = new HashMap<>();
        for (final String field : fields)
        {
            values.put(field.substring(0, field.indexOf('=')), field.substring(field.indexOf('=') + 1));
        }
        final String address = place.substring(place.lastIndexOf('/') + 1);
        final String real = "devices/" + place;
        final String entry = "bus/pci/devices/" + address;
        final String directory = Links.COPIED == links ? entry : real;
        for (final String name : List.of("class", "vendor", "device"))
        {
            write(directory + '/' + name, "0x" + values.get(name));
        }
        final int numa = Integer.parseInt(values.getOrDefault("numa", "-1"));
        write(directory + "/numa_node", Integer.toString(numa));
        write(directory + "/uevent", "PCI_CLASS=30200\nPCI_SLOT_NAME=" + address + "\nMODALIAS=pci:");
        cpus(directory + "/local_cpus", values.getOrDefault("near", cpusByNode.getOrDefault(numa, online)), true);
        final String[] buses = values.getOrDefault("bus", "0").split("-");
        final int first = Integer.parseInt(buses[0], 16);
        final int last = Integer.parseInt(buses[buses.length - 1], 16);
        if (first > 0)
        {
            write(directory + "/secondary_bus_number", Integer.toString(first));
            write(directory + "/subordinate_bus_number", Integer.toString(last));
        }
        Files.write(sys.resolve(directory).resolve("config"), config(address, values.get("class"), first, last));
        if (Links.COPIED != links)
        {
            link(entry, "../../../", real);
        }
        if (values.containsKey("net"))
        {
            nic(values.get("net"), directory, address, values.get("virtio"));
        }
    }

    private void nic(final String name, final String directory, final String address, final String virtio)
        throws IOException
    {
        if (Links.COPIED == links)
        {
            write("class/net/" + name + "/address", "02:00:00:00:00:01");
            write("class/net/" + name + "/device/uevent", "DRIVER=mlx5_core\nPCI_SLOT_NAME=" + address);
        }
        else
        {
            final String holder = null == virtio ? directory : directory + "/virtio" + virtio;
            write(holder + "/net/" + name + "/address", "02:00:00:00:00:01");
            link("class/net/" + name, "../../", holder + "/net/" + name);
            final String device = holder.substring(holder.lastIndexOf('/') + 1);
            Files.createSymbolicLink(sys.resolve(holder + "/net/" + name + "/device"), Path.of("../../../" + device));
        }
    }

    /** The first bytes of a device's configuration space: class, whether it is a bridge, and the buses behind it. */
    private static byte[] config(final String address, final String classCode, final int first, final int last)
    {
        final byte[] config = new byte[CONFIG_LENGTH];
        final int code = Integer.parseInt(classCode, 16);
        config[0x09] = (byte)code;
        config[0x0a] = (byte)(code >> 8);
        config[0x0b] = (byte)(code >> 16);
        if (first > 0)
        {
            config[0x0e] = 1;
            config[0x18] = (byte)Integer.parseInt(address.split(":")[1], 16);
            config[0x19] = (byte)first;
            config[0x1a] = (byte)last;
        }
        return config;
    }

    private void link(final String path, final String up, final String target) throws IOException
    {
        Files.createDirectories(sys.resolve(path).getParent());
        Files.createSymbolicLink(sys.resolve(path), Path.of(Links.ABSOLUTE == links ? "/sys/" + target : up + target));
    }

    private void write(final String path, final String text) throws IOException
    {
        if (path.endsWith("cpu/online"))
        {
            online = text;
        }
        final Path file = (path.startsWith("proc/") ? root : sys).resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text + '\n');
    }
}
