package io.plimsoll.ops.server;

import io.plimsoll.manager.ManagerContext;
import io.plimsoll.manager.control.GroupOption;
import io.plimsoll.manager.control.GroupOptions;
import io.plimsoll.transport.Amounts;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The section groups of the configuration: options by groups, as the API names both. */
final class GroupSettings
{
    private GroupSettings()
    {
    }

    static void read(final ConfigNode groups, final Map<String, String> environment, final ManagerContext manager)
    {
        final long lostMinNs = manager.agentSide().leaseNs() + manager.killMarginNs() + 1;
        final Set<String> names = groups.ownNames();
        environment.keySet().forEach(variable -> addGroup(variable, names));
        for (final String name : names)
        {
            final ConfigNode group = groups.section(name);
            for (final GroupOption option : GroupOption.values())
            {
                putVariable(group, "groups." + name + ".", option, environment);
            }
            final Map<String, String> options = new LinkedHashMap<>(group.flat(""));
            options.forEach((key, value) -> check("groups." + name + "." + key, key, value, lostMinNs));
            manager.groups().put(name, options);
        }
    }

    /** A variable may name a group that stands nowhere else; where its name ends only the option tells. */
    private static void addGroup(final String variable, final Set<String> names)
    {
        final String start = ConfigEnvironment.name("groups") + "_";
        String group = null;
        for (final GroupOption option : GroupOption.values())
        {
            final String end = ConfigEnvironment.name(option.label()).substring(ConfigEnvironment.PREFIX.length() - 1);
            if (variable.startsWith(start) && variable.endsWith(end) &&
                variable.length() > start.length() + end.length())
            {
                final String name = variable.substring(start.length(), variable.length() - end.length());
                // The longest option leaves the shortest name: ..._PREEMPTION_MIN_RUNTIME.
                group = null == group || name.length() < group.length() ? name : group;
            }
        }
        final String found = group;
        if (null != found && names.stream().noneMatch(
            name -> ConfigEnvironment.name("groups." + name).equals(start + found)))
        {
            names.add(found.toLowerCase(Locale.ROOT).replace('_', '-'));
        }
    }

    private static void putVariable(
        final ConfigNode group, final String path, final GroupOption option, final Map<String, String> environment)
    {
        final String variable = ConfigEnvironment.name(path + option.label());
        final String value = environment.get(variable);
        if (null != value && !value.isBlank())
        {
            final Origin origin = Origin.of(Origin.Kind.ENVIRONMENT, variable);
            final int dot = option.label().indexOf('.');
            final ConfigNode section = dot < 0 ? group : group.section(option.label().substring(0, dot));
            section.put(option.label().substring(dot + 1), new ConfigValue(value.strip(), origin));
        }
    }

    private static void check(final String place, final String key, final String value, final long lostMinNs)
    {
        final GroupOption option = GroupOption.of(key);
        if (null == option)
        {
            throw new ConfigException(
                place, "unknown key; there are " + String.join(", ", GroupOption.labels()));
        }
        final long number;
        try
        {
            number = GroupOptions.DEFAULTS.with(option, value).get(option);
        }
        catch (final IllegalArgumentException ex)
        {
            throw new ConfigException(place, ex.getMessage() + "; found '" + value + "'");
        }
        if (GroupOption.LOST_TIMEOUT == option && 0 != number && number < lostMinNs)
        {
            throw new ConfigException(
                place,
                "use more than " + Amounts.formatDuration(lostMinNs - 1) + ", which a lease and its end may take");
        }
    }
}
