package io.plimsoll.ops.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** Trees of files as tar archives, with modes, times and symbolic links. */
final class TreeArchive
{
    private static final int MODE_MASK = 0777;
    private static final String ENCODING = "UTF-8";
    /** To leave it out without a word would be half a copy, and to read it would be none. */
    private static final String SPECIAL = " is no file, directory or symbolic link, and nothing else can be copied";

    private TreeArchive()
    {
    }

    /**
     * Writes a file or a directory with all below it.
     *
     * @param source to read.
     * @param name   of it in the archive.
     * @param out    not closed.
     */
    static void write(final Path source, final String name, final OutputStream out) throws IOException
    {
        final TarArchiveOutputStream tar = new TarArchiveOutputStream(out, ENCODING);
        // What both GNU's and BusyBox' tar can read.
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU);
        tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_STAR);
        Files.walkFileTree(source, new SimpleFileVisitor<>()
        {
            @Override
            public FileVisitResult preVisitDirectory(final Path directory, final BasicFileAttributes attributes)
                throws IOException
            {
                put(tar, directory, name(directory) + "/");
                tar.closeArchiveEntry();
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(final Path file, final BasicFileAttributes attributes) throws IOException
            {
                if (attributes.isRegularFile())
                {
                    put(tar, file, name(file));
                    Files.copy(file, tar);
                    tar.closeArchiveEntry();
                }
                else if (attributes.isSymbolicLink())
                {
                    final TarArchiveEntry entry = new TarArchiveEntry(name(file), TarArchiveEntry.LF_SYMLINK);
                    entry.setLinkName(Files.readSymbolicLink(file).toString());
                    tar.putArchiveEntry(entry);
                    tar.closeArchiveEntry();
                }
                else
                {
                    throw new IOException(file + SPECIAL);
                }
                return FileVisitResult.CONTINUE;
            }

            private String name(final Path file)
            {
                final String below = source.relativize(file).toString();
                return below.isEmpty() ? name : name + "/" + below;
            }
        });
        tar.finish();
        tar.flush();
    }

    private static void put(final TarArchiveOutputStream tar, final Path file, final String name) throws IOException
    {
        final TarArchiveEntry entry = new TarArchiveEntry(file, name);
        int mode = 0;
        for (final PosixFilePermission permission : Files.getPosixFilePermissions(file))
        {
            // Declared from the owner's read down to the others' execute.
            mode |= 0400 >> permission.ordinal();
        }
        entry.setMode(mode);
        tar.putArchiveEntry(entry);
    }

    /**
     * Reads an archive into an empty directory. What would come to lie outside of it is refused.
     *
     * @param in        read to its end.
     * @param directory that is there.
     * @return whether the archive is of a directory, which is that directory then; else what it is of lies in there.
     */
    static boolean read(final InputStream in, final Path directory) throws IOException
    {
        final Path root = directory.toRealPath();
        final Deque<Path> directories = new ArrayDeque<>();
        final Deque<TarArchiveEntry> entries = new ArrayDeque<>();
        boolean isDirectory = false;
        final TarArchiveInputStream tar = new TarArchiveInputStream(in, ENCODING);
        for (TarArchiveEntry entry = tar.getNextEntry(); null != entry; entry = tar.getNextEntry())
        {
            final Path target = target(root, entry.getName());
            isDirectory |= target.equals(root);
            if (entry.isDirectory())
            {
                Files.createDirectories(target);
                directories.push(target);
                entries.push(entry);
            }
            else if (entry.isSymbolicLink())
            {
                Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
            }
            else if (entry.isLink())
            {
                Files.createLink(target, target(root, entry.getLinkName()));
            }
            else if (isSpecial(entry))
            {
                throw new IOException(entry.getName() + SPECIAL);
            }
            else
            {
                Files.copy(tar, target);
                finish(target, entry);
            }
        }
        in.transferTo(OutputStream.nullOutputStream());
        // Last, and from the inside out: a directory may forbid to write into it.
        while (!directories.isEmpty())
        {
            finish(directories.pop(), entries.pop());
        }
        return isDirectory;
    }

    private static boolean isSpecial(final TarArchiveEntry entry)
    {
        return entry.isFIFO() || entry.isCharacterDevice() || entry.isBlockDevice();
    }

    private static Path target(final Path root, final String name) throws IOException
    {
        final Path target = root.resolve(Path.of("/").relativize(Path.of("/").resolve(name))).normalize();
        if (!target.startsWith(root))
        {
            throw new IOException("the archive names " + name + ", which is outside of it");
        }
        if (!target.equals(root))
        {
            Files.createDirectories(target.getParent());
            if (!target.getParent().toRealPath().startsWith(root))
            {
                throw new IOException("the archive names " + name + " behind a link that leads out of it");
            }
        }
        return target;
    }

    private static void finish(final Path target, final TarArchiveEntry entry) throws IOException
    {
        final Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        for (final PosixFilePermission permission : PosixFilePermission.values())
        {
            if (0 != (entry.getMode() & MODE_MASK & 0400 >> permission.ordinal()))
            {
                permissions.add(permission);
            }
        }
        Files.setLastModifiedTime(target, entry.getLastModifiedTime());
        Files.setPosixFilePermissions(target, permissions);
    }

    /** Puts a tree in its place by renaming: a directory into one that is there, anything else over what is there. */
    static void move(final Path source, final Path target) throws IOException
    {
        final boolean isDirectory = Files.isDirectory(source, LinkOption.NOFOLLOW_LINKS);
        if (!isDirectory || !Files.isDirectory(target))
        {
            if (Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS) != isDirectory &&
                Files.exists(target, LinkOption.NOFOLLOW_LINKS))
            {
                throw new IOException(target + (isDirectory ?
                    " is no directory, but what is copied is one" : " is a directory, but what is copied is none"));
            }
            rename(source, target);
            return;
        }
        try (DirectoryStream<Path> children = Files.newDirectoryStream(source))
        {
            for (final Path child : children)
            {
                move(child, target.resolve(child.getFileName().toString()));
            }
        }
        Files.delete(source);
    }

    private static void rename(final Path source, final Path target) throws IOException
    {
        try
        {
            Files.move(source, target, StandardCopyOption.ATOMIC_MOVE);
        }
        catch (final AtomicMoveNotSupportedException ex)
        {
            throw new IOException(target + " is on another file system than the directory it is in", ex);
        }
    }

    /** Removes a tree, as far as it is there. */
    static void delete(final Path tree)
    {
        try
        {
            Files.walkFileTree(tree, new SimpleFileVisitor<>()
            {
                @Override
                public FileVisitResult visitFile(final Path file, final BasicFileAttributes attributes)
                    throws IOException
                {
                    Files.delete(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(final Path file, final IOException failure)
                {
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(final Path directory, final IOException failure)
                    throws IOException
                {
                    Files.delete(directory);
                    return FileVisitResult.CONTINUE;
                }
            });
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException("cannot remove " + tree, ex);
        }
    }
}
