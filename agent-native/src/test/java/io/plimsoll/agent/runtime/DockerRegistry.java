package io.plimsoll.agent.runtime;

import io.plimsoll.agent.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;

/** A registry of images on loopback, with files below a directory of the test. */
public final class DockerRegistry implements AutoCloseable
{
    private final Path directory;
    private final int port;
    private Process process;

    private DockerRegistry(final Path directory) throws IOException
    {
        this.directory = directory;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress()))
        {
            port = socket.getLocalPort();
        }
        Files.writeString(directory.resolve("registry.yml"), """
            version: 0.1
            storage: {filesystem: {rootdirectory: %s}, cache: {}}
            http: {addr: "127.0.0.1:%d"}
            """.formatted(directory.resolve("registry"), port));
        start();
    }

    /** Skips the test where the machine has none. */
    public static DockerRegistry launch(final Path directory) throws IOException
    {
        DockerDaemon.require(
            0 == DockerDaemon.shell("command -v docker-registry").exitCode(),
            "the command docker-registry is missing; as root: apt-get install docker-registry");
        return new DockerRegistry(directory);
    }

    /** Again, after it was closed. */
    public void start() throws IOException
    {
        process = new ProcessBuilder("docker-registry", "serve", directory.resolve("registry.yml").toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(directory.resolve("registry.log").toFile()))
            .start();
    }

    /** Name of an image of it. */
    public String image(final String name)
    {
        return "127.0.0.1:" + port + "/" + name;
    }

    /** Makes an image of an engine's file system and puts it here; the engine has it no more. */
    public void push(final DockerDaemon daemon, final String image, final String mark) throws IOException
    {
        final Path root = daemon.directory().resolve("rootfs");
        // A layer of its own, so that nothing of it is there once it is removed.
        Files.writeString(root.resolve("mark"), mark + "\n");
        daemon.ask("version");
        final DockerDaemon.Output made =
            DockerDaemon.shell("tar c -C " + root + " . | docker -H " + daemon.host() + " import - " + image);
        if (0 != made.exitCode())
        {
            throw new AssertionError(made.text());
        }
        Await.until("the push of " + image, () -> 0 == daemon.docker("push " + image).exitCode());
        daemon.ask("rmi " + image);
    }

    /** Changes a byte in the middle of every layer that is newer than a file: blobs that are larger than manifests. */
    public void breakLayers(final Path newerThan)
    {
        DockerDaemon.shell("find " + directory.resolve("registry") + " -name data -size +100k -newer " + newerThan +
            " | while read -r blob; do printf x | dd of=$blob bs=1 seek=5000 conv=notrunc; done");
    }

    /** STOP and CONT: it hangs, and goes on. */
    public void signal(final String signal)
    {
        DockerDaemon.shell("kill -" + signal + " " + process.pid());
    }

    @Override
    public void close()
    {
        process.destroyForcibly();
        process.onExit().join();
    }
}
