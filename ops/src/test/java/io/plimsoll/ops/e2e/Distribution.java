package io.plimsoll.ops.e2e;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where the built distribution is. */
final class Distribution
{
    private Distribution()
    {
    }

    /** The directory of the clone. */
    static Path root()
    {
        final String root = System.getProperty("plimsoll.root");
        return null == root || root.isBlank() ? Path.of("").toAbsolutePath().getParent() : Path.of(root);
    }

    static Path launcher()
    {
        final Path launcher = root().resolve("plimsoll");
        if (!Files.isExecutable(launcher) || !Files.isRegularFile(root().resolve("ops/target/dist/plimsoll.jar")))
        {
            throw new AssertionError("the distribution is not built; run: mvn -DskipTests package");
        }
        return launcher;
    }
}
