package io.plimsoll.ops.server;

import io.plimsoll.transport.NearMatch;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Variables that stand for keys: {@code PLIMSOLL_} and the key in capitals, with an underscore for whatever is neither
 * letter nor digit and before a capital in the middle: {@code liveness.lost} is {@code PLIMSOLL_LIVENESS_LOST}. An
 * empty variable counts as none.
 */
final class ConfigEnvironment
{
    static final String PREFIX = "PLIMSOLL_";

    /** What such a variable means is not in the configuration. */
    private static final Set<String> OTHERS = Set.of(
        "PLIMSOLL_URL", "PLIMSOLL_TOKEN", "PLIMSOLL_ACCESS_KEY", "PLIMSOLL_SECRET_KEY", "PLIMSOLL_JOIN_TOKEN",
        "PLIMSOLL_JAVA_OPTS", "PLIMSOLL_PLUGINS", "PLIMSOLL_NO_BUILD", "PLIMSOLL_PORTS", "PLIMSOLL_DEVICES",
        "PLIMSOLL_CPUS", "PLIMSOLL_SCRATCH",
        "PLIMSOLL_ATTEMPT", "PLIMSOLL_HOSTS", "PLIMSOLL_PEERS", "PLIMSOLL_POLICY", "PLIMSOLL_SHELL",
        "PLIMSOLL_TERMINAL", "PLIMSOLL_CA", "PLIMSOLL_CLIENT_CERTIFICATE", "PLIMSOLL_CLIENT_KEY");

    private final Map<String, String> variables = new TreeMap<>();
    private final Set<String> known = new TreeSet<>();

    ConfigEnvironment(final Map<String, String> environment)
    {
        environment.forEach((name, value) ->
        {
            if (name.startsWith(PREFIX) && !OTHERS.contains(name) && !value.isBlank())
            {
                variables.put(name, value);
            }
        });
    }

    /** The variable that stands for a key. */
    static String name(final String path)
    {
        return PREFIX + path
            .replaceAll("([a-z0-9])([A-Z])", "$1_$2")
            .replaceAll("[^A-Za-z0-9]", "_")
            .toUpperCase(Locale.ROOT);
    }

    /** What the variable of a key says, null if there is none; it counts as known from now on. */
    ConfigValue value(final String path)
    {
        final String name = name(path);
        known.add(name);
        final String value = variables.get(name);
        return null == value ? null : new ConfigValue(value.strip(), Origin.of(Origin.Kind.ENVIRONMENT, name));
    }

    /**
     * Names below a section whose names are the user's own, of variables that stand for nothing else: in small letters,
     * with a dash for an underscore.
     */
    List<String> namesBelow(final String path)
    {
        final String start = name(path) + "_";
        final List<String> names = new ArrayList<>();
        for (final String variable : variables.keySet())
        {
            if (variable.startsWith(start) && !known.contains(variable))
            {
                names.add(variable.substring(start.length()).toLowerCase(Locale.ROOT).replace('_', '-'));
            }
        }
        return names;
    }

    /**
     * Variables that look as if they stood for a key, and do not. They are no mistake: a container may have variables
     * that are named after a service.
     *
     * @param sections names of the top level.
     */
    List<String> warnings(final Set<String> sections)
    {
        final List<String> warnings = new ArrayList<>();
        for (final String variable : variables.keySet())
        {
            final boolean isMeant = sections.stream().anyMatch(section -> variable.startsWith(name(section)));
            if (isMeant && !known.contains(variable) && !variable.matches(".*_(SERVICE_HOST|SERVICE_PORT.*|PORT_.*)"))
            {
                warnings.add(
                    "environment " + variable + ": no key of the configuration has this variable; it is ignored" +
                        NearMatch.hint(near(variable)));
            }
        }
        return warnings;
    }

    /** The one that begins most like it, of those that are near. */
    private List<String> near(final String variable)
    {
        return known.stream()
            .filter(name -> !NearMatch.find(variable, List.of(name)).isEmpty())
            .max(Comparator.comparingInt(name -> common(name, variable)))
            .map(List::of)
            .orElse(List.of());
    }

    private static int common(final String one, final String other)
    {
        int length = 0;
        while (length < Math.min(one.length(), other.length()) && one.charAt(length) == other.charAt(length))
        {
            length++;
        }
        return length;
    }
}
