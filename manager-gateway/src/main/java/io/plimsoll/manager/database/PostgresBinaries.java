package io.plimsoll.manager.database;

import io.plimsoll.transport.auth.SecretFiles;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.UUID;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/** The programs of a PostgreSQL server, unpacked once from the archive that comes with the distribution. */
final class PostgresBinaries
{
    /** Of the archive; a directory of another version is not taken for this one. */
    private static final String DIRECTORY = "programs-18.6";
    private static final int EXECUTABLE = 0b001_000_000;

    private PostgresBinaries()
    {
    }

    /**
     * Unpacks unless it is there; several may do so at the same time.
     *
     * @param parent directory that the programs' own one is in.
     * @return the directory that holds {@code bin}.
     * @throws IOException that says what is missing.
     */
    static Path unpack(final Path parent) throws IOException
    {
        final Path target = parent.resolve(DIRECTORY);
        if (Files.isDirectory(target))
        {
            return target;
        }
        SecretFiles.createDirectory(parent);
        final Path unpacking = parent.resolve("." + DIRECTORY + "." + UUID.randomUUID());
        try (InputStream archive = archive())
        {
            extract(archive, unpacking);
            try
            {
                Files.move(unpacking, target, StandardCopyOption.ATOMIC_MOVE);
            }
            catch (final IOException ex)
            {
                if (!Files.isDirectory(target))
                {
                    throw ex;
                }
            }
        }
        finally
        {
            delete(unpacking);
        }
        return target;
    }

    private static InputStream archive() throws IOException
    {
        final String arch = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        final String name = switch (arch)
        {
            case "amd64", "x86_64" -> "postgres-linux-x86_64.txz";
            case "aarch64", "arm64" -> "postgres-linux-arm_64.txz";
            default -> "";
        };
        final boolean known = !name.isEmpty() && System.getProperty("os.name").startsWith("Linux");
        final InputStream archive = !known ?
            null : PostgresBinaries.class.getClassLoader().getResourceAsStream(name);
        if (null == archive)
        {
            throw new IOException(
                "there is no PostgreSQL for a machine of kind " + System.getProperty("os.name") + " " + arch +
                    " in this distribution; name one with database.url");
        }
        return archive;
    }

    private static void extract(final InputStream archive, final Path target) throws IOException
    {
        SecretFiles.createDirectory(target);
        try (TarArchiveInputStream tar = new TarArchiveInputStream(
            new XZInputStream(new BufferedInputStream(archive))))
        {
            for (TarArchiveEntry entry = tar.getNextEntry(); null != entry; entry = tar.getNextEntry())
            {
                final Path file = target.resolve(entry.getName()).normalize();
                if (!file.startsWith(target))
                {
                    throw new IOException("the archive of PostgreSQL names a place outside: " + entry.getName());
                }
                extract(tar, entry, file);
            }
        }
    }

    private static void extract(final TarArchiveInputStream tar, final TarArchiveEntry entry, final Path file)
        throws IOException
    {
        if (entry.isDirectory())
        {
            Files.createDirectories(file);
            return;
        }
        Files.createDirectories(file.getParent());
        if (entry.isSymbolicLink())
        {
            Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
        }
        else
        {
            Files.copy(tar, file);
            final boolean executable = 0 != (entry.getMode() & EXECUTABLE);
            Files.setPosixFilePermissions(
                file, PosixFilePermissions.fromString(executable ? "rwx------" : "rw-------"));
        }
    }

    /** What is below, too; nothing if it is not there. */
    static void delete(final Path directory) throws IOException
    {
        if (!Files.exists(directory))
        {
            return;
        }
        Files.walkFileTree(directory, new SimpleFileVisitor<>()
        {
            @Override
            public FileVisitResult visitFile(final Path file, final BasicFileAttributes attributes) throws IOException
            {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(final Path left, final IOException ex) throws IOException
            {
                Files.delete(left);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
