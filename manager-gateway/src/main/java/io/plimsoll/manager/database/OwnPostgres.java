package io.plimsoll.manager.database;

import io.plimsoll.transport.auth.Credentials;
import io.plimsoll.transport.auth.SecretFiles;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real PostgreSQL that a manager starts in its data directory and stops with itself. It listens on a port of loopback
 * that it is given anew at each start, with a password that only the owner of the directory can read. A shell stands
 * between: it ends the server when its input ends, so that the server goes with a manager that was killed; what is left
 * over all the same is found by the directory it works in, and ended before the next one starts. The directory is the
 * manager's, under its lock, so there is only ever one. For one thread.
 */
final class OwnPostgres implements AutoCloseable
{
    static final String USER = "plimsoll";

    private static final Logger LOG = LoggerFactory.getLogger(OwnPostgres.class);
    private static final String DATABASE = "postgres";
    /** Ends when the server does; has the server end when the input does. A number counts only if it is a child's. */
    private static final String WATCH =
        "end() { grep -q \"^PPid:.$$\\$\" /proc/$2/status 2>/dev/null && kill $1 $2; };" +
        " exec 3<&0; \"$@\" </dev/null 3<&- & server=$!;" +
        " (trap '' INT TERM HUP; cat <&3 >/dev/null; end -INT $server) & watch=$!;" +
        " trap '' INT TERM HUP; wait $server; end -KILL $watch";
    private static final long INITIALISE_TIMEOUT_S = 120;
    private static final long READY_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(60);
    private static final long STOP_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(20);
    private static final long POLL_NS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final int ATTEMPTS = 5;
    private static final int LOG_SHOWN = 500;
    /** What a small installation needs, and no more: identities are few, and the machine is there for other things. */
    private static final Map<String, String> SETTINGS = Map.ofEntries(
        Map.entry("listen_addresses", "127.0.0.1"),
        Map.entry("unix_socket_directories", ""),
        Map.entry("max_connections", "40"),
        Map.entry("shared_buffers", "32MB"),
        Map.entry("max_wal_size", "128MB"),
        Map.entry("min_wal_size", "32MB"),
        Map.entry("wal_level", "minimal"),
        Map.entry("max_wal_senders", "0"),
        Map.entry("io_method", "sync"),
        Map.entry("jit", "off"),
        Map.entry("timezone", "UTC"),
        Map.entry("log_timezone", "UTC"),
        Map.entry("log_line_prefix", "%m [%p] "),
        Map.entry("cluster_name", "plimsoll"));

    private final Path root;
    private final Path binaries;
    private final SecureRandom random;
    private final int fixedPort;
    private Process shell;
    private Thread log;
    private DatabaseAddress address;

    /**
     * One that does not run yet.
     *
     * @param root     its directory.
     * @param binaries where its programs are unpacked; null: in its directory.
     * @param random   for its password.
     */
    OwnPostgres(final Path root, final Path binaries, final SecureRandom random)
    {
        this(root, binaries, random, 0);
    }

    /** One whose port is told. */
    OwnPostgres(final Path root, final Path binaries, final SecureRandom random, final int port)
    {
        fixedPort = port;
        this.root = root;
        this.binaries = null == binaries ? root : binaries;
        this.random = random;
    }

    /** Whether it has ever been started in this directory. */
    static boolean isThere(final Path root)
    {
        return Files.isDirectory(root.resolve("data"));
    }

    /**
     * Starts it, with new files if there are none, and waits until it answers.
     *
     * @return where it is.
     * @throws IOException that says what went wrong, with the end of the server's log.
     */
    DatabaseAddress start() throws IOException
    {
        SecretFiles.createDirectory(root);
        final Path programs = PostgresBinaries.unpack(binaries).resolve("bin");
        final String password = password();
        if (!isThere(root))
        {
            initialise(programs);
        }
        final PostgresProcesses processes = new PostgresProcesses(data());
        if (processes.end())
        {
            LOG.warn("ended a PostgreSQL that was left over in {}", data());
        }
        forgetNumberOfAnother();
        for (int attempt = 1;; attempt++)
        {
            final int port = 0 == fixedPort ? freePort() : fixedPort;
            try
            {
                launch(programs, port);
                address = DatabaseAddress.loopback(port, USER, password, DATABASE);
                awaitReady();
                return address;
            }
            catch (final IOException ex)
            {
                close();
                // Somebody else may have taken the port meanwhile; anything else fails again in the same way.
                if (attempt == ATTEMPTS || !ex.getMessage().contains("Address already in use"))
                {
                    throw ex;
                }
            }
        }
    }

    private Path data()
    {
        return root.resolve("data");
    }

    private Path log()
    {
        return root.resolve("server.log");
    }

    private String password() throws IOException
    {
        final Path file = root.resolve("password");
        if (!Files.exists(file))
        {
            SecretFiles.writeLine(file, Credentials.newSecret(random));
        }
        return SecretFiles.readLine(file);
    }

