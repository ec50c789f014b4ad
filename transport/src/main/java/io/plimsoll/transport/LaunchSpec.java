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
 */
@JsonInclude(JsonInclude.Include.NON_DEFAULT)
public record LaunchSpec(
    List<String> command,
    Map<String, String> env,
    String cwd,
    String image,
    long logBytesMax,
    long simulatedNs,
    ContainerSpec container)
{
    /** Longest spec in bytes; the rest of a ring entry is for the submission around it. */
    public static final int LENGTH_MAX = 60 * 1024;

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
