package io.plimsoll.ops.cli;

import io.plimsoll.agent.Capacity;
import io.plimsoll.agent.HostReport;
import io.plimsoll.transport.Amounts;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Looks at this machine with the eyes of a manager and an agent, without needing either. */
@Command(
    name = "doctor",
    description = {
        "Checks whether this machine can run Plimsoll, and says what to do where it cannot.",
        "Exits with 0 if nothing failed; warnings name what works less well."},
    footerHeading = "%nExamples:%n",
    footer = {"  plimsoll doctor", "  plimsoll doctor --data /srv/plimsoll -o json"})
final class DoctorCommand implements Callable<Integer>
{
    private static final long MEBIBYTE = 1024 * 1024;
    private static final long MEMORY_MIN = 1024 * MEBIBYTE;
    private static final long DISK_MIN = 2048 * MEBIBYTE;
    private static final long SHM_MIN = 64 * MEBIBYTE;

    private static final List<String> IN_NAMESPACE = List.of("unshare", "-U", "true");
    private static final long COMMAND_TIMEOUT_S = 10;

    private final Terminal terminal;
    private final List<Map<String, Object>> checks = new ArrayList<>();

    @Option(names = "--data", paramLabel = "DIR", description = "Data directory to check; ~/.plimsoll by default.")
    private String data;

    @Option(names = "--listen", paramLabel = "ADDRESS", description = "Address to check; 127.0.0.1:7077 by default.")
    private String listen = "127.0.0.1:7077";

    @Option(names = {"-o", "--output"}, paramLabel = "table|json", description = "Form of the answer.")
    private OutputFormat output = OutputFormat.table;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Shows this help.")
    private boolean help;

