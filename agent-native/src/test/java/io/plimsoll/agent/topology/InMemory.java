package io.plimsoll.agent.topology;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDirFactory;

/** Trees of thousands of small files are made where no disk has to keep up. */
final class InMemory implements TempDirFactory
{
    private static final Path SHARED = Path.of("/dev/shm");

    @Override
    public Path createTempDirectory(final AnnotatedElementContext element, final ExtensionContext extension)
        throws IOException
    {
        return Files.isWritable(SHARED) ?
            Files.createTempDirectory(SHARED, "plimsoll-test") : Files.createTempDirectory("plimsoll-test");
    }
}
