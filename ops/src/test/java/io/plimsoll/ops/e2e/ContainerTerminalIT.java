package io.plimsoll.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.agent.runtime.DockerDaemon;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a person does beside a session in a container of a real engine, through the real command line. */
class ContainerTerminalIT
{
    private static final Duration TIMEOUT = Duration.ofSeconds(90);
    private static final int LARGE_LENGTH = 24_000_000;

    @TempDir
    private static Path shared;
    private static Workspace workspace;
    private static DockerDaemon engine;
    private static Path data;
    private static int port;
    private static ClusterProcess manager;
    private static ApiProbe api;
    private static Cli client;

    @TempDir
    private Path directory;
    private String id;

    @BeforeAll
    static void startCluster() throws IOException
    {
        Requirement.root();
        engine = DockerDaemon.launch();
        workspace = new Workspace("container-terminal", shared);
        data = workspace.path("data");
        port = Workspace.freePort();
        startManager("manager");
        final Path config = workspace.path("agent.yaml");
        Files.writeString(config, "agent: {docker: {host: '" + engine.host() + "'}}\n");
        workspace.start(
            "agent", "agent", "--config", config.toString(), "--manager", "127.0.0.1:" + (port + 1),
            "--join-token-file", data.resolve("join-token").toString(), "--data",
            workspace.path("agent-data").toString(), "--cpu", "16", "--name", "local");
        api.awaitAgents(1);
        client = new Cli(workspace).on(data);
    }

    private static void startManager(final String name) throws IOException
    {
        manager = workspace.start(
            name, "manager", "--data", data.toString(), "--listen", "127.0.0.1:" + port);
        api = new ApiProbe(port, data).awaitReady(manager);
    }

    @AfterAll
    static void stopCluster()
    {
        if (null != workspace)
        {
            workspace.close();
        }
        if (null != engine)
        {
            engine.close();
        }
    }

    @BeforeEach
    void startSession()
    {
        id = submit();
    }

    private static String submit(final String... options)
    {
        final String[] words = Stream.of(
            Stream.of("submit", "--image", DockerDaemon.IMAGE), Stream.of(options),
            Stream.of("--", "sh", "-c", "while [ ! -e stop ]; do echo tick; sleep 0.2; done; exit 5"))
            .flatMap(part -> part).toArray(String[]::new);
        final String submitted = client.ok(words);
        api.awaitState(Long.parseLong(submitted), "RUNNING", TIMEOUT);
        return submitted;
    }

    @AfterEach
    void endSession()
    {
        client.run("cancel", id);
    }

    private String plimsoll(final String command)
    {
        return Distribution.launcher() + " " + command + " --data " + data + " ";
    }

    private Path path(final String name)
    {
        return directory.resolve(name);
    }

    @Test
    void shouldGiveProgramTheWholeScreen() throws IOException
    {
        Requirement.command("tmux", "tmux");
        final String shell = "env PS1='$ ' PLIMSOLL_NO_BUILD=1 PLIMSOLL_JAVA_OPTS=-Duser.home=" + workspace.home() +
            " HOME=" + workspace.home() + " sh";
        try (Tmux tmux = new Tmux(directory, 100, 30, shell))
        {
            tmux.awaitText("$");
            tmux.enter(plimsoll("shell") + "-e PS1='remote: ' " + id);
            tmux.awaitText("remote:");
            tmux.enter("clear; stty size");
            tmux.awaitLine("30 100");
            tmux.resize(120, 40);
            tmux.enter("clear; while [ \"$(stty size)\" != '40 120' ]; do sleep 0.1; done; echo re''sized");
            tmux.awaitLine("resized");

            tmux.enter("clear; seq 1000 >numbers; vi numbers");
            tmux.awaitText("numbers 1/1000");
            tmux.type("G");
            tmux.awaitText("numbers 1000/1000");
            // The editor has the last line of the screen that is there now.
            assertTrue(tmux.screen().split("\n")[39].contains("1000/1000"), tmux.screen());
            tmux.type("oadded");
            tmux.awaitLine("added");
            tmux.press("Escape");
            tmux.awaitText("- numbers [Modified]");
            tmux.enter(":wq");
            tmux.awaitText("remote:");
            tmux.enter("clear; tail -n 1 numbers");
            tmux.awaitLine("added");

            tmux.enter("clear; sh -c 'echo go''ing; exec sleep 600'");
            tmux.awaitLine("going");
            tmux.press("C-c");
            tmux.enter("code=$?; clear; echo code=$code");
            tmux.awaitLine("code=130");
            tmux.enter("clear; exit 9");
            tmux.awaitLine("$");
            tmux.enter("echo local=$?; stty -a | grep -o -- '-*icanon'");
            tmux.awaitLine("local=9");
            tmux.awaitLine("icanon");
        }
    }

