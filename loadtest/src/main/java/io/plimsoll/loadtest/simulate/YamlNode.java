package io.plimsoll.loadtest.simulate;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * A document as a tree in which every node knows its line and its path, so that whoever finds a mistake can say where.
 * Scalars are kept as the text that was written, what an anchor names stands wherever its alias does. JSON is YAML too.
 */
public final class YamlNode
{
    private static final int DEPTH_MAX = 20;
    private static final int TEXT_LENGTH_MAX = 4096;
    /** Takes over the fields of other objects, as YAML 1.1 has it. */
    private static final String MERGE = "<<";

    private final int line;
    private final String path;
    private final String scalar;
    private final List<YamlNode> items;
    private final Map<String, YamlNode> fields;

    private YamlNode(
        final int line,
        final String path,
        final String scalar,
        final List<YamlNode> items,
        final Map<String, YamlNode> fields)
    {
        this.line = line;
        this.path = path;
        this.scalar = scalar;
        this.items = items;
        this.fields = fields;
    }

    /** Reads one document. */
    public static YamlNode parse(final String text)
    {
        // Scenarios may be long; the parser's own bounds are meant for documents of strangers.
        final LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(Integer.MAX_VALUE);
        options.setMaxAliasesForCollections(Integer.MAX_VALUE);
        try
        {
            final StreamReader reader = new StreamReader(withoutTabs(text));
            final Composer composer = new Composer(new ParserImpl(reader, options), new Resolver(), options);
            if (!composer.checkNode())
            {
                throw new ScenarioException("the scenario is empty; it needs agents and sessions");
            }
            final YamlNode root = of(composer.getNode(), "", 0, new IdentityHashMap<>());
            if (composer.checkNode())
            {
                throw new ScenarioException(
                    line(composer.getNode()), "", "a second document begins here; one scenario a file");
            }
            return root;
        }
        catch (final MarkedYAMLException ex)
        {
            throw broken(ex);
        }
        catch (final YAMLException ex)
        {
            throw new ScenarioException(ex.getMessage().strip().replaceAll("\\s*\\R\\s*", " "));
        }
    }

