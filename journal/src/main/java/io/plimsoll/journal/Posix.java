package io.plimsoll.journal;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;

import java.nio.file.Path;

/** The calls to the operating system that Java does not offer. */
final class Posix
{
    private static final int O_RDONLY = 0;
    private static final int O_RDWR = 2;
    private static final int SEEK_HOLE = 4;
    /* struct flock: int16 type, int16 whence, int64 start, int64 length, int32 process; a length of 0 is to the end. */
    private static final int F_GETLK = 5;
    private static final short F_WRLCK = 1;
    private static final short F_UNLCK = 2;
    private static final int FLOCK_LENGTH = 32;
    private static final int ENOSPC = 28;
    private static final int EINTR = 4;
    private static final int EDQUOT = 122;
    private static final int MADV_RANDOM = 1;
    private static final int MADV_POPULATE_WRITE = 23;
    private static final int KEEP_SIZE_PUNCH_HOLE = 3;

    static
    {
        Native.register(Posix.class, Platform.C_LIBRARY_NAME);
    }

    private Posix()
    {
    }

    /**
     * Makes the file system set blocks aside for a range of a file, which grows to contain it.
     *
     * @return false if there is no space for all of it.
     */
    static boolean tryAllocate(final Path file, final long offset, final long length)
    {
        final int fd = open(file.toString(), O_RDWR);
        try
        {
            int error;
            do
            {
                error = posix_fallocate(fd, offset, length);
            }
            while (EINTR == error);
            if (0 != error && ENOSPC != error && EDQUOT != error)
            {
                throw new JournalException("cannot reserve space: errno=" + error + " file=" + file);
            }
            return 0 == error;
        }
        finally
        {
            close(fd);
        }
    }

    /** Gives blocks back and leaves the length of the file as it is; readers see zeros. Best effort. */
    static boolean tryPunchHole(final Path file, final long offset, final long length)
    {
        final int fd = open(file.toString(), O_RDWR);
        try
        {
            fallocate(fd, KEEP_SIZE_PUNCH_HOLE, offset, length);
            return true;
        }
        catch (final LastErrorException ex)
        {
            // Some file systems cannot: the space stays taken until the segment is pruned.
            return false;
        }
        finally
        {
            close(fd);
        }
    }

    /** Says that mapped memory will be touched page by page, without pattern. Best effort. */
    static boolean tryAdviseRandom(final long address, final long length)
    {
        try
        {
            madvise(new Pointer(address), new NativeLong(length), MADV_RANDOM);
            return true;
        }
        catch (final LastErrorException ex)
        {
            return false;
        }
    }

    /** Makes the pages of mapped memory present and writable. Best effort: kernels before 5.14 cannot. */
    static boolean tryPopulate(final long address, final long length)
    {
        try
        {
            madvise(new Pointer(address), new NativeLong(length), MADV_POPULATE_WRITE);
            return true;
        }
        catch (final LastErrorException ex)
        {
            return false;
        }
    }

    /** Whether another process holds a lock on a file, without taking one. */
    static boolean isLockedElsewhere(final Path file)
    {
        final int fd = openReadable(file);
        try (Memory lock = new Memory(FLOCK_LENGTH))
        {
            lock.clear();
            lock.setShort(0, F_WRLCK);
            fcntl(fd, F_GETLK, lock);
            return F_UNLCK != lock.getShort(0);
        }
        finally
        {
            close(fd);
        }
    }

    /** Bytes of a file up to the first hole: what is written, when nothing but its end was given back. */
    static long dataLength(final Path file)
    {
        final int fd = openReadable(file);
        try
        {
            return lseek(fd, 0, SEEK_HOLE);
        }
        finally
        {
            close(fd);
        }
    }

    private static int openReadable(final Path file)
    {
        try
        {
            return open(file.toString(), O_RDONLY);
        }
        catch (final LastErrorException ex)
        {
            throw new JournalException("cannot read " + file + ": errno=" + ex.getErrorCode());
        }
    }

    private static native long lseek(int fd, long offset, int whence) throws LastErrorException;

    private static native int fcntl(int fd, int command, Pointer lock) throws LastErrorException;

    private static native int open(String path, int flags) throws LastErrorException;

    private static native int close(int fd) throws LastErrorException;

    // Returns the error instead of setting errno.
    private static native int posix_fallocate(int fd, long offset, long length);

    private static native int madvise(Pointer address, NativeLong length, int advice) throws LastErrorException;

    private static native int fallocate(int fd, int mode, long offset, long length) throws LastErrorException;
}
