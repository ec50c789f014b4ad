package io.plimsoll.agent.device;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.plimsoll.agent.gpu.GpuSample;
import io.plimsoll.agent.topology.HostDevice;
import io.plimsoll.agent.topology.HostTopology;
import io.plimsoll.agent.topology.TopologyReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Devices as a YAML file says, read anew each time: accelerators can be tried without having any, and broken by an
 * editor. The fields of a device are those of the document that describes a host (docs/TOPOLOGY.md), and besides these
 * {@code healthy}, {@code reason}, {@code variables}, {@code files}, {@code mounts}, {@code requests},
 * {@code cgroupRules}, {@code percent}, {@code memoryUsed}, {@code celsius}, {@code watts}.
 */
public final class FileDevices implements DevicePlugin
{
    private static final YAMLMapper YAML = new YAMLMapper();
    private static final int MILLI = 1000;
    private static final int LENGTH_MAX = 1 << 20;

    private Path file;
    private HostTopology host;

    @Override
    public String name()
    {
        return "file";
    }

    @Override
    public void open(final String setting, final HostTopology around)
    {
        file = Path.of(setting);
        host = around;
    }

    @Override
    public List<PluginDevice> look() throws IOException
    {
        final JsonNode root = read();
        final List<HostDevice> devices;
        try
        {
            devices = TopologyReader.devices(root, host);
        }
        catch (final IllegalArgumentException e)
        {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        }
        final List<PluginDevice> found = new ArrayList<>();
        for (int i = 0; i < devices.size(); i++)
        {
            final JsonNode node = root.path("devices").get(i);
            found.add(new PluginDevice(
                devices.get(i), failure(node), load(devices.get(i), node), access(devices.get(i), node)));
        }
        return found;
    }

    private JsonNode read() throws IOException
    {
        try
        {
            if (Files.size(file) > LENGTH_MAX)
            {
                throw new IOException(file + " is too long for a list of devices");
            }
            return YAML.readTree(Files.readString(file));
        }
        catch (final JacksonException e)
        {
            final int line = null == e.getLocation() ? 0 : e.getLocation().getLineNr();
            throw new IllegalArgumentException(
                file + ", line " + line + ": " + e.getOriginalMessage().strip().replaceAll("\\s+", " "), e);
        }
        catch (final NoSuchFileException e)
        {
            throw new IOException(file + " is not there", e);
        }
    }

    private static String failure(final JsonNode node)
    {
        return node.path("healthy").asBoolean(true) ? "" : node.path("reason").asText("its file says so");
    }

    private static GpuSample load(final HostDevice device, final JsonNode node)
    {
        return !node.has("percent") && !node.has("memoryUsed") ? null : new GpuSample(
            device.id(),
            node.path("percent").asInt(-1),
            node.path("memoryUsed").asLong(0),
            node.path("celsius").asInt(-1),
            node.has("watts") ? (int)Math.round(node.path("watts").asDouble() * MILLI) : -1,
            0);
    }

    private DeviceAccess access(final HostDevice device, final JsonNode node)
    {
        try
        {
            return DeviceAccessReader.read(variables(node), node);
        }
        catch (final IllegalArgumentException e)
        {
            throw new IllegalArgumentException(file + ": device " + device.id() + ": " + e.getMessage(), e);
        }
    }

    private static Map<String, String> variables(final JsonNode node)
    {
        final Map<String, String> variables = new LinkedHashMap<>();
        node.path("variables").properties().forEach(entry -> variables.put(entry.getKey(), entry.getValue().asText()));
        return variables;
    }
}