    /** Beside the place where it shall be, so that one that was interrupted is not taken for a whole one. */
    private void initialise(final Path programs) throws IOException
    {
        final Path incomplete = root.resolve("data.incomplete");
        PostgresBinaries.delete(incomplete);
        final List<String> command = new ArrayList<>(asOwner());
        command.addAll(List.of(
            programs.resolve("initdb").toString(), "-D", incomplete.toString(), "-U", USER,
            "--pwfile=" + root.resolve("password"), "--auth=scram-sha-256", "-E", "UTF8",
            "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"));
        final Process process = builder(command).start();
        try
        {
            process.getOutputStream().close();
            if (!process.waitFor(INITIALISE_TIMEOUT_S, TimeUnit.SECONDS))
            {
                process.destroyForcibly();
                throw new IOException("PostgreSQL's files were not made within " + INITIALISE_TIMEOUT_S + " s");
            }
        }
        catch (final InterruptedException ex)
        {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while PostgreSQL's files were made", ex);
        }
        if (0 != process.exitValue())
        {
            throw new IOException("PostgreSQL's files cannot be made in " + root + ": " + endOfLog());
        }
        Files.move(incomplete, data(), StandardCopyOption.ATOMIC_MOVE);
    }

    /** None of the server's processes is left; what has the number of the last one now would keep it from starting. */
    private void forgetNumberOfAnother() throws IOException
    {
        final Path file = data().resolve("postmaster.pid");
        if (Files.exists(file))
        {
            final List<String> lines = Files.readAllLines(file);
            final String id = lines.isEmpty() ? "" : lines.get(0).strip();
            if (!id.matches("[0-9]{1,18}") || ProcessHandle.of(Long.parseLong(id)).isPresent())
            {
                Files.delete(file);
            }
        }
    }

    private void launch(final Path programs, final int port) throws IOException
    {
        final List<String> command = new ArrayList<>(List.of("sh", "-c", WATCH, "plimsoll-postgres"));
        command.addAll(asOwner());
        command.addAll(List.of(programs.resolve("postgres").toString(), "-D", data().toString(), "-p", "" + port));
        SETTINGS.forEach((name, value) -> command.addAll(List.of("-c", name + "=" + value)));
        shell = builder(command).redirectOutput(ProcessBuilder.Redirect.PIPE).start();
        log = BoundedLog.follow(shell.getInputStream(), log());
    }

    private ProcessBuilder builder(final List<String> command)
    {
        final ProcessBuilder builder = new ProcessBuilder(command)
            .directory(root.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
        // A name of a user or a host in our own environment must not become the server's.
        builder.environment().keySet().removeIf(name -> !"PATH".equals(name));
        builder.environment().put("LANG", "C");
        builder.environment().put("TZ", "UTC");
        return builder;
    }

    /**
     * PostgreSQL refuses to run as root. In a user namespace of its own it is nobody, and still the owner of its files.
     */
    private static List<String> asOwner() throws IOException
    {
        final boolean root = 0 == (int)Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        return root ? List.of("unshare", "-U") : List.of();
    }

    private static int freePort() throws IOException
    {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress()))
        {
            return socket.getLocalPort();
        }
    }

    private void awaitReady() throws IOException
    {
        final long deadlineNs = System.nanoTime() + READY_TIMEOUT_NS;
        while (!answers())
        {
            if (!shell.isAlive())
            {
                BoundedLog.await(log);
                throw new IOException("PostgreSQL did not start: " + endOfLog());
            }
            if (System.nanoTime() - deadlineNs >= 0)
            {
                throw new IOException("PostgreSQL did not answer in time: " + endOfLog());
            }
            if (Thread.currentThread().isInterrupted())
            {
                throw new IOException("interrupted while PostgreSQL was starting");
            }
            LockSupport.parkNanos(POLL_NS);
        }
    }

    private boolean answers()
    {
        try
        {
            DriverManager.getConnection(address.jdbcUrl(), address.jdbcProperties(2)).close();
            return true;
        }
        catch (final SQLException ex)
        {
            return false;
        }
    }

    /** Whether its processes are there. */
    boolean isAlive()
    {
        try
        {
            return null != shell && shell.isAlive() && 0 != new PostgresProcesses(data()).server();
        }
        catch (final IOException ex)
        {
            return false;
        }
    }

    private String endOfLog()
    {
        try
        {
            final String text = Files.readString(log()).strip();
            return text.substring(Math.max(0, text.length() - LOG_SHOWN)).replaceAll("\\s+", " ") +
                " (from " + log() + ")";
        }
        catch (final IOException ex)
        {
            return "see " + log();
        }
    }

    /** Closes its input only; for tests. */
    void letGo() throws IOException
    {
        shell.getOutputStream().close();
    }

    /** Kills what would end it, so that it is left over; for tests. */
    void killWatch() throws InterruptedException
    {
        shell.destroyForcibly().waitFor();
    }

    /** Stops it as it likes to be stopped, and insists if that takes too long. Idempotent. */
    @Override
    public void close() throws IOException
    {
        if (null == shell)
        {
            return;
        }
        shell.getOutputStream().close();
        final PostgresProcesses processes = new PostgresProcesses(data());
        if (!processes.awaitEnd(STOP_TIMEOUT_NS))
        {
            processes.end();
        }
        // What it says last is written before anybody may take the directory away.
        BoundedLog.await(log);
        shell.destroy();
        BoundedLog.await(log);
        shell = null;
    }
}
