package io.plimsoll.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/** An example project as its users would have it: compiled against the distribution, in a jar of its own. */
final class ExampleJar
{
    private ExampleJar()
    {
    }

    /**
     * Makes the jar of an example.
     *
     * @param name    of its directory below {@code ops/examples}.
     * @param classes directory to compile to.
     * @param jar     to make.
     */
    static void build(final String name, final Path classes, final Path jar) throws IOException
    {
        final Path main = Distribution.root().resolve("ops/examples").resolve(name).resolve("src/main");
        Files.createDirectories(classes);
        final List<String> words = new ArrayList<>(
            List.of("-d", classes.toString(), "--release", "17", "-proc:none", "-cp", libraries()));
        files(main.resolve("java")).forEach(source -> words.add(source.toString()));
        assertEquals(0, ToolProvider.getSystemJavaCompiler().run(
            null, OutputStream.nullOutputStream(), null, words.toArray(String[]::new)));
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar)))
        {
            add(out, classes);
            add(out, main.resolve("resources"));
        }
    }

    private static String libraries() throws IOException
    {
        return files(Distribution.root().resolve("ops/target/dist/lib")).stream()
            .map(Path::toString)
            .filter(file -> file.contains("plimsoll-"))
            .collect(Collectors.joining(File.pathSeparator));
    }

    private static List<Path> files(final Path root) throws IOException
    {
        try (Stream<Path> files = Files.walk(root))
        {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private static void add(final JarOutputStream out, final Path root) throws IOException
    {
        for (final Path file : files(root))
        {
            out.putNextEntry(new JarEntry(root.relativize(file).toString()));
            Files.copy(file, out);
            out.closeEntry();
        }
    }
}
