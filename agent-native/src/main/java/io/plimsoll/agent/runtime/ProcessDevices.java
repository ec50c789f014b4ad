package io.plimsoll.agent.runtime;

import io.plimsoll.agent.device.DeviceAccess;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Whether a process can have what comes with its devices: it sees the files of the host where they are, and nowhere
 * else.
 */
final class ProcessDevices
{
    private ProcessDevices()
    {
    }

    /** Null: nothing speaks against it. */
    static String obstacle(final DeviceAccess access)
    {
        for (final DeviceAccess.DeviceFile file : access.files())
        {
            final Path path = Path.of(file.path());
            if (!Files.exists(path))
            {
                return "the device file " + path + " is not there";
            }
            if (file.permissions().contains("r") && !Files.isReadable(path) ||
                file.permissions().contains("w") && !Files.isWritable(path))
            {
                return "the device file " + path + " is not for the user that the agent runs as";
            }
            if (!file.path().equals(file.target()))
            {
                return elsewhere(file.path(), file.target());
            }
        }
        for (final DeviceAccess.Mount mount : access.mounts())
        {
            if (!Files.exists(Path.of(mount.source())))
            {
                return mount.source() + ", which comes with a device, is not there";
            }
            if (!mount.source().equals(mount.target()))
            {
                return elsewhere(mount.source(), mount.target());
            }
        }
        return null;
    }

    private static String elsewhere(final String source, final String target)
    {
        return "a device brings " + source + " as " + target +
            ", which only containers can be given: submit it with --image";
    }
}
