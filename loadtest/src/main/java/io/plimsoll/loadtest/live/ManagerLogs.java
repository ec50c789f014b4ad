package io.plimsoll.loadtest.live;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** What a manager that was started here leaves when it ends by itself. */
final class ManagerLogs
{
    private static final int SIGNAL_BASE = 128;
    private static final int SIGNAL_LAST = 192;
    private static final int SIGKILL = 9;
    private static final int LINES = 5;
    private static final int LINE_LENGTH = 300;
    private static final int TAIL_BYTES = 8192;

    private ManagerLogs()
    {
    }

    /** How it ended, as its exit code says. */
    static String ending(final int exitCode)
    {
        final int signal = exitCode - SIGNAL_BASE;
        if (exitCode <= SIGNAL_BASE || exitCode > SIGNAL_LAST)
        {
            return "with exit code " + exitCode;
        }
        return "by signal " + signal + (SIGKILL == signal ?
            " (if nobody sent it, the machine had no memory left: dmesg tells)" : "");
    }

    /** Where its logs are, and the last lines of the one that was written last. */
    static String tail(final Path directory, final Path logs)
    {
        final List<Path> files = files(directory, logs);
        if (files.isEmpty())
        {
            return "; it has logged nothing";
        }
        final Path last = files.get(files.size() - 1);
        return "; its log is in " + directory.resolve(last.getFileName()) + " and ends with: " + lastLines(last);
    }

    /** What a JVM writes that crashes, as the launcher tells it to; null: there is none. */
    static String crashReport(final long pid)
    {
        final Path file = Path.of(System.getProperty("java.io.tmpdir"), "plimsoll-hs_err_" + pid + ".log");
        return Files.exists(file) ? file.toString() : null;
    }

    /** Of its directory nothing but the logs. */
    static void keep(final Path directory, final Path data)
    {
        try
        {
            for (final Path file : files(directory, data.resolve("logs")))
            {
                Files.move(file, directory.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
            delete(data);
            try (Stream<Path> left = Files.list(directory))
            {
                for (final Path file : left.filter(file -> 0 == length(file)).toList())
                {
                    Files.delete(file);
                }
            }
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    /** A directory and all that is in it. */
    static void delete(final Path tree)
    {
        if (!Files.exists(tree))
        {
            return;
        }
        try (Stream<Path> files = Files.walk(tree))
        {
            for (final Path file : files.sorted(Comparator.reverseOrder()).toList())
            {
                Files.deleteIfExists(file);
            }
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    /** Those that have something in them, the one written last at the end. */
    private static List<Path> files(final Path directory, final Path logs)
    {
        return Stream.of(directory, logs)
            .filter(Files::isDirectory)
            .flatMap(ManagerLogs::list)
            .filter(file -> Files.isRegularFile(file) && length(file) > 0)
            .sorted(Comparator.comparingLong(file -> file.toFile().lastModified()))
            .toList();
    }

    private static Stream<Path> list(final Path directory)
    {
        try (Stream<Path> files = Files.list(directory))
        {
            return files.toList().stream();
        }
        catch (final IOException ex)
        {
            return Stream.empty();
        }
    }

    private static long length(final Path file)
    {
        return file.toFile().length();
    }

    private static String lastLines(final Path file)
    {
        try (RandomAccessFile log = new RandomAccessFile(file.toFile(), "r"))
        {
            final byte[] bytes = new byte[(int)Math.min(TAIL_BYTES, log.length())];
            log.seek(log.length() - bytes.length);
            log.readFully(bytes);
            final List<String> lines = new String(bytes, StandardCharsets.UTF_8).strip().lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .map(line -> line.substring(0, Math.min(LINE_LENGTH, line.length())))
                .toList();
            return String.join(" / ", lines.subList(Math.max(0, lines.size() - LINES), lines.size()));
        }
        catch (final IOException ex)
        {
            return "what cannot be read (" + ex.getMessage() + ")";
        }
    }
}
