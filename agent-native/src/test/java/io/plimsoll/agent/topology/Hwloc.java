package io.plimsoll.agent.topology;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** A host as {@code lstopo} of hwloc sees it, as lines of text of the same form as {@link #of}. */
final class Hwloc
{
    private static final int WORD_BITS = 32;
    private static final List<String> KINDS = List.of("unified", "data", "instruction");

    private final Document document;

    private Hwloc(final Document document)
    {
        this.document = document;
    }

    static boolean isThere()
    {
        return Files.isExecutable(Path.of("/usr/bin/lstopo-no-graphics"));
    }

    /** Asks it; root null: of this host. */
    static Hwloc see(final Path root) throws Exception
    {
        final Path xml = Files.createTempFile("hwloc", ".xml");
        try
        {
            final ProcessBuilder command = new ProcessBuilder(
                "/usr/bin/lstopo-no-graphics", "--of", "xml", "--filter", "io:all", "--disallowed", "--force",
                xml.toString());
            // Nothing of this host's processor may show in what is told of another.
            command.environment().put("HWLOC_COMPONENTS", "linux");
            if (null != root)
            {
                command.environment().put("HWLOC_FSROOT", root.toString());
            }
            final Process process = command.redirectErrorStream(true).start();
            final String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (0 != process.waitFor())
            {
                throw new IOException("lstopo: " + said);
            }
            final DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
            return new Hwloc(factory.newDocumentBuilder().parse(xml.toFile()));
        }
        finally
        {
            Files.delete(xml);
        }
    }

    /** What both can tell of a host, in an order of its own. */
    List<String> lines(final boolean withMemory)
    {
        final List<String> lines = new ArrayList<>();
        for (final Element object : objects())
        {
            final String type = object.getAttribute("type");
            final String cpus = object.hasAttribute("cpuset") ? cpus(object.getAttribute("cpuset")).toString() : "";
            switch (type)
            {
                case "Package" -> lines.add("socket " + object.getAttribute("os_index") + ' ' + cpus);
                case "NUMANode" -> lines.add("node " + object.getAttribute("os_index") + ' ' + cpus +
                    (withMemory ? " " + (object.getAttribute("local_memory").isEmpty() ?
                        "0" : object.getAttribute("local_memory")) : ""));
                case "Core" -> lines.add("core " + cpus);
                case "PCIDev" -> lines.add("pci " + pci(object) + " near " + near(object) + " behind " + path(object));
                case "Bridge" ->
                {
                    if (!pci(object).isEmpty())
                    {
                        lines.add("pci " + pci(object) + " near " + near(object) + " behind " + path(object));
                    }
                }
                default ->
                {
                    if (type.endsWith("Cache"))
                    {
                        lines.add("cache " + object.getAttribute("depth") + ' ' +
                            KINDS.get(Integer.parseInt(object.getAttribute("cache_type"))) + ' ' +
                            object.getAttribute("cache_size") + ' ' + cpus);
                    }
                    if ("OSDev".equals(type) && "2".equals(object.getAttribute("osdev_type")))
                    {
                        lines.add("nic " + object.getAttribute("name") + ' ' + pci((Element)object.getParentNode()));
                    }
                }
            }
        }
        distances(lines);
        lines.sort(null);
        return lines;
    }

    /** The same of ours. */
    static List<String> lines(final HostTopology host, final boolean withMemory)
    {
        final List<String> lines = new ArrayList<>();
        host.details().sockets().forEach(socket -> lines.add("socket " + socket.id() + ' ' + socket.cpus()));
        for (int i = 0; i < host.numa().size(); i++)
        {
            final NumaNode node = host.numa().get(i);
            lines.add("node " + node.id() + ' ' + (node.cpus().isEmpty() ? nearest(host, i) : node.cpus()) +
                (withMemory ? " " + node.memoryBytes() : ""));
        }
        host.cores().forEach(core -> lines.add("core " + core));
        host.details().caches().forEach(cache -> lines.add(
            "cache " + cache.level() + ' ' + cache.kind() + ' ' + cache.bytes() + ' ' + cache.cpus()));
        host.details().pci().forEach(function -> lines.add(
            "pci " + function.address() + " near " + function.numa() + " behind " + function.path()));
        host.nics().forEach(nic -> lines.add("nic " + nic.name() + ' ' + nic.pci()));
        for (int i = 0; i < host.numa().size() && host.numa().size() > 1; i++)
        {
            for (int j = 0; j < host.numa().size(); j++)
            {
                lines.add("distance " + host.numa().get(i).id() + ' ' + host.numa().get(j).id() + ' ' +
                    host.distances()[i][j]);
            }
        }
        lines.sort(null);
        return lines;
    }

    /** For it, a node without processors has those of the nodes that are nearest. */
    private static BitSet nearest(final HostTopology host, final int index)
    {
        final int[] distances = host.distances()[index];
        final BitSet cpus = new BitSet();
        int least = Integer.MAX_VALUE;
        for (int i = 0; i < distances.length; i++)
        {
            if (i != index && distances[i] < least)
            {
                least = distances[i];
                cpus.clear();
            }
            if (i != index && distances[i] == least)
            {
                cpus.or(host.numa().get(i).cpus());
            }
        }
        return cpus;
    }

    private void distances(final List<String> lines)
    {
        final NodeList all = document.getElementsByTagName("distances2");
        for (int d = 0; d < all.getLength(); d++)
        {
            final Element matrix = (Element)all.item(d);
            if ("NUMALatency".equals(matrix.getAttribute("name")))
            {
                final List<String> nodes = words(matrix, "indexes");
                final List<String> values = words(matrix, "u64values");
                for (int i = 0; i < values.size(); i++)
                {
                    lines.add("distance " + nodes.get(i / nodes.size()) + ' ' + nodes.get(i % nodes.size()) + ' ' +
                        values.get(i));
                }
            }
        }
    }

    /** Long lists are cut in several elements. */
    private static List<String> words(final Element matrix, final String name)
    {
        final List<String> words = new ArrayList<>();
        final NodeList parts = matrix.getElementsByTagName(name);
        for (int i = 0; i < parts.getLength(); i++)
        {
            words.addAll(List.of(parts.item(i).getTextContent().strip().split("\\s+")));
        }
        return words;
    }

    private List<Element> objects()
    {
        final NodeList all = document.getElementsByTagName("object");
        final List<Element> objects = new ArrayList<>();
        for (int i = 0; i < all.getLength(); i++)
        {
            objects.add((Element)all.item(i));
        }
        return objects;
    }

    private static String pci(final Element object)
    {
        return object.getAttribute("pci_busid");
    }

    /** The only node within the first part above that has processors; -1 if there are several. */
    private int near(final Element object)
    {
        Element above = object;
        while (!above.hasAttribute("cpuset"))
        {
            above = (Element)above.getParentNode();
        }
        int found = HostDevice.NO_NODE;
        for (final Element node : objects())
        {
            if ("NUMANode".equals(node.getAttribute("type")))
            {
                final BitSet beyond = cpus(node.getAttribute("cpuset"));
                beyond.andNot(cpus(above.getAttribute("cpuset")));
                if (beyond.isEmpty() && HostDevice.NO_NODE != found)
                {
                    return HostDevice.NO_NODE;
                }
                found = beyond.isEmpty() ? Integer.parseInt(node.getAttribute("os_index")) : found;
            }
        }
        return found;
    }

    private static List<String> path(final Element object)
    {
        final List<String> path = new ArrayList<>();
        Element above = (Element)object.getParentNode();
        while ("Bridge".equals(above.getAttribute("type")))
        {
            if (!pci(above).isEmpty())
            {
                path.add(0, pci(above));
            }
            above = (Element)above.getParentNode();
        }
        return path;
    }

    private static BitSet cpus(final String mask)
    {
        final BitSet cpus = new BitSet();
        final String[] words = mask.split(",");
        for (int i = 0; i < words.length; i++)
        {
            final String word = words[words.length - 1 - i].replace("0x", "");
            final long bits = word.isEmpty() ? 0 : Long.parseLong(word, 16);
            for (int bit = 0; bit < WORD_BITS; bit++)
            {
                cpus.set(i * WORD_BITS + bit, 0 != (bits & 1L << bit));
            }
        }
        return cpus;
    }
}
