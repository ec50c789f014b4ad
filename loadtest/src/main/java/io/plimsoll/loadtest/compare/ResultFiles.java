package io.plimsoll.loadtest.compare;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.plimsoll.loadtest.compare.Side.Run;
import io.plimsoll.loadtest.simulate.ScenarioException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Results as the commands print them with {@code -o json} or {@code -o jsonl}: runs of simulate and plan by seed, and
 * of everything else each number, by the path to it. Series are left out, and what is said of the machine.
 */
public final class ResultFiles
{
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Set<String> NO_FIGURES =
        Set.of("formatVersion", "seed", "machine", "settings", "plan", "series", "tried", "trials", "summary", "seeds");

    private ResultFiles()
    {
    }

    /**
     * Reads a side.
     *
     * @param name  of it.
     * @param paths of files, or of folders with files that end in .json or .jsonl.
     */
    public static Side read(final String name, final List<Path> paths)
    {
        final List<Run> runs = new ArrayList<>();
        final Map<String, Double> once = new LinkedHashMap<>();
        final List<Path> files = files(paths);
        for (final Path file : files)
        {
            add(result(file), runs, once);
        }
        if (files.size() > 1)
        {
            // What is of all runs of one file is no figure of several.
            once.clear();
        }
        return new Side(name, once, runs);
    }

    /** What is read of files and folders. */
    public static List<Path> files(final List<Path> paths)
    {
        final List<Path> files = new ArrayList<>();
        for (final Path path : paths)
        {
            files.addAll(Files.isDirectory(path) ? inside(path) : List.of(path));
        }
        return files;
    }

    private static List<Path> inside(final Path folder)
    {
        try (Stream<Path> files = Files.list(folder))
        {
            final List<Path> found =
                files.filter(file -> file.toString().matches(".*\\.jsonl?")).sorted().toList();
            if (found.isEmpty())
            {
                throw new ScenarioException(folder + ": has no file that ends in .json or .jsonl");
            }
            return found;
        }
        catch (final IOException ex)
        {
            throw new ScenarioException(folder + ": cannot be read; is it yours to read?");
        }
    }

    /** Of several objects the summary. */
    private static JsonNode result(final Path file)
    {
        JsonNode found = null;
        try (MappingIterator<JsonNode> objects = MAPPER.readerFor(JsonNode.class).readValues(file.toFile()))
        {
            while (objects.hasNextValue())
            {
                final JsonNode object = objects.nextValue();
                found = null == found || object.path("summary").asBoolean() ? object : found;
            }
        }
        catch (final JsonProcessingException ex)
        {
            throw new ScenarioException(file + ": is no JSON, as -o json prints it: line " +
                (null == ex.getLocation() ? 1 : ex.getLocation().getLineNr()));
        }
        catch (final IOException ex)
        {
            throw new ScenarioException(file + ": cannot be read; is it there, and yours to read?");
        }
        if (null == found || !found.isObject())
        {
            throw new ScenarioException(file + ": holds no result; give what a command printed with -o json");
        }
        return found;
    }

    private static void add(final JsonNode result, final List<Run> runs, final Map<String, Double> once)
    {
        final boolean isPlan = result.has("found") && result.has("objectives");
        final JsonNode told = isPlan && result.get("found").isObject() ? result.get("found") : result;
        if (isPlan)
        {
            numbers("machines.", told.path("machines"), once);
            number("costPerHour", told.path("costPerHour"), once);
            number("carries", result.path("carries"), once);
        }
        if (told.has("perSeed"))
        {
            for (final JsonNode run : told.get("perSeed"))
            {
                runs.add(new Run(run.path("seed").asLong(), flat(run)));
            }
            return;
        }
        final JsonNode seed = result.has("seed") ? result.get("seed") : result.at("/settings/seed");
        runs.add(new Run(
            seed.isIntegralNumber() ? (Long)seed.asLong() : Side.NO_SEED,
            result.has("what") && result.has("figures") ? benchmark(result.get("figures")) : flat(result)));
    }

    private static Map<String, Double> flat(final JsonNode object)
    {
        final Map<String, Double> figures = new LinkedHashMap<>();
        numbers("", object, figures);
        return figures;
    }

    private static void numbers(final String path, final JsonNode object, final Map<String, Double> into)
    {
        for (final Map.Entry<String, JsonNode> field : object.properties())
        {
            final String name = field.getKey();
            final JsonNode value = field.getValue();
            if (NO_FIGURES.contains(name))
            {
                continue;
            }
            if (value.isObject())
            {
                numbers(path + name + ".", value, into);
            }
            else if (value.isArray())
            {
                named(path + name + ".", value, into);
            }
            else
            {
                number(path + name, value, into);
            }
        }
    }

    /** Of a list what has a name of its own. */
    private static void named(final String path, final JsonNode list, final Map<String, Double> into)
    {
        for (final JsonNode element : list)
        {
            if (element.path("name").isTextual())
            {
                numbers(path + element.get("name").asText() + ".", element, into);
            }
        }
    }

    private static void number(final String path, final JsonNode value, final Map<String, Double> into)
    {
        if (value.isNumber())
        {
            into.put(path, value.asDouble());
        }
    }

    private static Map<String, Double> benchmark(final JsonNode figures)
    {
        final Map<String, Double> told = new LinkedHashMap<>();
        for (final JsonNode figure : figures)
        {
            final String name = figure.path("name").asText();
            number(name + " (" + figure.path("unit").asText() + ")", figure.path("value"), told);
            number(name + " ratio", figure.path("ratio"), told);
        }
        return told;
    }
}
