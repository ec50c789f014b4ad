package io.plimsoll.transport;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;

/**
 * What an agent launches; opaque to the scheduling core. Travels and is stored as JSON in UTF-8, at most
 * {@link #LENGTH_MAX} bytes.
 *
 * @param command      program and arguments; the program is looked up in the PATH of the environment.
 * @param env          added to the agent's own minimal environment.
 * @param cwd          absolute working directory; null: the kernel's own scratch directory.
 * @param image        container image; null: a process of the host.
 * @param logBytesMax  cap of each of stdout and stderr, newest kept; 0: the agent's default.
 * @param simulatedNs  run time for the simulated runtime; 0 elsewhere.
 * @param container    what containers have; of this, processes have ports only; never null.
 * @param runtime      name of a runtime of the agent's own; null: processes, or containers if there is an image.
 * @param stdin        whether attached clients can give input; never null.
 * @param tty          whether the command has a terminal; processes and containers with input only.
 * @param notes        for the manager alone; never null.
 */
@JsonInclude(JsonInclude.Include.NON_DEFAULT)
public record LaunchSpec(
    List<String> command,
    Map<String, String> env,
    String cwd,
    String image,
    long logBytesMax,
    long simulatedNs,
    ContainerSpec container,
    String runtime,
    StdinMode stdin,
    boolean tty,
    SessionNotes notes)
{
    /** Longest spec in bytes; the rest of a ring entry is for the submission around it. */
    public static final int LENGTH_MAX = 60 * 1024;

    /** Label of agents that have a runtime, before its name; sessions that name it are placed on no others. */
    public static final String RUNTIME_LABEL = "runtime.";

    /** One without a terminal. */
    public LaunchSpec(
        final List<String> command,
        final Map<String, String> env,
        final String cwd,
        final String image,
        final long logBytesMax,
        final long simulatedNs,
        final ContainerSpec container,
        final StdinMode stdin)
    {
        this(command, env, cwd, image, logBytesMax, simulatedNs, container, null, stdin, false, SessionNotes.NONE);
    }

    /** One without input. */
    public LaunchSpec(
        final List<String> command,
        final Map<String, String> env,
        final String cwd,
        final String image,
        final long logBytesMax,
        final long simulatedNs,
        final ContainerSpec container,
        final String runtime)
    {
        this(
            command, env, cwd, image, logBytesMax, simulatedNs, container, runtime, StdinMode.NONE, false,
            SessionNotes.NONE);
    }

    /** One of no runtime in particular. */
    public LaunchSpec(
        final List<String> command,
        final Map<String, String> env,
        final String cwd,
        final String image,
        final long logBytesMax,
        final long simulatedNs,
        final ContainerSpec container)
    {
        this(command, env, cwd, image, logBytesMax, simulatedNs, container, (String)null);
    }

    /** The same with other notes. */
    public LaunchSpec withNotes(final SessionNotes other)
    {
        return new LaunchSpec(
            command, env, cwd, image, logBytesMax, simulatedNs, container, runtime, stdin, tty, other);
    }

    /** What one of its kernels has. */
    public StdinMode stdinOf(final int kernelIndex)
    {
        return StdinMode.ONCE == stdin && 0 != kernelIndex ? StdinMode.NONE : stdin;
    }

    /** Whether one of its kernels has a terminal: it is one for input, too. */
    public boolean ttyOf(final int kernelIndex)
    {
        return tty && StdinMode.NONE != stdinOf(kernelIndex);
    }

    /** Whether that can be the name of a runtime: lower case with digits and hyphens, not one that the agent has. */
    public static boolean isRuntimeName(final String name)
    {
        return name.matches("[a-z][a-z0-9-]{0,31}") && !"process".equals(name) && !"docker".equals(name);
    }

    /** One without anything that only containers have. */
    public LaunchSpec(
        final List<String> command,
        final Map<String, String> env,
        final String cwd,
        final String image,
        final long logBytesMax,
        final long simulatedNs)
    {
        this(command, env, cwd, image, logBytesMax, simulatedNs, ContainerSpec.NONE);
    }
}
