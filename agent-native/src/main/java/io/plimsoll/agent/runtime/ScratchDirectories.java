package io.plimsoll.agent.runtime;

import io.plimsoll.agent.kernel.KernelDirectory;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Working directories of kernels, whatever runs them: each with a quota where the file system can, and removed a while
 * after the kernel has ended. Of the agent's thread, but that any makes them.
 */
final class ScratchDirectories
{
    private static final Logger LOG = LoggerFactory.getLogger(ScratchDirectories.class);
    private static final String SETPRIV = "/usr/bin/setpriv";

    private final Trash trash;
    private final ProjectQuota quota;
    private final long bytesMax;
    private final long keepNs;
    private final ArrayDeque<Ended> ended = new ArrayDeque<>();

    private record Ended(Path directory, long dueNs)
    {
    }

    /**
     * Takes up those of kernels of earlier lives of the agent.
     *
     * @param kernels  directory of the kernels' directories.
     * @param trash    for what is removed.
     * @param bytesMax that each may hold; 0: no limit.
     * @param keepNs   after the kernel has ended.
     * @param nowNs    now.
     * @throws IOException if a directory cannot be read.
     */
    ScratchDirectories(
        final Path kernels, final Trash trash, final long bytesMax, final long keepNs, final long nowNs)
        throws IOException
    {
        this.trash = trash;
        this.bytesMax = bytesMax;
        this.keepNs = keepNs;
        quota = 0 == bytesMax ? null : new ProjectQuota(kernels);
        try (DirectoryStream<Path> directories = Files.newDirectoryStream(kernels))
        {
            for (final Path directory : directories)
            {
                if (Files.exists(directory.resolve(KernelDirectory.EXIT)))
                {
                    ended(directory, nowNs);
                }
            }
        }
    }

    /** Why there are no quotas; null: there are, or none are wanted. */
    String note()
    {
        return null == quota ? null : quota.note();
    }

    /**
     * Makes that of a kernel. Any thread.
     *
     * @param directory of the kernel.
     * @return the scratch directory; that of an earlier attempt to launch it, if there was one.
     * @throws IOException if it cannot be made.
     */
    Path create(final Path directory) throws IOException
    {
        final Path scratch = directory.resolve(KernelDirectory.WORK);
        if (!Files.isDirectory(scratch))
        {
            Files.createDirectory(scratch);
            limit(scratch, bytesMax);
        }
        return scratch;
    }

    /** Limits another directory that a kernel can write to, where the file system can. Any thread. */
    void limit(final Path other, final long bytes)
    {
        final String failure = isLimited() ? quota.limit(other, bytes) : null;
        if (null != failure)
        {
            LOG.warn("{} has no quota: {}", other, failure);
        }
    }

    private boolean isLimited()
    {
        return null != quota && null == quota.note();
    }

    /**
     * What stands before a command so that the quota holds it: ext4 lets pass who has CAP_SYS_RESOURCE, as kernels of
     * an agent that is root would.
     */
    List<String> prefix()
    {
        return isLimited() && 0 == Libc.geteuid() && Files.isExecutable(Path.of(SETPRIV)) ?
            List.of(SETPRIV, "--inh-caps=-sys_resource", "--bounding-set=-sys_resource", "--") : List.of();
    }

    /** The kernel of that directory has ended. */
    void ended(final Path directory, final long nowNs)
    {
        ended.add(new Ended(directory, nowNs + keepNs));
    }

    /** Removes what is due. */
    int poll(final long nowNs)
    {
        int workCount = 0;
        while (!ended.isEmpty() && ended.peek().dueNs() <= nowNs)
        {
            remove(ended.poll().directory());
            workCount++;
        }
        return workCount;
    }

    /** Removes that of a kernel whose directory goes. */
    void remove(final Path directory)
    {
        final Path scratch = directory.resolve(KernelDirectory.WORK);
        if (Files.isDirectory(scratch))
        {
            if (isLimited())
            {
                quota.forget(scratch);
            }
            trash.add(scratch, directory.getFileName().toString());
        }
    }
}
