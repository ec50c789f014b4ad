package org.example;

import io.plimsoll.agent.testkit.DeviceCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryDevicesTest
{
    @TempDir
    private Path devices;

    @BeforeEach
    void setUp() throws IOException
    {
        for (int i = 0; i < 4; i++)
        {
            final Path device = Files.createDirectory(devices.resolve("acme" + i));
            Files.writeString(device.resolve("numa"), i / 2 + "\n");
            Files.writeString(device.resolve("model"), "A1\n");
        }
        Files.writeString(devices.resolve("acme3/state"), "too hot\n");
    }

    @Test
    void shouldHoldToWhatTheAgentExpects()
    {
        DeviceCheck.of("acme").setting(devices.toString()).expect(4).all();
    }
}
