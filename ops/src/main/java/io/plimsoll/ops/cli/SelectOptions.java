package io.plimsoll.ops.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** Conditions on sessions, all of which must hold; those of a list of the API. */
final class SelectOptions
{
    @Option(names = "--state", paramLabel = "STATE", description = "In one of these states, such as PENDING,RUNNING.")
    private String state;

    @Option(names = "--group", paramLabel = "GROUP", description = "Of this resource group.")
    private String group;

    @Option(names = "--name", paramLabel = "NAME", description = "With this name.")
    private String name;

    @Option(
        names = "--account",
        paramLabel = "ACCOUNT",
        description = "That count for this account, such as project/vision, by name or number.")
    private String account;

    @Option(names = "--array", paramLabel = "ID", description = "Of the job array whose first element this is.")
    private String array;

    @Option(names = "--agent", paramLabel = "AGENT", description = "With a kernel on this agent.")
    private String agent;

    @Option(names = "--since", paramLabel = "TIME", description = "Submitted at this time or later (ISO-8601).")
    private String since;

    @Option(names = "--until", paramLabel = "TIME", description = "Submitted before this time.")
    private String until;

    /** By name, those that were given. */
    Map<String, Object> conditions()
    {
        final Map<String, Object> conditions = new LinkedHashMap<>();
        put(conditions, "state", state);
        put(conditions, "group", group);
        put(conditions, "name", name);
        put(conditions, "account", account);
        put(conditions, "array", array);
        put(conditions, "agent", agent);
        put(conditions, "since", since);
        put(conditions, "until", until);
        return conditions;
    }

    private static void put(final Map<String, Object> conditions, final String name, final String value)
    {
        if (null != value)
        {
            conditions.put(name, value);
        }
    }
}
