package io.plimsoll.agent.runtime;

import io.plimsoll.agent.kernel.Assignment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a container is told of the other kernels of its session while it runs: a file with a line for each, in the order
 * of their indices, {@code ROLE ADDRESS PORTS}, in a directory of the agent that the container can only read. A minus
 * stands for what is not known, or not yet.
 */
final class ContainerPeers
{
    /** Where a container sees the directory. */
    static final String INSIDE = "/run/plimsoll";
    /** Name of the file. */
    static final String FILE = "peers";
    private static final String DIRECTORY = "told";
    private static final String UNKNOWN = "-";
    private static final int FIELDS = 3;

    private ContainerPeers()
    {
    }

    /**
     * Makes the file.
     *
     * @param kernel     directory of it.
     * @param assignment of it.
     * @param published  its own ports, as {@code 8080=30000,8081=30001}.
     * @return the directory to show to the container.
     * @throws IOException if it cannot be made.
     */
    static Path prepare(final Path kernel, final Assignment assignment, final String published) throws IOException
    {
        final Path directory = kernel.resolve(DIRECTORY);
        Files.createDirectories(directory);
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        final List<String> lines = new ArrayList<>();
        for (int i = 0; i < assignment.kernelCount(); i++)
        {
            final String ports = i == assignment.kernelIndex() ? published : "";
            final String address = SharedNetwork.address(at(assignment.addresses(), i));
            lines.add(LaunchEnvironment.role(i) + ' ' + shown(address.isEmpty() ? at(assignment.hosts(), i) : address) +
                ' ' + shown(ports));
        }
        write(directory, lines);
        return directory;
    }

    /**
     * Puts ports of other kernels into the file.
     *
     * @param kernel directory of the one that is told.
     * @param ports  of others by their indices.
     * @throws IOException if they cannot be put there.
     */
    static void tell(final Path kernel, final Map<Integer, String> ports) throws IOException
    {
        final Path directory = kernel.resolve(DIRECTORY);
        if (Files.exists(directory.resolve(FILE)))
        {
            final List<String> lines = new ArrayList<>(Files.readAllLines(directory.resolve(FILE)));
            for (final Map.Entry<Integer, String> entry : ports.entrySet())
            {
                final int index = entry.getKey();
                if (index >= 0 && index < lines.size())
                {
                    final String[] fields = lines.get(index).split(" ", FIELDS);
                    lines.set(index, fields[0] + ' ' + fields[1] + ' ' + shown(entry.getValue()));
                }
            }
            write(directory, lines);
        }
    }

    private static void write(final Path directory, final List<String> lines) throws IOException
    {
        final Path fresh = directory.resolve(FILE + ".new");
        Files.write(fresh, lines);
        Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rw-r--r--"));
        Files.move(fresh, directory.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
    }

    private static String at(final List<String> texts, final int index)
    {
        return index < texts.size() ? texts.get(index) : "";
    }

    private static String shown(final String text)
    {
        return text.isEmpty() ? UNKNOWN : text;
    }
}
