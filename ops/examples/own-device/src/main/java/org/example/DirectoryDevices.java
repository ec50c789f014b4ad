package org.example;

import io.plimsoll.agent.device.DeviceAccess;
import io.plimsoll.agent.device.DevicePlugin;
import io.plimsoll.agent.device.PluginDevice;
import io.plimsoll.agent.topology.DeviceDetails;
import io.plimsoll.agent.topology.HostDevice;
import io.plimsoll.agent.topology.HostTopology;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Accelerators of a make called Acme, as their driver shows them: a directory each, such as {@code
 * /sys/class/acme/acme0}, with files {@code numa}, {@code model} and {@code state}. A kernel gets the device file of
 * the same name and the variable that the make's library reads.
 */
public final class DirectoryDevices implements DevicePlugin
{
    private static final int NOWHERE = -1;
    private static final long WHOLE_ONLY = 0;

    private Path directory;
    private Path deviceFiles;

    @Override
    public String name()
    {
        return "acme";
    }

    /** The setting is the directory of the devices and, behind a space, that of their device files. */
    @Override
    public void open(final String setting, final HostTopology host) throws IOException
    {
        final String[] words = setting.strip().split(" +");
        directory = Path.of(words[0].isEmpty() ? "/sys/class/acme" : words[0]);
        deviceFiles = Path.of(words.length > 1 ? words[1] : "/dev");
        if (!Files.isDirectory(directory))
        {
            throw new IOException(directory + " is no directory: is the driver loaded?");
        }
    }

    @Override
    public List<PluginDevice> look() throws IOException
    {
        final List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> devices = Files.newDirectoryStream(directory, "acme[0-9]*"))
        {
            devices.forEach(found::add);
        }
        // The order of a directory is any; that of the devices must always be the same.
        found.sort(null);
        final List<PluginDevice> devices = new ArrayList<>();
        for (final Path device : found)
        {
            devices.add(device(device));
        }
        return devices;
    }

    private PluginDevice device(final Path device) throws IOException
    {
        final String id = device.getFileName().toString();
        final String file = deviceFiles.resolve(id).toString();
        final String state = text(device.resolve("state"), "ok");
        final DeviceAccess access = new DeviceAccess(
            Map.of("ACME_VISIBLE_DEVICES", id.substring("acme".length())),
            List.of(new DeviceAccess.DeviceFile(file, file, "rw")),
            List.of(),
            List.of(),
            List.of());
        return new PluginDevice(
            new HostDevice(
                id,
                "acme.device",
                number(text(device.resolve("numa"), "")),
                HostDevice.MILLIS,
                WHOLE_ONLY,
                false,
                text(device.resolve("model"), ""),
                "",
                List.of(),
                DeviceDetails.NONE),
            "ok".equals(state) ? "" : "its driver says " + state,
            null,
            access);
    }

    private static int number(final String text)
    {
        return text.matches("[0-9]{1,4}") ? Integer.parseInt(text) : NOWHERE;
    }

    private static String text(final Path file, final String otherwise) throws IOException
    {
        return Files.exists(file) ? Files.readString(file).strip() : otherwise;
    }
}
