package io.plimsoll.ops.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.core.policy.AgentView;
import io.plimsoll.core.policy.RequestMix;
import io.plimsoll.core.policy.RequestView;
import io.plimsoll.core.policy.SelectionPolicy;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyJarsTest
{
    private static final PrintStream NOWHERE =
        new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);

    private final ClassLoader before = Thread.currentThread().getContextClassLoader();

    @TempDir
    private Path directory;

    @AfterEach
    void forgetJars()
    {
        Thread.currentThread().setContextClassLoader(before);
    }

    private List<String> load(final String plugins)
    {
        return PolicyJars.load(
            new Terminal(NOWHERE, NOWHERE, Map.of(PolicyJars.VARIABLE, plugins), directory, directory));
    }

    /** A jar that names a class of this test as a policy. */
    private void jar(final String name, final String className) throws IOException
    {
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(directory.resolve(name))))
        {
            jar.putNextEntry(new JarEntry("META-INF/services/" + SelectionPolicy.class.getName()));
            jar.write(("# ours\n" + className + "\n").getBytes(StandardCharsets.UTF_8));
        }
    }

    private String refused(final String plugins)
    {
        final CliException mistake = assertThrows(CliException.class, () -> load(plugins));
        assertEquals(ExitCode.USAGE, mistake.exitCode());
        return mistake.getMessage();
    }

    @Test
    void shouldFindNoneWhereThereAreNone()
    {
        assertEquals(List.of(), load(""));
        assertEquals(List.of(), load("."));
        assertTrue(refused("nowhere").contains("nowhere: is to have jars"));
    }

    @Test
    void shouldNameThoseThatItFound() throws IOException
    {
        jar("a.jar", First.class.getName());
        Files.writeString(directory.resolve("notes.txt"), "no jar, and left alone");
        assertEquals(List.of("first"), load(directory.toString()));
    }

    @Test
    void shouldSayWhatIsWrongWithAJar() throws IOException
    {
        final Path broken = Files.writeString(directory.resolve("broken.jar"), "this is no archive");
        assertTrue(refused(".").contains("broken.jar: is no jar that can be read"));
        Files.delete(broken);
        jar("a.jar", "org.example.Gone");
        assertTrue(refused(".").contains("names org.example.Gone, which is not in it"));
        jar("a.jar", PolicyJarsTest.class.getName());
        assertTrue(refused(".").contains("PolicyJarsTest is no io.plimsoll.core.policy.SelectionPolicy"));
        jar("a.jar", Throwing.class.getName());
        assertTrue(refused(".").contains("Throwing cannot be made"), refused("."));
        assertTrue(refused(".").contains("planted"));
        jar("a.jar", Taken.class.getName());
        assertTrue(refused(".").contains("two policies are called 'best-fit'"));
    }

    @Test
    void shouldNameBothJarsOfOneName() throws IOException
    {
        jar("a.jar", First.class.getName());
        jar("b.jar", First.class.getName());
        final String message = refused(".");
        assertTrue(message.contains("b.jar: has a policy called 'first', and so has"), message);
        assertTrue(message.endsWith("a.jar"), message);
    }

    /** One that is right. */
    public static class First implements SelectionPolicy
    {
        @Override
        public String name()
        {
            return "first";
        }

        @Override
        public long score(final AgentView agent, final RequestView request, final RequestMix mix)
        {
            return -agent.agentId();
        }
    }

    /** Has a name that comes with the project. */
    public static final class Taken extends First
    {
        @Override
        public String name()
        {
            return "best-fit";
        }
    }

    /** Cannot be made. */
    public static final class Throwing extends First
    {
        public Throwing()
        {
            throw new IllegalStateException("planted");
        }
    }
}
