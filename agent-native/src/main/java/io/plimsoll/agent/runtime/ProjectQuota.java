package io.plimsoll.agent.runtime;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Quotas of directories, where the file system counts by project: ext4 and XFS mounted with {@code prjquota}. A project
 * is named by the number of its directory's inode, which no other directory of the file system has. Layouts are those
 * of {@code linux/fs.h} and {@code linux/quota.h}. Thread-safe.
 */
final class ProjectQuota
{
    /** Says what it cannot do, so that it is said once. */
    private static final Logger LOG = LoggerFactory.getLogger(ProjectQuota.class);

    private static final long QUOTACTL_FD = 443;
    private static final long Q_GETQUOTA_PROJECT = 0x80000702L;
    private static final long Q_SETQUOTA_PROJECT = 0x80000802L;
    private static final int QIF_LIMITS = 5;
    private static final long BLOCK_LENGTH = 1024;
    /** A file may be as small as that on average. */
    private static final long BYTES_PER_INODE = 16 * 1024;
    private static final long INODES_MIN = 10_000;
    private static final int BLOCKS_HARD = 0;
    private static final int INODES_HARD = 24;
    private static final int VALID = 64;
    private static final int QUOTA_LENGTH = 72;

    private static final long FSGETXATTR = 0x801c581fL;
    private static final long FSSETXATTR = 0x401c5820L;
    private static final int PROJECT_INHERIT = 0x200;
    private static final int FLAGS = 0;
    private static final int PROJECT = 12;
    private static final int ATTRIBUTES_LENGTH = 28;

    /** Numbers below are left to people. */
    private static final int PROJECT_FIRST = 1 << 30;

    private final Memory quota = new Memory(QUOTA_LENGTH);
    private final Memory attributes = new Memory(ATTRIBUTES_LENGTH);
    private final Path place;
    private final String note;

    /**
     * Looks whether there are any.
     *
     * @param place that quotas are to be set below.
     */
    ProjectQuota(final Path place)
    {
        this.place = place;
        note = withDirectory(place, fd -> 0 == control(fd, Q_GETQUOTA_PROJECT, PROJECT_FIRST) ? 0 : 1);
    }

    /** Why there are none; null: there are. */
    String note()
    {
        return null == note ? null :
            "scratch directories have no quota: the file system of " + place + " has none by project (" + note + ")";
    }

    /**
     * Limits what a new and empty directory can come to hold.
     *
     * @param directory on that file system.
     * @param bytes     limit.
     * @return null if it is limited, else why not.
     */
    synchronized String limit(final Path directory, final long bytes)
    {
        final int project = project(directory);
        return withDirectory(directory, fd ->
        {
            if (0 != Libc.ioctl(fd, FSGETXATTR, attributes))
            {
                return 1;
            }
            attributes.setInt(FLAGS, attributes.getInt(FLAGS) | PROJECT_INHERIT);
            attributes.setInt(PROJECT, project);
            return set(fd, project, bytes) && 0 == Libc.ioctl(fd, FSSETXATTR, attributes) ? 0 : 1;
        });
    }

    /** Forgets the limit of a directory that is about to be removed, so that limits do not pile up. */
    synchronized void forget(final Path directory)
    {
        final int project = project(directory);
        final String failure = withDirectory(place, fd -> set(fd, project, 0) ? 0 : 1);
        if (null != failure)
        {
            LOG.debug("{} keeps its quota: {}", directory, failure);
        }
    }

    private boolean set(final int fd, final int project, final long bytes)
    {
        quota.clear();
        quota.setLong(BLOCKS_HARD, (bytes + BLOCK_LENGTH - 1) / BLOCK_LENGTH);
        quota.setLong(INODES_HARD, 0 == bytes ? 0 : Math.max(INODES_MIN, bytes / BYTES_PER_INODE));
        quota.setInt(VALID, QIF_LIMITS);
        return 0 == control(fd, Q_SETQUOTA_PROJECT, project);
    }

    private long control(final int fd, final long command, final int project)
    {
        return Libc.syscall(QUOTACTL_FD, fd, command, project, quota);
    }

    private static int project(final Path directory)
    {
        try
        {
            return PROJECT_FIRST | (int)((long)Files.getAttribute(directory, "unix:ino") & PROJECT_FIRST - 1);
        }
        catch (final IOException e)
        {
            return PROJECT_FIRST;
        }
    }

    /** Gives null if the calls on the directory succeed, else the error. */
    private static String withDirectory(final Path directory, final Calls calls)
    {
        final int fd = Libc.open(directory.toString(), Libc.O_CLOEXEC, 0);
        if (fd < 0)
        {
            return "errno=" + Native.getLastError();
        }
        try
        {
            return 0 == calls.on(fd) ? null : "errno=" + Native.getLastError();
        }
        finally
        {
            Libc.close(fd);
        }
    }

    /** What is done with an open directory; 0: it succeeded. */
    @FunctionalInterface
    private interface Calls
    {
        int on(int fd);
    }
}