    /** JSON is YAML, but for tabs between its parts. */
    private static String withoutTabs(final String text)
    {
        final String begin = text.stripLeading();
        if (text.indexOf('\t') < 0 || !begin.startsWith("{") && !begin.startsWith("["))
        {
            return text;
        }
        final StringBuilder plain = new StringBuilder(text);
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++)
        {
            final char letter = text.charAt(i);
            if ('"' == letter)
            {
                quoted = !quoted;
            }
            else if ('\\' == letter && quoted)
            {
                i++;
            }
            else if ('\t' == letter && !quoted)
            {
                plain.setCharAt(i, ' ');
            }
        }
        return plain.toString();
    }

    private static ScenarioException broken(final MarkedYAMLException ex)
    {
        if (null == ex.getProblemMark())
        {
            return new ScenarioException(ex.getProblem());
        }
        final String context = null == ex.getContext() ? "" : " " + ex.getContext();
        final String began = null == ex.getContextMark() ?
            "" : " that begins in line " + (ex.getContextMark().getLine() + 1);
        return new ScenarioException(ex.getProblemMark().getLine() + 1, "", ex.getProblem() + context + began);
    }

    /** Nodes that aliases name are read once, or few lines could stand for more than fits any memory. */
    private static YamlNode of(
        final Node node, final String path, final int depth, final Map<Node, YamlNode> known)
    {
        if (depth > DEPTH_MAX)
        {
            throw new ScenarioException(line(node), path, "is nested too deeply");
        }
        YamlNode read = known.get(node);
        if (null == read)
        {
            read = read(node, path, depth, known);
            known.put(node, read);
        }
        return read;
    }

    private static YamlNode read(
        final Node node, final String path, final int depth, final Map<Node, YamlNode> known)
    {
        if (node instanceof MappingNode mapping)
        {
            return new YamlNode(line(node), path, null, null, fields(mapping, path, depth, known));
        }
        if (node instanceof SequenceNode sequence)
        {
            final List<YamlNode> items = new ArrayList<>();
            for (final Node item : sequence.getValue())
            {
                items.add(of(item, path + "[" + items.size() + "]", depth + 1, known));
            }
            return new YamlNode(line(node), path, null, items, null);
        }
        final String text = ((ScalarNode)node).getValue();
        return new YamlNode(line(node), path, Tag.NULL.equals(node.getTag()) ? null : text, null, null);
    }

    private static Map<String, YamlNode> fields(
        final MappingNode mapping, final String path, final int depth, final Map<Node, YamlNode> known)
    {
        final Map<String, YamlNode> fields = new LinkedHashMap<>();
        for (final NodeTuple tuple : mapping.getValue())
        {
            if (!(tuple.getKeyNode() instanceof ScalarNode key))
            {
                throw new ScenarioException(line(tuple.getKeyNode()), path, "the name of a field is a text");
            }
            final String name = key.getValue();
            final String fieldPath = path.isEmpty() ? name : path + "." + name;
            if (null != fields.put(name, of(tuple.getValueNode(), fieldPath, depth + 1, known)))
            {
                throw new ScenarioException(line(key), fieldPath, "is given twice");
            }
        }
        final YamlNode merged = fields.remove(MERGE);
        if (null != merged)
        {
            // The fields of the object itself count first, then those of the first that has them.
            merged.items().forEach(other -> other.fields().forEach(fields::putIfAbsent));
        }
        return fields;
    }

    private static int line(final Node node)
    {
        return node.getStartMark().getLine() + 1;
    }

    public int line()
    {
        return line;
    }

    public String path()
    {
        return path;
    }

    /** A field without a value, which counts as not given. */
    public boolean isNull()
    {
        return null == scalar && null == items && null == fields;
    }

    public boolean isScalar()
    {
        return null != scalar;
    }

    public boolean isList()
    {
        return null != items;
    }

    public boolean isObject()
    {
        return null != fields;
    }

    /** The text of a scalar. */
    public String text()
    {
        if (null == scalar)
        {
            throw problem("expected a text or a number");
        }
        if (scalar.length() > TEXT_LENGTH_MAX)
        {
            throw problem("has " + scalar.length() + " characters; at most " + TEXT_LENGTH_MAX + " are read");
        }
        return scalar;
    }

    /** The nodes of a list; a single scalar or object is a list of one, as people write it. */
    public List<YamlNode> items()
    {
        return null != items ? items : isNull() ? List.of() : List.of(this);
    }

    /** The fields of an object. */
    public Map<String, YamlNode> fields()
    {
        if (null == fields)
        {
            throw problem("expected an object with fields, such as " + example());
        }
        return fields;
    }

    /** What could stand here, for who has written something else. */
    private String example()
    {
        final String field = path.substring(path.lastIndexOf('.') + 1).replaceFirst("\\[.*", "");
        return switch (field)
        {
            case "" -> "{agents: [{name: a, cpu: 8}], sessions: [{name: s, duration: 60s}]}";
            case "groups" -> "{name: default, order: fifo}";
            case "preemption" -> "{enabled: true, mode: terminate}";
            case "devices" -> "{kind: cuda, model: A100, count: 4}";
            case "labels", "notLabels" -> "{zone: z1}";
            case "slots", "pendingSlots" -> "{fpga: 2}";
            case "owners" -> "{users: [{name: alice, limits: {cpu: 10}}]}";
            case "users", "projects", "domains", "keypairs" -> "{name: alice, weight: 1}";
            case "limits" -> "{cpu: 10, sessions: 5}";
            case "kernels" -> "{cpu: 2, mem: 2g, count: 1}";
            case "sessions" -> "{name: s, kernels: [{cpu: 2}], duration: 60s}";
            case "failures" -> "{at: 30s, agent: a, down: 20s}";
            default -> "{name: a, cpu: 8}";
        };
    }

    public ScenarioException problem(final String problem)
    {
        return new ScenarioException(line, path, problem);
    }
}
