package io.plimsoll.agent.runtime;

import io.plimsoll.agent.kernel.Assignment;
import io.plimsoll.agent.kernel.AssignmentCodec;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Kernels of plugins whose end was told although they may still come up, for the next life of the agent: their own
 * directories go once the manager knows of their end. A file each, NAME@RUNTIME, with the assignment. Of the agent's
 * thread.
 */
final class PursuedKernels
{
    private static final Logger LOG = LoggerFactory.getLogger(PursuedKernels.class);

    private final Path directory;
    private final AssignmentCodec codec = new AssignmentCodec();

    PursuedKernels(final Path directory)
    {
        this.directory = directory;
    }

    private Path file(final Assignment assignment, final String runtime)
    {
        return directory.resolve(assignment.key().directoryName() + '@' + runtime);
    }

    void add(final Assignment assignment, final String runtime)
    {
        try
        {
            Files.createDirectories(directory);
            Files.write(file(assignment, runtime), codec.toFile(assignment));
        }
        catch (final IOException e)
        {
            LOG.warn("should this agent end now, nobody will look for {}, which the runtime {} may still start: {}",
                assignment.key(), runtime, e.toString());
        }
    }

    void remove(final Assignment assignment, final String runtime)
    {
        try
        {
            Files.deleteIfExists(file(assignment, runtime));
        }
        catch (final IOException e)
        {
            LOG.warn("cannot remove {}: {}", file(assignment, runtime), e.toString());
        }
    }

    /** Those that an earlier life of the agent has left to this one. */
    List<Assignment> of(final String runtime)
    {
        final List<Assignment> assignments = new ArrayList<>();
        if (Files.isDirectory(directory))
        {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*@" + runtime))
            {
                for (final Path file : files)
                {
                    final Assignment assignment = codec.fromFile(Files.readAllBytes(file));
                    if (null == assignment)
                    {
                        Files.delete(file);
                    }
                    else
                    {
                        assignments.add(assignment);
                    }
                }
            }
            catch (final IOException e)
            {
                LOG.warn("cannot read {}: {}", directory, e.toString());
            }
        }
        return assignments;
    }
}
