package io.plimsoll.loadtest.simulate;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/**
 * A document as a tree in which every node knows its line and its path, so that whoever finds a mistake can say where.
 * Scalars are kept as the text that was written. JSON is YAML too.
 */
public final class YamlNode
{
    private static final int DEPTH_MAX = 20;

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
        // Scenarios may be long; the parser's own bound of 3 MiB is meant for documents of strangers.
        final LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(Integer.MAX_VALUE);
        try (JsonParser parser = YAMLFactory.builder().loaderOptions(options).build().createParser(text))
        {
            if (null == parser.nextToken())
            {
                throw new ScenarioException("the scenario is empty; it needs agents and sessions");
            }
            final YamlNode root = read(parser, "", 0);
            if (null != parser.nextToken())
            {
                throw new ScenarioException(line(parser), "", "a second document begins here; one scenario a file");
            }
            return root;
        }
        catch (final JsonProcessingException ex)
        {
            throw broken(ex);
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    private static ScenarioException broken(final JsonProcessingException ex)
    {
        if (ex.getCause() instanceof MarkedYAMLException marked && null != marked.getProblemMark())
        {
            final String context = null == marked.getContext() ? "" : " " + marked.getContext();
            final String began = null == marked.getContextMark() ?
                "" : " that begins in line " + (marked.getContextMark().getLine() + 1);
            return new ScenarioException(
                marked.getProblemMark().getLine() + 1, "", marked.getProblem() + context + began);
        }
        final JsonLocation at = ex.getLocation();
        return new ScenarioException(
            null == at ? 0 : at.getLineNr(), "", ex.getOriginalMessage().strip().replaceAll("\\s*\\R\\s*", " "));
    }

    private static YamlNode read(final JsonParser parser, final String path, final int depth) throws IOException
    {
        final int line = line(parser);
        if (depth > DEPTH_MAX)
        {
            throw new ScenarioException(line, path, "is nested too deeply");
        }
        if (JsonToken.START_OBJECT == parser.currentToken())
        {
            final Map<String, YamlNode> fields = new LinkedHashMap<>();
            while (JsonToken.END_OBJECT != parser.nextToken())
            {
                final String name = parser.currentName();
                final int nameLine = line(parser);
                final String fieldPath = path.isEmpty() ? name : path + "." + name;
                parser.nextToken();
                if (null != fields.put(name, read(parser, fieldPath, depth + 1)))
                {
                    throw new ScenarioException(nameLine, fieldPath, "is given twice");
                }
            }
            return new YamlNode(line, path, null, null, fields);
        }
        if (JsonToken.START_ARRAY == parser.currentToken())
        {
            final List<YamlNode> items = new ArrayList<>();
            while (JsonToken.END_ARRAY != parser.nextToken())
            {
                items.add(read(parser, path + "[" + items.size() + "]", depth + 1));
            }
            return new YamlNode(line, path, null, items, null);
        }
        return new YamlNode(
            line, path, JsonToken.VALUE_NULL == parser.currentToken() ? null : parser.getText(), null, null);
    }

    private static int line(final JsonParser parser)
    {
        return parser.currentTokenLocation().getLineNr();
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
