package io.plimsoll.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoIT
{
    /** A user id that owns nothing. */
    private static final String STRANGER = "64242";

    @TempDir
    private Path directory;

    private Workspace workspace;

    @BeforeEach
    void setUp()
    {
        workspace = new Workspace("demo", directory);
    }

    @AfterEach
    void tearDown()
    {
        workspace.close();
    }

    @Test
    void shouldShowWhatHappenedTwiceAndLeaveNothingBehind() throws IOException
    {
        final Path temporary = Files.createDirectories(directory.resolve("tmp"));
        for (int run = 0; run < 2; run++)
        {
            final Cli cli = new Cli(workspace).with("PLIMSOLL_JAVA_OPTS", "-Djava.io.tmpdir=" + temporary);
            final Cli.Outcome outcome = cli.run("demo");
            assertEquals(0, outcome.exitCode(), outcome.toString());
            assertTrue(outcome.out().contains("200 of 200 succeeded"), outcome.toString());
            assertTrue(outcome.out().contains("no such data set"), outcome.toString());
            assertTrue(outcome.out().contains("kernel 1 of 2"), outcome.toString());
            assertTrue(row(outcome, "fails").endsWith("s"), outcome.toString());
            assertTrue(row(outcome, "cancelled").contains("user-requested"), outcome.toString());
            assertTrue(row(outcome, "array of 200").contains("TERMINATED"), outcome.toString());
            assertEquals("", outcome.err());
            assertEquals(List.of(), children(temporary), "left behind");
        }
    }

    @Test
    void shouldNeedNoRoot() throws IOException
    {
        Requirement.root();
        Requirement.command("setpriv", "util-linux");
        // Not below the test's own directory, which only root may enter.
        final Path open = Files.createTempDirectory("plimsoll-rootless");
        try
        {
            final Path root = Distribution.launcher().getParent();
            Shell.run("cp", "-r", root.resolve("ops/target/dist") + "/.", root.resolve("plimsoll").toString(),
                open.toString());
            Shell.run("chown", "-R", STRANGER + ":" + STRANGER, open.toString());
            final Shell.Outcome outcome = Shell.exec(
                "setpriv", "--reuid", STRANGER, "--regid", STRANGER, "--clear-groups",
                "env", "-i", "HOME=" + open, "PATH=/usr/local/bin:/usr/bin:/bin",
                "PLIMSOLL_JAVA_OPTS=-Djava.io.tmpdir=" + open, open + "/plimsoll", "demo");
            assertEquals(0, outcome.exitCode(), outcome.toString());
            assertTrue(outcome.output().contains("200 of 200 succeeded"), outcome.toString());
        }
        finally
        {
            Shell.run("rm", "-rf", open.toString());
        }
    }

    private static String row(final Cli.Outcome outcome, final String what)
    {
        return outcome.out().lines()
            .filter(line -> line.contains("  " + what + "  "))
            .findFirst()
            .orElseThrow(() -> new AssertionError("no row '" + what + "' in " + outcome))
            .strip();
    }

    private static List<Path> children(final Path directory) throws IOException
    {
        try (Stream<Path> files = Files.list(directory))
        {
            return files.filter(path -> path.getFileName().toString().startsWith("plimsoll-demo")).toList();
        }
    }
}
