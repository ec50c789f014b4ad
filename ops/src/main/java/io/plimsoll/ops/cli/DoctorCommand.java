package io.plimsoll.ops.cli;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
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
        checkCgroups();
        checkKernelUsers();
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
            add("memory", bytes >= MEMORY_MIN, AgentsCommand.size(bytes), "1 GiB or more is better");
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
            final String found = directory + ", " + AgentsCommand.size(free) + " free, " + store.type();
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
            add("/dev/shm", free >= SHM_MIN, AgentsCommand.size(free) + " free", "make it 64 MiB or more");
        }
        catch (final IOException ex)
        {
            add("/dev/shm", "warn", ex.getMessage(), "");
        }
    }

    private void checkCgroups()
    {
        final Path unified = Path.of("/sys/fs/cgroup/cgroup.controllers");
        final Path memory = Path.of("/sys/fs/cgroup/memory");
        final String advice = "memory limits of kernels are then not enforced; start the agent as root for them";
        if (Files.exists(unified))
        {
            final boolean isWritable = Files.isWritable(Path.of("/sys/fs/cgroup/cgroup.procs"));
            add("cgroups", isWritable, "v2" + (isWritable ? "" : ", not writable"), advice);
        }
        else if (Files.isDirectory(memory))
        {
            final boolean isWritable = Files.isWritable(memory);
            add("cgroups", isWritable, "v1" + (isWritable ? "" : ", not writable"), advice);
        }
        else
        {
            add("cgroups", false, "none", advice);
        }
    }

    private void checkKernelUsers() throws IOException
    {
        for (final String program : new String[]{"/bin/sh", "/usr/bin/setsid"})
        {
            final boolean isThere = Files.isExecutable(Path.of(program));
            final String advice = "the supervisor of kernels needs it";
            add(program, isThere ? "ok" : "fail", isThere ? "there" : "missing", isThere ? "" : advice);
        }
        final Path ranges = Path.of("/proc/self/status");
        if (Files.isReadable(ranges))
        {
            for (final String line : Files.readAllLines(ranges, StandardCharsets.UTF_8))
            {
                if (line.startsWith("Cpus_allowed_list:"))
                {
                    add("pinning", "ok", "cores " + line.substring(line.indexOf(':') + 1).strip(), "");
                }
            }
        }
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
