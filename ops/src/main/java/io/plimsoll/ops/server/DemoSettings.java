package io.plimsoll.ops.server;

import io.plimsoll.ops.cli.Terminal;
import java.nio.file.Path;
import java.util.Map;

/** What the demo runs on: everything in one directory, on ports that the system chooses. */
final class DemoSettings
{
    private static final long MEBIBYTE = 1L << 20;

    private DemoSettings()
    {
    }

    static Settings of(final Terminal terminal, final Path directory)
    {
        // The same wherever it is run: what the environment says is meant for others.
        final Settings settings = Settings.read(new SettingsSource(terminal, null, Map.of(), root ->
        {
            root.override("data", directory.toString());
            root.override("listen", "127.0.0.1:0");
            root.section("agent").override("name", "demo");
        }));
        // A temporary directory is often small, and a demo writes little.
        settings.manager().segmentLength(64 * MEBIBYTE).reserveFileLength(0);
        return settings;
    }
}
