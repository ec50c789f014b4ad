package io.plimsoll.agent.device;

import io.plimsoll.agent.topology.HostTopology;
import java.io.IOException;
import java.util.List;

/**
 * Finds devices of some make. Found through {@link java.util.ServiceLoader}, made by a constructor without parameters,
 * and used if {@code agent.devices} of the configuration has its name. One thread at a time, and seldom the same; calls
 * may wait a little. What throws is named in the log: at the start, the agent goes on without this plugin; later, with
 * what it said before.
 */
public interface DevicePlugin extends AutoCloseable
{
    /** In lower case, as in the configuration. */
    String name();

    /**
     * Begins.
     *
     * @param setting of the configuration under this name.
     * @param host    that the devices are in.
     * @throws IOException              if it cannot work here.
     * @throws IllegalArgumentException if the setting is wrong.
     */
    void open(String setting, HostTopology host) throws IOException;

    /**
     * Looks at the devices: once at the start of the agent, when they are counted, then about once a second for
     * how they do. One that has failed, or is gone, is offered no more until the agent starts anew.
     *
     * @return devices that are there.
     * @throws IOException              if they cannot be asked now.
     * @throws IllegalArgumentException if what was found makes no sense.
     */
    List<PluginDevice> look() throws IOException;

    @Override
    default void close()
    {
        // Most hold nothing.
    }
}
