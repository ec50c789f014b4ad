package io.plimsoll.ops.server;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The section log of the configuration.
 *
 * @param level   of everything; null: as it is.
 * @param loggers levels by names of packages or classes.
 */
record LogSettings(Level level, Map<String, Level> loggers)
{
    /** From little to much. */
    enum Level
    {
        OFF, ERROR, WARN, INFO, DEBUG, TRACE
    }

    static LogSettings read(final ConfigNode node)
    {
        final Level level = node.choice("level", Level.INFO, Level.class);
        final ConfigNode section = node.section("loggers");
        final Map<String, Level> loggers = new LinkedHashMap<>();
        for (final String name : section.names())
        {
            loggers.put(name, section.choice(name, null, Level.class));
        }
        return new LogSettings(level, loggers);
    }
}
