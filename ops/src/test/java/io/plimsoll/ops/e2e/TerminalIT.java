package io.plimsoll.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a person does beside a running session, through a real terminal and through pipes. */
class TerminalIT
{
    private static final Duration TIMEOUT = Duration.ofSeconds(90);
    private static final int BINARY_LENGTH = 4_000_000;

    @TempDir
    private static Path shared;
    private static Workspace workspace;
    private static Path data;
    private static int port;
    private static ClusterProcess agent;
    private static ApiProbe api;
    private static Cli client;

    @TempDir
    private Path directory;
    private String id;

    @BeforeAll
    static void startCluster() throws IOException
    {
        workspace = new Workspace("terminal", shared);
        data = workspace.path("data");
        port = Workspace.freePort();
        final ClusterProcess manager = workspace.start(
            "manager", "manager", "--data", data.toString(), "--listen", "127.0.0.1:" + port);
        api = new ApiProbe(port, data).awaitReady(manager);
        agent = startAgent("agent");
        api.awaitAgents(1);
        client = new Cli(workspace).on(data);
    }

    private static ClusterProcess startAgent(final String name) throws IOException
    {
        return workspace.start(
            name, "agent", "--manager", "127.0.0.1:" + (port + 1), "--join-token-file",
            data.resolve("join-token").toString(), "--data", workspace.path("agent-data").toString(), "--cpu", "16",
            "--name", "local");
    }

    @AfterAll
    static void stopCluster()
    {
        if (null != workspace)
        {
            workspace.close();
        }
    }

    @BeforeEach
    void startSession()
    {
        id = client.ok(
            "submit", "--cwd", "-", "--", "sh", "-c", "while [ ! -e stop ]; do echo tick; sleep 0.2; done; exit 5");
        api.awaitState(Long.parseLong(id), "RUNNING", TIMEOUT);
    }

    @AfterEach
    void endSession()
    {
        client.run("cancel", id);
    }

    private Path path(final String name)
    {
        return directory.resolve(name);
    }

    private String plimsoll(final String command)
    {
        return Distribution.launcher() + " " + command + " --data " + data + " ";
    }

    private Tmux tmux()
    {
        Requirement.command("tmux", "tmux");
        final Tmux tmux = new Tmux(
            directory, 100, 30, "env PS1='$ ' PLIMSOLL_NO_BUILD=1 PLIMSOLL_JAVA_OPTS=-Duser.home=" + workspace.home() +
            " HOME=" + workspace.home() + " sh");
        tmux.awaitText("$");
        return tmux;
    }

    @Test
    void shouldGiveCommandThisTerminal() throws IOException
    {
        Requirement.command("less", "less");
        try (Tmux tmux = tmux())
        {
            tmux.enter(plimsoll("shell") + "-e PS1='remote: ' " + id);
            tmux.awaitText("remote: ");
            tmux.enter("clear; stty size");
            tmux.awaitLine("30 100");
            tmux.resize(120, 40);
            tmux.enter("clear; while [ \"$(stty size)\" != '40 120' ]; do sleep 0.1; done; echo re''sized");
            tmux.awaitLine("resized");
            tmux.enter("clear; sh -c 'echo go''ing; exec sleep 600'");
            tmux.awaitLine("going");
            tmux.press("C-c");
            tmux.enter("code=$?; clear; echo code=$code");
            tmux.awaitLine("code=130");

            // A program that takes the whole screen and gives it back.
            tmux.enter("clear; seq 1000 | less");
            tmux.awaitText(":");
            tmux.type("G");
            tmux.awaitLine("1000");
            tmux.type("q");
            tmux.enter("clear; exit 9");
            tmux.awaitLine("$");
            tmux.enter("echo local=$?; stty -a | grep -o -- '-*icanon'");
            tmux.awaitLine("local=9");
            tmux.awaitLine("icanon");
        }
    }

    @Test
    void shouldLeaveByDetachKeysAndByHangup() throws IOException
    {
        try (Tmux tmux = tmux())
        {
            tmux.enter(plimsoll("exec") + "-it " + id + " -- sh -c 'trap : HUP TERM; echo rea\"\"dy; sleep 4711'");
            tmux.awaitLine("ready");
            tmux.press("C-p");
            tmux.press("C-q");
            tmux.awaitText("the session goes on");
            awaitNoneOf("sleep 4711");
            tmux.enter("clear; " + plimsoll("attach") + id);
            tmux.awaitLine("tick");
            tmux.press("C-c");
            tmux.awaitText("left; session " + id + " goes on");
            tmux.enter("clear; stty -a | grep -o -- '-*icanon'");
            tmux.awaitLine("icanon");
        }
        assertEquals("RUNNING", api.session(Long.parseLong(id)).path("state").asText());
    }

