package io.plimsoll.ops.server;

import io.plimsoll.ops.cli.Terminal;
import java.util.Map;

/**
 * All that says how a manager or an agent shall be, the later over the earlier.
 *
 * @param terminal    for paths.
 * @param file        as the user named it; null: none.
 * @param environment variables, of which those that begin with {@code PLIMSOLL_} count.
 * @param options     of the command line.
 */
record SettingsSource(Terminal terminal, String file, Map<String, String> environment, ServerOptions options)
{
    /** What the file says. */
    ConfigValue read()
    {
        return null == file ?
            new ConfigValue(null, Origin.DEFAULT) : ConfigYaml.file(terminal.path(file), file);
    }
}
