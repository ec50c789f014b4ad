package io.plimsoll.agent.runtime;

import com.sun.jna.Native;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;

/** Calls of the C library, bound directly. {@link Native#getLastError()} tells errno. Safe for any thread. */
final class Libc
{
    static final int O_WRONLY = 1;
    static final int O_RDWR = 2;
    static final int O_NONBLOCK = 0x800;
    static final int O_CLOEXEC = 0x80000;
    static final int SIGKILL = 9;
    static final int SIGSTOP = 19;
    static final int SIGTERM = 15;
    static final int ESRCH = 3;
    static final int EAGAIN = 11;
    static final int EEXIST = 17;
    static final int WNOHANG = 1;
    static final int FALLOC_FL_KEEP_SIZE = 1;
    static final int FALLOC_FL_PUNCH_HOLE = 2;
    static final int CLOCK_BOOTTIME = 7;
    static final int SPLICE_F_NONBLOCK = 2;
    static final short POLLIN = 1;
    static final int PR_SET_TIMERSLACK = 29;
    static final short POSIX_SPAWN_SETSIGDEF = 0x04;
    static final short POSIX_SPAWN_SETSIGMASK = 0x08;
    static final short POSIX_SPAWN_SETSCHEDPARAM = 0x10;
    static final short POSIX_SPAWN_SETSCHEDULER = 0x20;
    static final short POSIX_SPAWN_SETSID = 0x80;
    static final int EPERM = 1;

    static
    {
        Native.register(Libc.class, Platform.C_LIBRARY_NAME);
    }

    private Libc()
    {
    }

    static native int open(String path, int flags, int mode);

    static native int close(int fd);

    static native long read(int fd, Pointer buffer, long length);

    static native long splice(int from, Pointer fromOffset, int to, Pointer toOffset, long length, int flags);

    static native int ppoll(Pointer descriptors, long count, Pointer timeout, Pointer signals);

    static native int mkfifo(String path, int mode);

    static native int fallocate(int fd, int mode, long offset, long length);

    static native int kill(int pid, int signal);

    static native int waitpid(int pid, Pointer status, int options);

    static native int geteuid();

    static native int sched_getcpu();

    static native int prctl(int option, long value, long unused2, long unused3, long unused4);

    static native int sched_getaffinity(int pid, long length, Pointer mask);

    static native int sched_setaffinity(int pid, long length, Pointer mask);

    static native long syscall(long number, long mode, Pointer nodes, long nodeMax);

    static native long syscall(long number, long fd, long command, long id, Pointer address);

    static native int ioctl(int fd, long request, Pointer argument);

    static native int posix_spawnattr_setschedpolicy(Pointer attributes, int policy);

    static native int posix_spawnattr_setschedparam(Pointer attributes, Pointer parameter);

    static native int clock_gettime(int clock, Pointer timespec);

    static native int sigemptyset(Pointer set);

    static native int sigfillset(Pointer set);

    static native int posix_spawnattr_init(Pointer attributes);

    static native int posix_spawnattr_setflags(Pointer attributes, short flags);

    static native int posix_spawnattr_setsigdefault(Pointer attributes, Pointer set);

    static native int posix_spawnattr_setsigmask(Pointer attributes, Pointer set);

    static native int posix_spawn_file_actions_init(Pointer actions);

    static native int posix_spawn_file_actions_destroy(Pointer actions);

    static native int posix_spawn_file_actions_addopen(Pointer actions, int fd, String path, int flags, int mode);

    static native int posix_spawn_file_actions_addclose(Pointer actions, int fd);

    static native int posix_spawn(
        Pointer pid, String path, Pointer actions, Pointer attributes, Pointer argv, Pointer envp);
}
