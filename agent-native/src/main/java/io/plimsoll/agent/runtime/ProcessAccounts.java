package io.plimsoll.agent.runtime;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What Linux itself writes down of the processes of a container as they end, on request of {@code hold.sh}, whoever is
 * dead meanwhile: agent, engine, containerd. Of interest is the first process, which ends as the container does. A
 * record has 64 bytes, see {@code linux/acct.h}: version (offset 1), how it ended (4) as wait(2) tells it, and its id
 * as the container has it (16). Any thread.
 */
final class ProcessAccounts
{
    /** File in the directory of a kernel. */
    static final String FILE = "ended-processes";

    private static final Logger LOG = LoggerFactory.getLogger(ProcessAccounts.class);
    private static final int LENGTH = 64;
    private static final int VERSION_AT = 1;
    private static final int VERSION = 3;
    private static final int VERSION_MASK = 0x7f;
    private static final int STATUS_AT = 4;
    private static final int PID_AT = 16;
    private static final int SIGNAL_MASK = 0x7f;
    private static final int SIGNALLED = 128;
    private static final int CODE_MASK = 0xff;
    private static final String NAMESPACE = "ns/pid";

    private ProcessAccounts()
    {
    }

    /**
     * How a container has ended.
     *
     * @param directory of its kernel.
     * @return exit code, 128 + N if signal N ended it; empty: that was not written down.
     */
    static OptionalInt exitCode(final Path directory)
    {
        final byte[] account = new byte[LENGTH];
        try (InputStream accounts = Files.newInputStream(directory.resolve(FILE)))
        {
            while (LENGTH == accounts.readNBytes(account, 0, LENGTH))
            {
                final ByteBuffer fields = ByteBuffer.wrap(account).order(
                    account[VERSION_AT] < 0 ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
                if (VERSION != (account[VERSION_AT] & VERSION_MASK))
                {
                    throw new EOFException("not a record of version " + VERSION);
                }
                if (1 == fields.getInt(PID_AT))
                {
                    final int status = fields.getInt(STATUS_AT);
                    final int signal = status & SIGNAL_MASK;
                    return OptionalInt.of(0 == signal ? status >> Byte.SIZE & CODE_MASK : SIGNALLED + signal);
                }
            }
        }
        catch (final IOException e)
        {
            // Nothing that could be made use of.
            return OptionalInt.empty();
        }
        return OptionalInt.empty();
    }

    /** They are not needed any more. */
    static void forget(final Path directory)
    {
        try
        {
            Files.deleteIfExists(directory.resolve(FILE));
        }
        catch (final IOException e)
        {
            LOG.debug("{} goes with its directory: {}", FILE, e.toString());
        }
    }

    /**
     * Finds the first process of a container.
     *
     * @param shim process id of who started it.
     * @return never null.
     */
    static First first(final long shim)
    {
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(Path.of("/proc/" + shim + "/task")))
        {
            final Path own = Files.readSymbolicLink(Path.of("/proc/self").resolve(NAMESPACE));
            for (final Path thread : threads)
            {
                for (final String child : Files.readString(thread.resolve("children")).strip().split(" "))
                {
                    final Path process = Path.of("/proc", child);
                    final Path namespace =
                        child.isEmpty() ? own : Files.readSymbolicLink(process.resolve(NAMESPACE));
                    if (!own.equals(namespace) && isFirst(process))
                    {
                        return new First(child, namespace.toString());
                    }
                }
            }
        }
        catch (final IOException e)
        {
            // It has ended meanwhile.
            return First.NONE;
        }
        return First.NONE;
    }

    private static boolean isFirst(final Path process) throws IOException
    {
        try (Stream<String> lines = Files.lines(process.resolve("status")))
        {
            return lines.anyMatch(line -> line.startsWith("NSpid:") && line.endsWith("\t1"));
        }
    }

    /**
     * The first process of a container.
     *
     * @param pid       as the host has it; {@code -}: not known.
     * @param namespace of its process ids, as {@code /proc} names it.
     */
    record First(String pid, String namespace)
    {
        static final First NONE = new First("-", "-");

        boolean isKnown()
        {
            return !NONE.equals(this);
        }
    }
}