    @Test
    void shouldLeaveAndRejoinTheTerminalOfAContainer() throws IOException
    {
        Requirement.command("tmux", "tmux");
        final String shell = "env PS1='$ ' PLIMSOLL_NO_BUILD=1 PLIMSOLL_JAVA_OPTS=-Duser.home=" + workspace.home() +
            " HOME=" + workspace.home() + " sh";
        try (Tmux tmux = new Tmux(directory, 100, 30, shell))
        {
            tmux.awaitText("$");
            tmux.enter(plimsoll("run") + "--image " + DockerDaemon.IMAGE + " --tty --env PS1='remote: ' -- sh");
            tmux.awaitText("remote:");
            tmux.enter("clear; stty size; kept=here; sh -c 'echo go''ing; exec sleep 600'");
            tmux.awaitLine("30 100");
            tmux.awaitLine("going");
            tmux.press("C-c");
            tmux.enter("code=$?; clear; echo code=$code");
            tmux.awaitLine("code=130");
            tmux.enter("clear; seq 1000 >numbers; vi numbers");
            tmux.awaitText("numbers 1/1000");
            tmux.press("C-p");
            tmux.press("C-q");
            tmux.awaitText("goes on: plimsoll attach");
            tmux.enter("clear; stty -a | grep -o -- '-*icanon'");
            tmux.awaitLine("icanon");

            tmux.resize(120, 40);
            tmux.enter("clear; " + plimsoll("attach") + (Integer.parseInt(id) + 1));
            // What takes the whole screen draws it anew.
            tmux.awaitText("numbers 1/1000");
            tmux.type("G");
            tmux.awaitText("numbers 1000/1000");
            assertTrue(tmux.screen().split("\n")[39].contains("1000/1000"), tmux.screen());
            tmux.enter(":q");
            tmux.enter("clear; stty size; echo kept=$kept; exit 9");
            tmux.awaitLine("40 120");
            tmux.awaitLine("kept=here");
            tmux.awaitLine("$");
            tmux.enter("echo local=$?");
            tmux.awaitLine("local=9");
        }
    }

