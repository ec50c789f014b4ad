package io.plimsoll.ops.server;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sets levels of logging while it runs. One thread at a time. */
final class LogLevels
{
    /** What loggers had before they were told anything; null inside: what is above them. */
    private final Map<String, Level> before = new HashMap<>();

    void apply(final LogSettings settings)
    {
        if (!(LoggerFactory.getILoggerFactory() instanceof LoggerContext context))
        {
            return;
        }
        context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Level.toLevel(settings.level().name()));
        before.forEach((name, level) ->
        {
            if (!settings.loggers().containsKey(name))
            {
                context.getLogger(name).setLevel(level);
            }
        });
        settings.loggers().forEach((name, level) ->
        {
            final ch.qos.logback.classic.Logger logger = context.getLogger(name);
            before.putIfAbsent(name, logger.getLevel());
            logger.setLevel(Level.toLevel(level.name()));
        });
    }
}
