package io.plimsoll.agent.runtime;

import io.plimsoll.agent.Await;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file system of its own in a file, made with quotas by project; where there cannot be any, a plain directory. */
final class QuotaDisk implements AutoCloseable
{
    private static final long BYTES = 128 << 20;

    private final Path place;
    private final boolean hasQuota;

    QuotaDisk(final Path directory) throws IOException
    {
        final Path image = directory.resolve("image");
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw"))
        {
            file.setLength(BYTES);
        }
        place = Files.createDirectory(directory.resolve("place"));
        hasQuota =
            0 == run("mkfs.ext4", "-q", "-O", "quota,project", "-E", "quotatype=prjquota", image.toString()) &&
            mount(place, "-o", "loop,prjquota", image.toString());
    }

    Path place()
    {
        return place;
    }

    boolean hasQuota()
    {
        return hasQuota;
    }

    static boolean mount(final Path place, final String... options)
    {
        final String[] command = new String[options.length + 2];
        command[0] = "mount";
        System.arraycopy(options, 0, command, 1, options.length);
        command[options.length + 1] = place.toString();
        return 0 == Libc.geteuid() && 0 == run(command);
    }

    static int run(final String... command)
    {
        try
        {
            return new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor();
        }
        catch (final IOException e)
        {
            return -1;
        }
        catch (final InterruptedException e)
        {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close()
    {
        if (hasQuota)
        {
            Await.until("the file system to be let go", () -> 0 == run("umount", place.toString()));
        }
    }
}