    DoctorCommand(final Terminal terminal)
    {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception
    {
        checkJava();
        checkCores();
        checkMemory();
        final Path directory = null == data ? terminal.home().resolve(".plimsoll") : terminal.path(data);
        checkDisk(directory);
        checkSharedMemory();
        checkKernels();
        checkDatabase(0 == (int)Files.getAttribute(Path.of("/proc/self"), "unix:uid"), IN_NAMESPACE);
        checkPort();
        boolean hasFailed = false;
        final TextTable table = new TextTable("CHECK", "STATUS", "FOUND", "ADVICE");
        for (final Map<String, Object> check : checks)
        {
            hasFailed |= "fail".equals(check.get("status"));
            table.row(
                (String)check.get("check"),
                (String)check.get("status"),
                (String)check.get("found"),
                (String)check.get("advice"));
        }
        if (OutputFormat.json == output)
        {
            terminal.out().println(JsonValue.of(checks).pretty());
        }
        else
        {
            table.print(terminal.out());
        }
        return hasFailed ? ExitCode.FAILED : ExitCode.OK;
    }

    private void checkJava()
    {
        final int version = Runtime.version().feature();
        final String vendor = System.getProperty("java.vendor");
        final String found = version + " (" + vendor + "), " + System.getProperty("java.home");
        add("java", version >= 17 ? "ok" : "fail", found, version >= 17 ? "" : "install JDK 17 or newer");
    }

    private void checkCores()
    {
        final int cores = Runtime.getRuntime().availableProcessors();
        add("cores", "ok", Integer.toString(cores), "");
    }

    private void checkMemory()
    {
        final java.lang.management.OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
        if (system instanceof com.sun.management.OperatingSystemMXBean memory)
        {
            final long bytes = memory.getTotalMemorySize();
            add("memory", bytes >= MEMORY_MIN, Amounts.humanBytes(bytes), "1 GiB or more is better");
        }
    }

    private void checkDisk(final Path directory)
    {
        Path existing = directory;
        while (null != existing && !Files.isDirectory(existing))
        {
            existing = existing.getParent();
        }
        try
        {
            if (null == existing || !Files.isWritable(existing))
            {
                add("data directory", "fail", directory + " cannot be written", "choose another one with --data");
                return;
            }
            final FileStore store = Files.getFileStore(existing);
            final long free = store.getUsableSpace();
            final String found = directory + ", " + Amounts.humanBytes(free) + " free, " + store.type();
            add("data directory", free >= DISK_MIN, found, "the journal reserves space ahead");
            if ("tmpfs".equals(store.type()))
            {
                add("journal disk", "warn", "tmpfs", "a restart of the machine loses the journal");
            }
        }
        catch (final IOException ex)
        {
            add("data directory", "fail", directory + ": " + ex.getMessage(), "choose another one with --data");
        }
    }

    private void checkSharedMemory()
    {
        final Path shm = Path.of("/dev/shm");
        try
        {
            if (!Files.isDirectory(shm) || !Files.isWritable(shm))
            {
                add("/dev/shm", false, "not there or not writable", "media driver files go to the temporary directory");
                return;
            }
            final long free = Files.getFileStore(shm).getUsableSpace();
            add("/dev/shm", free >= SHM_MIN, Amounts.humanBytes(free) + " free", "make it 64 MiB or more");
        }
        catch (final IOException ex)
        {
            add("/dev/shm", "warn", ex.getMessage(), "");
        }
    }

    /** With the eyes of an agent: what it would offer, and what it could not do for kernels. */
    private void checkKernels()
    {
        final HostReport report = HostReport.inspect();
        final StringBuilder offer = new StringBuilder();
        for (final Capacity capacity : report.capacities())
        {
            offer.append(offer.isEmpty() ? "" : ", ").append(capacity.name()).append(' ').append(amount(capacity));
        }
        add("agent offers", "ok", offer.toString(), "");
        for (final String note : report.notes())
        {
            add("kernels", "warn", note, "");
        }
        if (report.notes().isEmpty())
        {
            add("kernels", "ok", "supervisor, pinning and memory limits work", "");
        }
    }

    /**
     * With the eyes of a manager that starts its own PostgreSQL, which refuses root: it is nobody in a user namespace.
     *
     * @param isRoot  whether this is root.
     * @param command that succeeds where such namespaces can be made.
     */
    void checkDatabase(final boolean isRoot, final List<String> command)
    {
        if (!isRoot)
        {
            add("database", "ok", "a manager can start its own", "");
        }
        else if (isDone(command))
        {
            add("database", "ok", "a manager can start its own, in a user namespace since this is root", "");
        }
        else
        {
            add("database", "warn", "a manager that is root cannot start its own: no user namespaces",
                "start it as another user, name a PostgreSQL (database.url), or raise user.max_user_namespaces");
        }
    }

    /** What was found, a row each. */
    List<Map<String, Object>> checks()
    {
        return checks;
    }

    private static boolean isDone(final List<String> command)
    {
        try
        {
            final Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
            try
            {
                return process.waitFor(COMMAND_TIMEOUT_S, TimeUnit.SECONDS) && 0 == process.exitValue();
            }
            finally
            {
                process.destroyForcibly();
            }
        }
        catch (final IOException e)
        {
            return false;
        }
        catch (final InterruptedException e)
        {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static String amount(final Capacity capacity)
    {
        return switch (capacity.name())
        {
            case Capacity.CPU -> Amounts.formatCpu(capacity.amount());
            case Capacity.MEM -> Amounts.humanBytes(capacity.amount());
            default -> Long.toString(capacity.amount());
        };
    }

    private void checkPort()
    {
        final int colon = listen.lastIndexOf(':');
        try (ServerSocket socket = new ServerSocket())
        {
            final InetAddress address = InetAddress.getByName(listen.substring(0, Math.max(0, colon)));
            socket.bind(new InetSocketAddress(address, Integer.parseInt(listen.substring(colon + 1))));
            add("address", "ok", listen + " is free", "");
        }
        catch (final IOException ex)
        {
            add("address", false, listen + " is in use", "a manager listens there, or choose another with --listen");
        }
        catch (final IllegalArgumentException ex)
        {
            throw new CliException(
                ExitCode.USAGE, "--listen: '" + listen + "' is not HOST:PORT, such as 127.0.0.1:7077");
        }
    }

    /** A check that warns, with the advice, if it does not hold. */
    private void add(final String check, final boolean holds, final String found, final String advice)
    {
        add(check, holds ? "ok" : "warn", found, holds ? "" : advice);
    }

    private void add(final String check, final String status, final String found, final String advice)
    {
        final Map<String, Object> row = new LinkedHashMap<>();
        row.put("check", check);
        row.put("status", status);
        row.put("found", found);
        row.put("advice", advice);
        checks.add(row);
    }
}
