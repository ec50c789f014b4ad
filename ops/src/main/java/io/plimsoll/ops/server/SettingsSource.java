package io.plimsoll.ops.server;

import io.plimsoll.ops.cli.Terminal;
import java.util.Map;

/**
 * All that says how a manager or an agent shall be, the later over the earlier.
 *
 * @param terminal    for paths.
 * @param file        as the user named it; null: none.
 * @param environment variables, of which those that begin with {@code PLIMSOLL_} count.
 * @param etcd        values by keys as they stand in etcd, slashes between levels, without the prefix.
 * @param etcdPrefix  for complaints.
 * @param options     of the command line.
 */
record SettingsSource(
    Terminal terminal,
    String file,
    Map<String, String> environment,
    Map<String, String> etcd,
    String etcdPrefix,
    ServerOptions options)
{
    /** Below this are no keys of the configuration. */
    private static final String DISCOVERY = "discovery/";

    SettingsSource(
        final Terminal terminal, final String file, final Map<String, String> environment, final ServerOptions options)
    {
        this(terminal, file, environment, Map.of(), "", options);
    }

    /** The same, with what etcd says. */
    SettingsSource withEtcd(final Map<String, String> values, final String prefix)
    {
        return new SettingsSource(terminal, file, environment, values, prefix, options);
    }

    /** What the file says. */
    ConfigValue read()
    {
        return null == file ?
            new ConfigValue(null, Origin.DEFAULT) : ConfigYaml.file(terminal.path(file), file);
    }

    /** Puts what etcd says over it. */
    void putEtcd(final ConfigNode root)
    {
        etcd.forEach((key, value) ->
        {
            if (!key.startsWith(DISCOVERY))
            {
                final Origin origin = Origin.of(Origin.Kind.ETCD, etcdPrefix + "/" + key);
                final String top = key.split("/", 2)[0];
                if ("etcd".equals(top) || "data".equals(top))
                {
                    throw new ConfigException(
                        origin, top, "this is needed to get at etcd; give it in the file or in the environment");
                }
                final boolean isSection = value.strip().startsWith("{");
                ConfigValue tree =
                    isSection ? ConfigYaml.text(value, origin) : new ConfigValue(value.strip(), origin);
                final String[] levels = key.split("/", -1);
                for (int i = levels.length - 1; i > 0; i--)
                {
                    tree = new ConfigValue(Map.of(levels[i], tree), origin);
                }
                root.put(levels[0], tree);
            }
        });
    }
}
