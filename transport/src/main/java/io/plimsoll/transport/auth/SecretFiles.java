package io.plimsoll.transport.auth;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.UUID;

/**
 * Files that only their owner may read. They are born with mode 600, so that there is no moment at which another user
 * could open them, and replaced whole, so that a crash leaves the old content or the new.
 */
public final class SecretFiles
{
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_FILE =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_DIRECTORY =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private SecretFiles()
    {
    }

    /**
     * Creates a directory, and its parents, that only the owner may enter; does nothing if it is there.
     *
     * @param directory to create.
     * @throws IOException that names the directory.
     */
    public static void createDirectory(final Path directory) throws IOException
    {
        if (!Files.isDirectory(directory))
        {
            Files.createDirectories(directory, OWNER_DIRECTORY);
        }
    }

    /**
     * Writes a file, replacing an older one, and syncs it and its directory.
     *
     * @param file    to write; its directory must exist.
     * @param content of it.
     * @throws IOException that names the file.
     */
    public static void write(final Path file, final byte[] content) throws IOException
    {
        final Path directory = file.toAbsolutePath().getParent();
        final Path temporary = directory.resolve("." + file.getFileName() + "." + UUID.randomUUID() + ".tmp");
        try
        {
            Files.createFile(temporary, OWNER_FILE);
            try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE))
            {
                final ByteBuffer buffer = ByteBuffer.wrap(content);
                while (buffer.hasRemaining())
                {
                    channel.write(buffer);
                }
                channel.force(true);
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }
        catch (final IOException ex)
        {
            Files.deleteIfExists(temporary);
            throw new IOException("cannot write " + file + ": " + describe(ex), ex);
        }
        syncDirectory(directory);
    }

    /**
     * Writes a line of text.
     *
     * @param file to write.
     * @param text without line end.
     * @throws IOException that names the file.
     */
    public static void writeLine(final Path file, final String text) throws IOException
    {
        write(file, (text + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Reads a file whole.
     *
     * @param file to read.
     * @return its content.
     * @throws IOException that says which file and what is wrong with it.
     */
    public static byte[] read(final Path file) throws IOException
    {
        try
        {
            return Files.readAllBytes(file);
        }
        catch (final IOException ex)
        {
            throw new IOException("cannot read " + file + ": " + describe(ex), ex);
        }
    }

    /**
     * Reads a file that holds one line.
     *
     * @param file to read.
     * @return the line, without surrounding white space.
     * @throws IOException that says which file and what is wrong with it, also if it is empty.
     */
    public static String readLine(final Path file) throws IOException
    {
        final String text = new String(read(file), StandardCharsets.UTF_8).strip();
        if (text.isEmpty())
        {
            throw new IOException("cannot read " + file + ": it is empty");
        }
        return text;
    }

    /**
     * Whether nobody but the owner may read or write a file.
     *
     * @param file to look at.
     * @return false also where the file system knows no permissions.
     * @throws IOException if the file cannot be looked at.
     */
    public static boolean isPrivate(final Path file) throws IOException
    {
        final Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
        permissions.remove(PosixFilePermission.OWNER_READ);
        permissions.remove(PosixFilePermission.OWNER_WRITE);
        permissions.remove(PosixFilePermission.OWNER_EXECUTE);
        return permissions.isEmpty();
    }

    private static void syncDirectory(final Path directory) throws IOException
    {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ))
        {
            channel.force(true);
        }
    }

    private static String describe(final IOException ex)
    {
        if (ex instanceof NoSuchFileException)
        {
            return "it does not exist";
        }
        if (ex instanceof AccessDeniedException)
        {
            return "permission denied";
        }
        return null == ex.getMessage() ? ex.getClass().getSimpleName() : ex.getMessage();
    }
}
