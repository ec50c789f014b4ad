package io.plimsoll.agent.gpu;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** A library that answers as the one of the driver would, compiled here, and a script that says what. */
public final class NvmlStandIn
{
    private static final String NEED = "a C compiler is needed (Debian: apt-get install gcc libc6-dev)";

    private final Path library;
    private final Path script;

    private NvmlStandIn(final Path library, final Path script)
    {
        this.library = library;
        this.script = script;
    }

    /** Compiles it. Each directory gets a library of its own, since one that is loaded stays so. */
    public static NvmlStandIn compile(final Path directory) throws IOException, InterruptedException
    {
        final boolean isThere = Files.isExecutable(Path.of("/usr/bin/gcc")) &&
            Files.exists(Path.of("/usr/include/stdlib.h"));
        if (!isThere && "true".equals(System.getenv("CI")))
        {
            Assertions.fail(NEED);
        }
        Assumptions.assumeTrue(isThere, NEED);
        final Path source = directory.resolve("nvml.c");
        Files.write(source, NvmlStandIn.class.getResourceAsStream("nvml.c").readAllBytes());
        final Path library = directory.resolve(HostGpus.LIBRARY);
        final Process compiler = new ProcessBuilder(
            "/usr/bin/gcc", "-shared", "-fPIC", "-Wall", "-Wextra", "-Werror", "-o", library.toString(),
            source.toString(), "-ldl").redirectErrorStream(true).start();
        final String said = new String(compiler.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Assertions.assertEquals(0, compiler.waitFor(), said);
        return new NvmlStandIn(library, Files.createFile(directory.resolve("script")));
    }

    public Path library()
    {
        return library;
    }

    /** Says more. */
    public void say(final String... lines) throws IOException
    {
        Files.writeString(script, String.join("\n", lines) + '\n', StandardOpenOption.APPEND);
    }
}
