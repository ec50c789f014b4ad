package io.plimsoll.agent.runtime;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Where and how kernels run as containers.
 *
 * @param host              of the engine, such as {@code unix:///var/run/docker.sock}.
 * @param isExpected        whether there is an engine, if only not for the moment: somebody has said where.
 * @param pull              when images are fetched.
 * @param leftovers         what becomes of containers with this agent's labels that it knows nothing of.
 * @param mountsReadOnly    directories of this host below which sessions may read.
 * @param mountsReadWrite   directories of this host below which sessions may read and write.
 * @param pidsMax           processes and threads of a container; 0: no limit.
 * @param ulimits           of a container by name; -1: no limit.
 * @param callTimeoutNs     after which the engine counts as not answering.
 * @param watchIntervalNs   between two questions whether it is there, and between two looks at all containers.
 * @param comeBackNs        how long kernels wait for an engine that is gone before their start fails.
 * @param pullProgressNs    without which a pull is given up.
 * @param pullTimeoutNs     after which a pull is given up.
 * @param imagesBytesMax    of images that this agent has pulled, beyond which it removes some; 0: no limit.
 * @param imagesAgeNs       after the last use of such an image; 0: it stays.
 * @param threads           that talk to the engine at a time.
 * @param network           that reaches the containers of all hosts, for sessions of several kernels; empty: none.
 */
public record DockerOptions(
    String host,
    boolean isExpected,
    PullPolicy pull,
    LeftoverPolicy leftovers,
    List<Path> mountsReadOnly,
    List<Path> mountsReadWrite,
    long pidsMax,
    Map<String, Long> ulimits,
    long callTimeoutNs,
    long watchIntervalNs,
    long comeBackNs,
    long pullProgressNs,
    long pullTimeoutNs,
    long imagesBytesMax,
    long imagesAgeNs,
    int threads,
    String network)
{
    /** The engine's socket where nothing else is said. */
    public static final String HOST_DEFAULT = "unix:///var/run/docker.sock";
    private static final long PIDS_MAX_DEFAULT = 4096;
    private static final int THREADS_DEFAULT = 4;
    private static final String UNIX = "unix://";

    /** What needs no configuration. */
    public static DockerOptions defaults()
    {
        return new DockerOptions(
            HOST_DEFAULT,
            false,
            PullPolicy.TAG,
            LeftoverPolicy.REPORT,
            List.of(),
            List.of(),
            PIDS_MAX_DEFAULT,
            Map.of(),
            TimeUnit.SECONDS.toNanos(20),
            TimeUnit.SECONDS.toNanos(2),
            TimeUnit.SECONDS.toNanos(8),
            TimeUnit.MINUTES.toNanos(5),
            TimeUnit.HOURS.toNanos(2),
            0,
            0,
            THREADS_DEFAULT,
            "");
    }

    public DockerOptions withNetwork(final String newNetwork)
    {
        return new DockerOptions(host, isExpected, pull, leftovers, mountsReadOnly, mountsReadWrite, pidsMax, ulimits,
            callTimeoutNs, watchIntervalNs, comeBackNs, pullProgressNs, pullTimeoutNs,
            imagesBytesMax, imagesAgeNs, threads, newNetwork);
    }

    /** Socket of the engine on this host; null: it is reached over the network. */
    Path socket()
    {
        return host.startsWith(UNIX) ? Path.of(host.substring(UNIX.length())) : null;
    }

    public DockerOptions withHost(final String newHost)
    {
        return new DockerOptions(newHost, isExpected, pull, leftovers, mountsReadOnly, mountsReadWrite, pidsMax,
            ulimits, callTimeoutNs, watchIntervalNs, comeBackNs, pullProgressNs, pullTimeoutNs,
            imagesBytesMax, imagesAgeNs, threads, network);
    }

    /** An engine that is not there at the start is one that is down. */
    public DockerOptions expected()
    {
        return new DockerOptions(host, true, pull, leftovers, mountsReadOnly, mountsReadWrite, pidsMax, ulimits,
            callTimeoutNs, watchIntervalNs, comeBackNs, pullProgressNs, pullTimeoutNs,
            imagesBytesMax, imagesAgeNs, threads, network);
    }

    public DockerOptions withPolicies(final PullPolicy newPull, final LeftoverPolicy newLeftovers)
    {
        return new DockerOptions(host, isExpected, newPull, newLeftovers, mountsReadOnly, mountsReadWrite, pidsMax,
            ulimits, callTimeoutNs, watchIntervalNs, comeBackNs, pullProgressNs, pullTimeoutNs,
            imagesBytesMax, imagesAgeNs, threads, network);
    }

    public DockerOptions withMounts(final List<Path> readOnly, final List<Path> readWrite)
    {
        return new DockerOptions(host, isExpected, pull, leftovers, readOnly, readWrite, pidsMax, ulimits,
            callTimeoutNs, watchIntervalNs, comeBackNs, pullProgressNs, pullTimeoutNs,
            imagesBytesMax, imagesAgeNs, threads, network);
    }

    public DockerOptions withLimits(final long newPidsMax, final Map<String, Long> newUlimits)
    {
        return new DockerOptions(host, isExpected, pull, leftovers, mountsReadOnly, mountsReadWrite, newPidsMax,
            newUlimits, callTimeoutNs, watchIntervalNs, comeBackNs, pullProgressNs, pullTimeoutNs,
            imagesBytesMax, imagesAgeNs, threads, network);
    }

    public DockerOptions withImages(final long newBytesMax, final long newAgeNs)
    {
        return new DockerOptions(host, isExpected, pull, leftovers, mountsReadOnly, mountsReadWrite, pidsMax, ulimits,
            callTimeoutNs, watchIntervalNs, comeBackNs, pullProgressNs, pullTimeoutNs, newBytesMax, newAgeNs, threads,
            network);
    }

    public DockerOptions withTimes(final long newCallTimeoutNs, final long newWatchIntervalNs, final long newComeBackNs)
    {
        return new DockerOptions(host, isExpected, pull, leftovers, mountsReadOnly, mountsReadWrite, pidsMax, ulimits,
            newCallTimeoutNs, newWatchIntervalNs, newComeBackNs, pullProgressNs, pullTimeoutNs,
            imagesBytesMax, imagesAgeNs, threads, network);
    }

    public DockerOptions withPullTimes(final long newPullProgressNs, final long newPullTimeoutNs)
    {
        return new DockerOptions(host, isExpected, pull, leftovers, mountsReadOnly, mountsReadWrite, pidsMax, ulimits,
            callTimeoutNs, watchIntervalNs, comeBackNs, newPullProgressNs, newPullTimeoutNs,
            imagesBytesMax, imagesAgeNs, threads, network);
    }

    /** When images are fetched. */
    public enum PullPolicy
    {
        /** Before each start: what the registry has under that name is what runs. */
        DIGEST,
        /** Unless there is an image of that name. */
        TAG,
        /** Never: they are brought by other means. */
        NEVER
    }

    /** What becomes of containers that this agent has made and knows nothing of. */
    public enum LeftoverPolicy
    {
        /** They are named in the log. */
        REPORT,
        /** They are named in the log, killed and removed. */
        REMOVE
    }
}
