package io.plimsoll.agent;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.TimeUnit;

/**
 * {@code lease-<cluster8>} in the agent's directory: the second of {@code /proc/uptime} from which the lease no longer
 * runs, replaced by rename. Rounded down, so that a supervisor errs to the safe side.
 */
final class FileLeaseFile implements LeaseFile
{
    private final Path directory;

    FileLeaseFile(final Path directory)
    {
        this.directory = directory;
    }

    @Override
    public Path path(final long clusterIdHi, final long clusterIdLo)
    {
        final String hex = Long.toHexString(clusterIdHi);
        return directory.resolve("lease-" + "0".repeat(16 - hex.length()).concat(hex).substring(0, 8));
    }

    @Override
    public void write(final long clusterIdHi, final long clusterIdLo, final long untilNs) throws IOException
    {
        final Path file = path(clusterIdHi, clusterIdLo);
        final Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.write(fresh, (TimeUnit.NANOSECONDS.toSeconds(untilNs) + "\n").getBytes(StandardCharsets.US_ASCII));
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