    private static void awaitNoneOf(final String commandLine)
    {
        Await.until(TIMEOUT, commandLine + " is gone", () -> 0 == count(commandLine));
    }

    private static long count(final String commandLine)
    {
        return ProcessHandle.allProcesses()
            .filter(process -> process.info().commandLine().orElse("").matches("\\S*" + commandLine)).count();
    }

    @Test
    void shouldPassStreamsAndCodeOn() throws IOException, InterruptedException
    {
        final Cli.Outcome outcome = client.run("exec", id, "--", "sh", "-c", "echo out; echo err >&2; exit 7");
        assertEquals(7, outcome.exitCode(), outcome.toString());
        assertEquals("out\n", outcome.out());
        assertEquals("err\n", outcome.err());

        final byte[] random = new byte[BINARY_LENGTH];
        new Random(1).nextBytes(random);
        final Path in = Files.write(path("in"), random);
        final Path out = path("out");
        final String cat = plimsollIn("exec") + "-i " + id + " -- cat <" + in + " >" + out;
        assertEquals(0, Shell.exec("sh", "-c", cat).exitCode());
        assertArrayEquals(random, Files.readAllBytes(out));
        // Without -i there is no input; nobody waits for it.
        assertEquals("0", client.ok("exec", id, "--", "sh", "-c", "wc -c"));

        assertMistake(127, "command not found: nosuch", "exec", id, "--", "nosuch");
        assertMistake(4, "there is no session 4711", "exec", "4711", "--", "ls");
        assertMistake(4, "there is no kernel 3", "exec", "--kernel", "3", id, "--", "ls");
        assertMistake(2, "a command is missing", "exec", id);
        assertMistake(2, "not a terminal", "exec", "-it", id, "--", "ls");
        assertMistake(5, "of its user", "exec", "-u", "nobody", id, "--", "ls");
        assertMistake(2, "is no key", "exec", "--detach-keys", "ctrl-?", id, "--", "ls");
    }

    private String plimsollIn(final String command)
    {
        return "PLIMSOLL_NO_BUILD=1 PLIMSOLL_JAVA_OPTS=-Duser.home=" + workspace.home() + " " + plimsoll(command);
    }

    private void assertMistake(final int exitCode, final String message, final String... args)
    {
        final Cli.Outcome outcome = client.run(args);
        assertEquals(exitCode, outcome.exitCode(), outcome.toString());
        assertTrue(outcome.err().startsWith("plimsoll: ") && outcome.err().contains(message), outcome.toString());
        assertEquals(1, outcome.err().lines().count(), outcome.toString());
    }

    @Test
    void shouldEndCommandOfClientThatWasKilled() throws IOException, InterruptedException
    {
        final Process exec = client.start(
            path("o"), path("e"), "exec", id, "--", "sh", "-c",
            "trap : HUP TERM; sleep 4712; sleep 4713");
        Await.until(TIMEOUT, "the command runs", () -> count("sleep 4712") > 0);
        exec.destroyForcibly();
        awaitNoneOf("sleep 4712");
        awaitNoneOf("sleep 4713");
        assertEquals("RUNNING", api.session(Long.parseLong(id)).path("state").asText());
    }

