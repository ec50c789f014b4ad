package io.plimsoll.agent.kernel;

import java.nio.file.Path;

/**
 * Files of a kernel, in {@code kernels/<cluster8>-<kernelId>-<term>-<attempt>/}.
 * <pre>
 *   assignment       as it came in, see {@link AssignmentCodec}; a directory without a whole one was never accepted
 *   fence            in place of an assignment: killed before it was assigned; holds cluster id and end
 *   started          exclusive marker, made before the start by the supervisor (its pid), or by the agent (0) to
 *                    make sure that the kernel never starts
 *   pid              process id of the workload, which leads its own session and process group, and when it started,
 *                    in ticks as /proc has it
 *   exit             "CODE REASON ." written by the supervisor in one write; whole only with the dot
 *   verdict          end that the agent saw and that exit does not tell
 *   limit            "SECONDS NANOSECONDS" of another limit than that of the assignment: after so many seconds of
 *                    running, "-": never, its supervisor ends it; after so many nanoseconds, 0: never, its agent
 *   acknowledged     empty; the manager has journalled the end
 *   devices          which physical devices its device numbers stand for, and on which of several
 *                    nodes its memory is counted; absent if it has none of these
 *   cgroups          those of the kernel, each as CONTROLLER DIRECTORY; absent if it has none
 *   ports            of the host that it has, as 8080=30000,8081=30001; absent if it has none
 *   runtime          name of the plugin that runs it; absent if it is a process or a container of the agent's
 *   stdin, stdin-end FIFOs: the input of a process that can have some, and a word there ends it
 *   unreadable       it was started, but its assignment cannot be read; it is nobody's
 *   stdout, stderr   output, and NAME.start where its oldest bytes were dropped
 *   work/            working directory, unless the launch spec names another
 * </pre>
 */
public final class KernelDirectory
{
    /** See the type. */
    public static final String ASSIGNMENT = "assignment";
    /** See the type. */
    public static final String FENCE = "fence";
    /** See the type. */
    public static final String STARTED = "started";
    /** See the type. */
    public static final String PID = "pid";
    /** See the type. */
    public static final String EXIT = "exit";
    /** See the type. */
    public static final String VERDICT = "verdict";
    /** See the type. */
    public static final String LIMIT = "limit";
    /** See the type. */
    public static final String ACKNOWLEDGED = "acknowledged";
    /** See the type. */
    public static final String DEVICES = "devices";
    /** See the type. */
    public static final String CGROUPS = "cgroups";
    /** See the type. */
    public static final String PORTS = "ports";
    /** See the type. */
    public static final String RUNTIME = "runtime";
    /** See the type. */
    public static final String UNREADABLE = "unreadable";
    /** See the type. */
    public static final String STDIN = "stdin";
    /** See the type. */
    public static final String STDIN_END = "stdin-end";
    /** See the type. */
    public static final String STDOUT = "stdout";
    /** See the type. */
    public static final String STDERR = "stderr";
    /** See the type. */
    public static final String WORK = "work";

    private KernelDirectory()
    {
    }

    /** Directory of an attempt below that of all. */
    public static Path of(final Path kernels, final KernelKey key)
    {
        return kernels.resolve(key.directoryName());
    }
}
