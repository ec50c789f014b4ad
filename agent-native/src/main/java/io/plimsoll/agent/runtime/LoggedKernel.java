package io.plimsoll.agent.runtime;

import java.nio.file.Path;

/** A kernel whose output grows. */
interface LoggedKernel
{
    /** With the files of its output. */
    Path directory();
}
