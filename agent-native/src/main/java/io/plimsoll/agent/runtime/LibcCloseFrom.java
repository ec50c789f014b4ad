package io.plimsoll.agent.runtime;

import com.sun.jna.Native;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;

/** Apart from {@link Libc} because only glibc from 2.34 on has it: loading this class tells. */
final class LibcCloseFrom
{
    static
    {
        Native.register(LibcCloseFrom.class, Platform.C_LIBRARY_NAME);
    }

    private LibcCloseFrom()
    {
    }

    static native int posix_spawn_file_actions_addclosefrom_np(Pointer actions, int from);
}
