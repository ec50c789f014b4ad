package io.plimsoll.agent.runtime;

import io.plimsoll.agent.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Assumptions;

/**
 * A Docker Engine of the test's own: data, socket, containerd and bridge apart from those of any other, ended by its
 * process id. Its one image is made from a static busybox.
 */
public final class DockerDaemon implements AutoCloseable
{
    public static final String IMAGE = "busy:1";
    private static final int KILLED = 137;
    private static final String SHELL_TIMEOUT_S = "300";
    private static final int SUBNETS = 250;
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final Path directory;
    private final List<String> options = new ArrayList<>();
    private final List<String> prefix = new ArrayList<>();
    private final int number = COUNT.getAndIncrement();
    private final String bridge = "pd" + ProcessHandle.current().pid() + (char)('a' + number % 26);
    private Process process;

    private DockerDaemon() throws IOException
    {
        directory = Files.createTempDirectory(Path.of("/tmp"), "pd");
    }

    /** One that reaches no other network; skips the test where the machine has no engine. */
    public static DockerDaemon launch(final String... options) throws IOException
    {
        checkParts();
        return new DockerDaemon().begin(options);
    }

    /** The same with a containerd of its own right, as systems start it, that lives on when the engine is killed. */
    public static DockerDaemon launchApart() throws IOException
    {
        checkParts();
        final DockerDaemon daemon = new DockerDaemon();
        return daemon.begin("--containerd=" + daemon.startContainerd());
    }

    /** One of another host, as far as its network goes; it may be in a swarm, and reaches no bridge of its own. */
    static DockerDaemon launchIn(final String namespace) throws IOException
    {
        checkParts();
        final DockerDaemon daemon = new DockerDaemon();
        daemon.prefix.addAll(List.of("nsenter", "--net=/run/netns/" + namespace));
        daemon.options.addAll(List.of("--bridge=none", "--iptables=false", "--ip-masq=false"));
        daemon.start();
        daemon.makeImage();
        return daemon;
    }

    private static void checkParts()
    {
        for (final String need :
            List.of("dockerd:docker.io", "docker:docker.io", "busybox:busybox-static", "ip:iproute2"))
        {
            final String command = need.substring(0, need.indexOf(':'));
            require(
                0 == shell("command -v " + command).exitCode,
                "the command " + command + " is missing; as root: apt-get install " +
                    need.substring(need.indexOf(':') + 1));
        }
        require(0 == Libc.geteuid(), "run as root");
    }

    private DockerDaemon begin(final String... more) throws IOException
    {
        options.addAll(List.of("--live-restore", "--bridge=" + bridge, "--iptables=false", "--ip-masq=false"));
        options.addAll(List.of(more));
        // One of its own: without any, the engine takes docker0 away from others.
        shell("ip link add " + bridge + " type bridge; ip link set " + bridge + " up");
        addresses().forEach(address -> shell("ip addr add " + address + "/24 dev " + bridge));
        start();
        makeImage();
        return this;
    }

    private Path startContainerd() throws IOException
    {
        final Path socket = directory.resolve("c.sock");
        final Path configuration = directory.resolve("apart.toml");
        Files.writeString(configuration, """
            version = 2
            root = "%1$s/c/root"
            state = "%1$s/c/state"
            disabled_plugins = ["io.containerd.grpc.v1.cri"]
            [grpc]
            address = "%2$s"
            """.formatted(directory, socket));
        new ProcessBuilder("containerd", "-c", configuration.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(directory.resolve("c.log").toFile()))
            .start();
        Await.until(() -> "containerd, see " + directory.resolve("c.log"), () -> Files.exists(socket));
        return socket;
    }

    static void require(final boolean isThere, final String hint)
    {
        if (!isThere && "true".equals(System.getenv("CI")))
        {
            throw new AssertionError("CI lacks a part: " + hint);
        }
        Assumptions.assumeTrue(isThere, hint);
    }

    public Path directory()
    {
        return directory;
    }

    /** Two addresses of this host that its containers reach, as if they were those of two hosts. */
    List<String> addresses()
    {
        final String subnet = "10.213." + (ProcessHandle.current().pid() + number) % SUBNETS;
        return List.of(subnet + ".1", subnet + ".254");
    }

    public String host()
    {
        return "unix://" + directory.resolve("d.sock");
    }