    @Test
    void shouldSayThatTheAgentWasRestartedAndLeaveTheKernelAlone() throws IOException, InterruptedException
    {
        final Path err = path("e");
        final Process exec = client.start(path("o"), err, "exec", id, "--", "sleep", "4714");
        Await.until(TIMEOUT, "the command runs", () -> count("sleep 4714") > 0);
        agent.kill();
        assertTrue(exec.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS));
        assertEquals(3, exec.exitValue());
        assertTrue(Files.readString(err).contains("agent is lost; the kernel goes on"), Files.readString(err));
        final Cli.Outcome away = client.run("exec", id, "--", "true");
        assertEquals(3, away.exitCode(), away.toString());
        agent = startAgent("agent-again");
        awaitNoneOf("sleep 4714");
        Await.until(TIMEOUT, "exec again", () -> 0 == client.run("exec", id, "--", "true").exitCode());
        assertEquals("RUNNING", api.session(Long.parseLong(id)).path("state").asText());
    }

    @Test
    void shouldEndWithItsKernel() throws IOException, InterruptedException
    {
        final Path err = path("e");
        final Path out = path("o");
        final Process exec = client.start(out, err, "exec", id, "--", "sleep", "4715");
        final Path attached = path("a");
        final Process attach = client.start(attached, path("ae"), "attach", id);
        Await.until(TIMEOUT, "both run", () -> count("sleep 4715") > 0 && Files.readString(attached).contains("tick"));
        assertEquals(0, client.run("exec", id, "--", "touch", "stop").exitCode());
        assertTrue(attach.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS));
        assertEquals(5, attach.exitValue(), Files.readString(path("ae")));
        assertTrue(exec.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS));
        assertEquals(6, exec.exitValue(), Files.readString(err));
        assertTrue(Files.readString(err).contains("the kernel has ended"), Files.readString(err));
        awaitNoneOf("sleep 4715");
        assertMistake(6, "TERMINATED", "exec", id, "--", "ls");
        assertMistake(6, "TERMINATED", "attach", id);
    }

    @Test
    void shouldGiveSessionTheInputOfThisClient() throws IOException, InterruptedException
    {
        final byte[] random = new byte[BINARY_LENGTH];
        new Random(3).nextBytes(random);
        final Path in = Files.write(path("in"), random);
        final Path out = path("out");
        final String cat = plimsollIn("run") + "--stdin -- cat <" + in + " >" + out;
        assertEquals(0, Shell.exec("sh", "-c", cat).exitCode());
        assertArrayEquals(random, Files.readAllBytes(out));
        assertMistake(2, "only processes and containers", "submit", "--stdin", "--runtime", "own", "--", "true");
    }

    @Test
    void shouldLeaveAndRejoinTheTerminalOfASession() throws IOException
    {
        Requirement.command("less", "less");
        try (Tmux tmux = tmux())
        {
            tmux.enter(plimsoll("run") + "--tty --env PS1='remote: ' -- sh");
            tmux.awaitText("remote:");
            tmux.enter("clear; stty size; kept=here; sh -c 'echo go''ing; exec sleep 600'");
            tmux.awaitLine("30 100");
            tmux.awaitLine("going");
            tmux.press("C-c");
            tmux.enter("code=$?; clear; echo code=$code");
            tmux.awaitLine("code=130");
            tmux.enter("clear; seq 1000 | less");
            tmux.awaitLine("29");
            tmux.press("C-p");
            tmux.press("C-q");
            tmux.awaitText("goes on: plimsoll attach");
            tmux.enter("clear; stty -a | grep -o -- '-*icanon'");
            tmux.awaitLine("icanon");

            final String joined = Integer.toString(Integer.parseInt(id) + 1);
            tmux.resize(120, 40);
            tmux.enter("clear; " + plimsoll("attach") + joined);
            // What takes the whole screen draws it anew.
            tmux.awaitLine("39");
            tmux.type("G");
            tmux.awaitLine("1000");
            tmux.type("q");
            tmux.enter("clear; stty size; echo kept=$kept; exit 9");
            tmux.awaitLine("40 120");
            tmux.awaitLine("kept=here");
            tmux.awaitLine("$");
            tmux.enter("echo local=$?");
            tmux.awaitLine("local=9");
        }
        assertMistake(2, "not a terminal", "run", "--tty", "--", "true");
        assertMistake(2, "only processes and containers can", "submit", "--tty", "--runtime", "own", "--", "true");
    }

    @Test
    void shouldTypeIntoSessionAcrossARestartOfTheAgent() throws IOException, InterruptedException
    {
        final String reader = client.ok(
            "submit", "--stdin", "--", "sh", "-c", "while read x; do echo got $x; [ $x = end ] && exit 4; done");
        api.awaitState(Long.parseLong(reader), "RUNNING", TIMEOUT);
        try (Tmux tmux = tmux())
        {
            tmux.enter(plimsoll("attach") + reader);
            // Whether it is attached yet shows by what comes back.
            tmux.enter("one");
            tmux.awaitLine("got one");
            tmux.press("C-c");
            tmux.awaitText("left; session " + reader + " goes on");
            agent.kill();
            agent = startAgent("agent-anew");
            Await.until(TIMEOUT, "exec again", () -> 0 == client.run("exec", reader, "--", "true").exitCode());
            tmux.enter("clear; " + plimsoll("attach") + reader);
            tmux.enter("two");
            tmux.awaitLine("got two");
            tmux.enter("end");
            tmux.awaitLine("got end");
            // Until then what is typed is the client's.
            tmux.awaitLine("$");
            tmux.enter("echo code=$?; stty -a | grep -o -- '-*icanon'");
            tmux.awaitLine("code=4");
            tmux.awaitLine("icanon");
        }
    }

    @Test
    void shouldCopyTreesInAndOut() throws IOException
    {
        final Path tree = tree(path("tree"));
        client.ok("cp", tree.toString(), id + ":");
        assertEquals("run.sh", client.ok("exec", id, "--", "find", "tree", "-name", "*.sh", "-printf", "%f"));
        client.ok("cp", id + ":tree", path("back").toString());
        assertSame(tree, path("back"));
        // Once more, into what is there, and into a directory of that name.
        Files.writeString(tree.resolve("deep/er/new"), "new");
        client.ok("cp", tree.toString(), id + ":.");
        Files.createDirectory(path("into"));
        client.ok("cp", id + ":tree", path("into").toString());
        assertSame(tree, path("into").resolve("tree"));

        client.ok("cp", tree.resolve("run.sh").toString(), id + ":other.sh");
        client.ok("cp", id + ":other.sh", path("single").toString());
        assertEquals("rwxr-x---", mode(path("single")));
        final Path archive = path("archive");
        assertEquals(0, Shell.exec("sh", "-c", plimsollIn("cp") + id + ":tree - >" + archive).exitCode());
        assertTrue(Shell.run("tar", "-tf", archive.toString()).contains("tree/deep/er/new\n"));
        client.ok("exec", id, "--", "mkdir", "in");
        assertEquals(0, Shell.exec("sh", "-c", plimsollIn("cp") + "- " + id + ":in <" + archive).exitCode());
        assertEquals("new", client.ok("exec", id, "--", "cat", "in/tree/deep/er/new"));
    }

    @Test
    void shouldCopyNothingRatherThanHalf() throws IOException
    {
        assertMistake(4, "nosuch is not there", "cp", id + ":nosuch", path("x").toString());
        assertMistake(4, "is not there", "cp", path("nosuch").toString(), id + ":");
        assertMistake(2, "names a session", "cp", "a", "b");
        assertMistake(2, "is not there", "cp", id + ":stop", path("no/where").toString());
        final Path file = Files.writeString(path("file"), "content");
        assertMistake(4, "/no/where is not there", "cp", file.toString(), id + ":/no/where/file");
        client.ok("exec", id, "--", "mkdir", "-p", "dir/file");
        assertMistake(1, "is a directory", "cp", file.toString(), id + ":dir");
        // A stream that breaks off leaves nothing.
        final Path broken = Files.write(path("broken"), new byte[]{1, 2, 3});
        assertEquals(1, Shell.exec("sh", "-c", plimsollIn("cp") + "- " + id + ":dir <" + broken).exitCode());
        assertEquals("dir dir/file", client.ok("exec", id, "--", "sh", "-c", "echo $(find dir | sort)"));
        assertEquals("", client.ok("exec", id, "--", "find", ".", "-name", ".plimsoll*"));
        try (Stream<Path> files = Files.list(directory))
        {
            assertFalse(files.anyMatch(left -> left.getFileName().toString().startsWith(".plimsoll")));
        }
    }

    private static Path tree(final Path root) throws IOException
    {
        Files.createDirectories(root.resolve("deep/er"));
        final byte[] random = new byte[BINARY_LENGTH];
        new Random(2).nextBytes(random);
        Files.write(root.resolve("deep/big"), random);
        Files.writeString(root.resolve("deep/er/" + "n".repeat(200)), "long name");
        Files.writeString(root.resolve("run.sh"), "#!/bin/sh\n");
        Files.setPosixFilePermissions(root.resolve("run.sh"), PosixFilePermissions.fromString("rwxr-x---"));
        Files.setPosixFilePermissions(root.resolve("deep"), PosixFilePermissions.fromString("rwx--x---"));
        Files.createSymbolicLink(root.resolve("link"), Path.of("deep/big"));
        return root;
    }

    private static String mode(final Path file) throws IOException
    {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    private static void assertSame(final Path expected, final Path actual) throws IOException
    {
        final List<Path> files;
        try (Stream<Path> walk = Files.walk(expected))
        {
            files = walk.map(expected::relativize).sorted().toList();
        }
        try (Stream<Path> walk = Files.walk(actual))
        {
            assertEquals(files, walk.map(actual::relativize).sorted().toList());
        }
        for (final Path file : files)
        {
            final Path one = expected.resolve(file);
            final Path other = actual.resolve(file);
            if (Files.isSymbolicLink(one))
            {
                assertEquals(Files.readSymbolicLink(one), Files.readSymbolicLink(other));
            }
            else
            {
                assertEquals(mode(one), mode(other), file.toString());
                if (Files.isRegularFile(one, LinkOption.NOFOLLOW_LINKS))
                {
                    assertArrayEquals(Files.readAllBytes(one), Files.readAllBytes(other));
                }
            }
        }
    }
}