    @Test
    void shouldPassStreamsAndCodesOn() throws IOException, InterruptedException
    {
        final Cli.Outcome outcome = client.run("exec", id, "--", "sh", "-c", "echo out; echo err >&2; exit 7");
        assertEquals(7, outcome.exitCode(), outcome.toString());
        assertEquals("out\n", outcome.out());
        assertEquals("err\n", outcome.err());
        assertEquals(137, client.run("exec", id, "--", "sh", "-c", "kill -9 $$").exitCode());
        assertMistake(127, "command not found: nosuch", "exec", id, "--", "nosuch");
        assertMistake(127, "not executable: /etc/passwd", "exec", id, "--", "/etc/passwd");
        assertMistake(127, "unable to find user nobody", "exec", "-u", "nobody", id, "--", "ls");
        assertEquals("uid=7 gid=7 groups=7", client.ok("exec", "-u", "7:7", id, "--", "id"));

        final Path attached = path("attached");
        final Process attach = client.start(attached, path("err"), "attach", id);
        Await.until(TIMEOUT, "output", () -> Files.readString(attached).contains("tick"));
        client.ok("exec", id, "--", "touch", "stop");
        assertTrue(attach.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS));
        assertEquals(5, attach.exitValue(), Files.readString(path("err")));
    }

    private void assertMistake(final int exitCode, final String message, final String... args)
    {
        final Cli.Outcome outcome = client.run(args);
        assertEquals(exitCode, outcome.exitCode(), outcome.toString());
        assertTrue(outcome.err().startsWith("plimsoll: ") && outcome.err().contains(message), outcome.toString());
        assertEquals(1, outcome.err().lines().count(), outcome.toString());
    }

    @Test
    void shouldGiveContainerTheInputOfThisClient() throws IOException
    {
        final Path out = path("sorted");
        final String sort = "printf 'b\\na\\n' | PLIMSOLL_NO_BUILD=1 PLIMSOLL_JAVA_OPTS=-Duser.home=" +
            workspace.home() + " " + plimsoll("run") + "--stdin --image " + DockerDaemon.IMAGE + " -- sort >" + out;
        assertEquals(0, Shell.exec("sh", "-c", sort).exitCode());
        assertEquals("a\nb\n", Files.readString(out));
    }

    @Test
    void shouldCopyByteForByte() throws IOException
    {
        final byte[] random = new byte[LARGE_LENGTH];
        new Random(1).nextBytes(random);
        final Path large = Files.write(path("large"), random);
        client.ok("cp", large.toString(), id + ":");
        client.ok("cp", id + ":large", path("back").toString());
        assertEquals(-1, Files.mismatch(large, path("back")));
        final Path tree = Files.createDirectories(path("tree/deep"));
        Files.writeString(tree.resolve("file"), "content");
        Files.createSymbolicLink(tree.resolve("out"), Path.of("/etc/passwd"));
        client.ok("cp", path("tree").toString(), id + ":");
        client.ok("cp", id + ":tree", path("again").toString());
        assertEquals("content", Files.readString(path("again/deep/file")));
        // As a link, here and there: nothing of what it leads to.
        assertEquals(Path.of("/etc/passwd"), Files.readSymbolicLink(path("again/deep/out")));
        client.ok("exec", id, "--", "sh", "-c", "[ -L tree/deep/out ]");
    }

    @Test
    void shouldCopyNothingRatherThanHalf() throws IOException
    {
        final String other = submit("--shm", "1m", "--user", "7:7");
        final Path large = Files.write(path("large"), new byte[4_000_000]);
        assertMistake(1, "No space left on device", "cp", large.toString(), other + ":/dev/shm/");
        assertEquals("", client.ok("exec", other, "--", "find", "/dev/shm", "-mindepth", "1"));
        assertMistake(1, "/etc: permission denied", "cp", large.toString(), other + ":/etc/x");
        client.ok("exec", "-u", "0", other, "--", "sh", "-c", "mkdir d; echo x >d/secret; chmod 600 d/secret");
        assertMistake(1, "Permission denied", "cp", other + ":d", path("d").toString());
        client.run("cancel", other);

        assertMistake(4, "nosuch is not there", "cp", id + ":nosuch", path("x").toString());
        // More than may be under way: the other side has ended long before all is sent.
        assertMistake(4, "/no/where is not there", "cp", large.toString(), id + ":/no/where/x");
        assertMistake(1, "no file, directory or symbolic link", "cp", "/dev/null", id + ":x");
        client.ok("exec", id, "--", "sh", "-c", "mkdir d; mkfifo d/fifo; echo x >d/file");
        assertMistake(1, "fifo is no file", "cp", id + ":d", path("d").toString());
        assertMistake(1, "/proc/", "cp", id + ":d/file", "/proc/x");
        try (Stream<Path> files = Files.list(directory))
        {
            assertEquals("[large]", files.map(Path::getFileName).toList().toString());
        }
        assertFalse(client.ok("exec", id, "--", "ls", "-a").contains(".plimsoll-cp"));
    }

    @Test
    void shouldSayThatTheManagerWasRestartedAndEndTheCommand() throws IOException, InterruptedException
    {
        final Path out = path("o");
        final Process exec = client.start(
            out, path("e"), "exec", id, "--", "sh", "-c", "trap '' HUP; echo up; sleep 600");
        Await.until(TIMEOUT, "the command runs", () -> Files.readString(out).contains("up"));
        manager.kill();
        assertTrue(exec.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS));
        assertEquals(3, exec.exitValue());
        assertEquals("plimsoll: the connection to the manager was lost\n", Files.readString(path("e")));
        startManager("manager-again");
        Await.until(TIMEOUT, "exec again", () -> 0 == client.run("exec", id, "--", "true").exitCode());
        Await.until(
            TIMEOUT, "the end of the command", () -> !client.ok("exec", id, "--", "ps").contains("sleep 600"));
        assertEquals("RUNNING", api.session(Long.parseLong(id)).path("state").asText());
    }
}