    public void start() throws IOException
    {
        final List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(
            "dockerd",
            "--data-root", directory.resolve("root").toString(),
            "--exec-root", directory.resolve("exec").toString(),
            "--pidfile", directory.resolve("d.pid").toString(),
            "-H", host()));
        command.addAll(options);
        Files.deleteIfExists(directory.resolve("d.pid"));
        run(command);
        Await.until(() -> "dockerd, see " + directory.resolve("log"), () ->
        {
            if (!process.isAlive())
            {
                // It gives up when its containerd takes long, as after a crash on a busy machine.
                run(command);
            }
            return 0 == docker("version").exitCode;
        });
    }

    private void run(final List<String> command)
    {
        try
        {
            process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(directory.resolve("log").toFile()))
                .start();
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException(e);
        }
    }

    /** As by a crash, of a containerd that it has started too; what keeps the containers lives on. */
    public void kill()
    {
        signal("KILL");
        process.onExit().join();
        final String containerd = directory.resolve("exec/containerd/containerd.toml").toString();
        ProcessHandle.allProcesses()
            .filter(other -> other.info().commandLine().orElse("").contains(containerd))
            .forEach(other ->
            {
                other.destroyForcibly();
                other.onExit().join();
            });
        shell("rm -f " + directory + "/exec/containerd/*.pid " + directory + "/exec/containerd/*.sock*");
    }

    /** As by its service: it takes its socket with it. */
    public void stop()
    {
        signal("TERM");
        process.onExit().join();
    }

    /** STOP and CONT: the engine hangs, and goes on. */
    public void signal(final String signal)
    {
        shell("kill -" + signal + " " + process.pid());
    }

    private void makeImage() throws IOException
    {
        final Path script = directory.resolve("image.sh");
        Files.writeString(script, """
            set -e
            mkdir -p rootfs/bin rootfs/tmp rootfs/etc rootfs/proc rootfs/dev
            cp "$(command -v busybox)" rootfs/bin/busybox
            for applet in $(busybox --list); do
                [ "$applet" = busybox ] || ln -s busybox "rootfs/bin/$applet"
            done
            echo root:x:0:0:root:/:/bin/sh >rootfs/etc/passwd
            tar c -C rootfs . | docker -H "$1" import - "$2"
            """);
        check(shell("cd " + directory + " && sh image.sh " + host() + " " + IMAGE));
    }

    /** The engine's own client. */
    public Output docker(final String arguments)
    {
        return shell("docker -H " + host() + " " + arguments);
    }

    /** Its output, which is needed. */
    public String ask(final String arguments)
    {
        return check(docker(arguments));
    }

    private static String check(final Output output)
    {
        if (0 != output.exitCode)
        {
            throw new AssertionError("exit code " + output.exitCode + ": " + output.text);
        }
        return output.text.strip();
    }

    public static Output shell(final String command)
    {
        try
        {
            final Process shell = new ProcessBuilder("timeout", "-k", "5", SHELL_TIMEOUT_S, "sh", "-c", command)
                .redirectErrorStream(true).start();
            final String text = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Output(shell.waitFor(), text);
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException(e);
        }
        catch (final InterruptedException e)
        {
            Thread.currentThread().interrupt();
            return new Output(KILLED, "interrupted");
        }
    }

    /** Removes all containers, whosever they are; some may be about to go anyway. */
    public void clear()
    {
        Await.until("the removal of all containers", () ->
        {
            docker("ps -aq").text.lines().forEach(container -> docker("rm -f " + container));
            return docker("ps -aq").text.isEmpty();
        });
    }

    @Override
    public void close()
    {
        signal("CONT");
        docker("ps -aq").text.lines().forEach(container -> docker("rm -f " + container));
        signal("TERM");
        try
        {
            if (!process.waitFor(30, TimeUnit.SECONDS))
            {
                kill();
            }
        }
        catch (final InterruptedException e)
        {
            Thread.currentThread().interrupt();
        }
        // What a killed engine has left: its containerd, the keepers of containers, and mounts.
        ProcessHandle.allProcesses()
            .filter(other -> other.info().commandLine().orElse("").contains(directory.toString()))
            .filter(other -> other.pid() != ProcessHandle.current().pid())
            .forEach(ProcessHandle::destroyForcibly);
        shell("awk -v d=" + directory + " 'index($2, d) == 1 {print $2}' /proc/mounts | sort -r | " +
            "xargs -r umount -l; ip link delete " + bridge + "; rm -rf --one-file-system " + directory);
    }

    /** What a command said. */
    public record Output(int exitCode, String text)
    {
    }
}
