package io.plimsoll.ops.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** What a session in containers can ask for; the same for run and submit. */
final class ContainerOptions
{
    @Option(
        names = "--image",
        paramLabel = "NAME",
        description = "Runs the command in a container of this image; agents need a Docker Engine for that.")
    private String image;

    @Option(
        names = "--runtime",
        paramLabel = "NAME",
        description = "Runs it by a runtime of the agents' own, on agents that have a plugin of this name.")
    private String runtime;

    @Option(names = "--user", paramLabel = "USER", description = "User in the container, by name or UID:GID.")
    private String user;

    @Option(
        names = "--shm",
        paramLabel = "SIZE",
        converter = AmountOption.Size.class,
        description = "Size of /dev/shm in the container, such as 1g.")
    private String shm;

    @Option(
        names = "--mount",
        paramLabel = "SOURCE:TARGET[:ro]",
        description =
            "A directory of the agent's host to see in the container; agents say which they allow; repeatable.")
    private List<String> mounts = new ArrayList<>();

    @Option(
        names = "--publish",
        paramLabel = "PORT",
        description = "A port that the agent's host offers under one of its own, which PLIMSOLL_PORTS names: for a " +
            "container it is passed on, a process listens there itself; repeatable.")
    private List<Integer> ports = new ArrayList<>();

    boolean isContainer()
    {
        return null != image;
    }

    void putTo(final Map<String, Object> session)
    {
        if (!ports.isEmpty())
        {
            session.put("ports", ports);
        }
        if (null != runtime)
        {
            session.put("runtime", runtime);
        }
        if (null == image)
        {
            if (null != user || null != shm || !mounts.isEmpty())
            {
                throw new CliException(
                    ExitCode.USAGE, "--user, --shm and --mount are for containers: give --image as well");
            }
            return;
        }
        session.put("image", image);
        if (null != user)
        {
            session.put("user", user);
        }
        if (null != shm)
        {
            session.put("shm", shm);
        }
        if (!mounts.isEmpty())
        {
            session.put("mounts", mounts.stream().map(ContainerOptions::mount).toList());
        }
    }

    private static Map<String, Object> mount(final String text)
    {
        final String[] parts = text.split(":", -1);
        final boolean readOnly = 3 == parts.length && "ro".equals(parts[2]);
        if (parts.length < 2 || parts.length > 3 || 3 == parts.length && !readOnly && !"rw".equals(parts[2]))
        {
            throw new CliException(
                ExitCode.USAGE,
                "--mount: '" + text + "' is not SOURCE:TARGET or SOURCE:TARGET:ro, such as /data:/data:ro");
        }
        final Map<String, Object> mount = new LinkedHashMap<>();
        mount.put("source", parts[0]);
        mount.put("target", parts[1]);
        if (readOnly)
        {
            mount.put("readOnly", true);
        }
        return mount;
    }
}
