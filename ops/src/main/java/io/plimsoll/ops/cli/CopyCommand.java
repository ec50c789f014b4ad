package io.plimsoll.ops.cli;

import java.io.ByteArrayOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Copies files into and out of what a session sees, as tar archives through a command beside its kernel. */
@Command(
    name = "cp",
    description = {
        "Copies a file or directory out of a running session, or into it.",
        "ID:PATH is where the session runs, from its working directory on; - is a tar archive on stdin or stdout."},
    footer = {
        "  plimsoll cp 17:model.pt .",
        "  plimsoll cp data 17:/home/work",
        "  plimsoll cp 17:logs - | tar -t",
        "  tar -c *.py | plimsoll cp - 17:src"})
final class CopyCommand extends ClientCommand
{
    private static final String ROOT = "it";
    private static final int BUFFER_LENGTH = 32 * 1024;
    private static final int ERROR_LENGTH_MAX = 4096;

    @Option(names = "--kernel", paramLabel = "N", description = "Which kernel of the session, from 0; 0 by default.")
    private int kernel;

    @Parameters(index = "0", paramLabel = "SOURCE", description = "ID:PATH, a path here, or -.")
    private String source;

    @Parameters(index = "1", paramLabel = "TARGET", description = "ID:PATH, a path here, or -; one has an id.")
    private String target;

    CopyCommand(final Terminal terminal)
    {
        super(terminal);
    }

    @Override
    void check(final boolean isReplay)
    {
        if (CopyPlace.parse(source).isRemote() == CopyPlace.parse(target).isRemote())
        {
            throw new CliException(
                ExitCode.USAGE, "one of SOURCE and TARGET names a session, as in: plimsoll cp 17:model.pt .");
        }
    }

    @Override
    int run(final Api api) throws InterruptedException, IOException
    {
        final CopyPlace from = CopyPlace.parse(source);
        final CopyPlace to = CopyPlace.parse(target);
        if (from.isRemote())
        {
            copyOut(api, from, to);
        }
        else
        {
            copyIn(api, from, to);
        }
        return ExitCode.OK;
    }

    private void copyOut(final Api api, final CopyPlace from, final CopyPlace to)
        throws InterruptedException, IOException
    {
        final ByteArrayOutputStream errors = new ByteArrayOutputStream();
        if (to.isStream())
        {
            try (RemoteCommand command = new RemoteCommand(terminal().out(), errors))
            {
                start(api, from, command, false, List.of("copy-out.sh", from.path(), "named"));
                check(command.await(), errors);
            }
            return;
        }
        final Path local = terminal().path(to.path());
        final Path name = Path.of("/").resolve(from.path()).normalize().getFileName();
        final boolean isContent = null == name || from.path().endsWith("/.") || ".".equals(from.path());
        final Path named = Files.isDirectory(local) && !isContent ? local.resolve(name.toString()) : local;
        final Path parent = named.toAbsolutePath().getParent();
        if (!Files.isDirectory(parent))
        {
            throw new CliException(ExitCode.USAGE, "TARGET: the directory " + parent + " is not there");
        }
        Path fresh = null;
        try
        {
            fresh = Files.createTempDirectory(parent, ".plimsoll-cp.");
            TreeArchive.move(fetch(api, from, fresh, errors), named);
        }
        catch (final IOException | CompletionException ex)
        {
            final Throwable cause = ex instanceof CompletionException ? ex.getCause() : ex;
            throw new CliException(ExitCode.FAILED, "nothing was copied: " + describe(cause));
        }
        finally
        {
            if (null != fresh)
            {
                TreeArchive.delete(fresh);
            }
        }
    }

    /** Of some failures the JDK has the path to say and nothing else. */
    private static String describe(final Throwable failure)
    {
        final String message = failure.getMessage();
        return failure instanceof AccessDeniedException ? message + ": permission denied" :
            failure instanceof NoSuchFileException ? message + ": no such file or directory" :
            failure instanceof FileAlreadyExistsException ? message + " is there already" :
            null == message ? failure.toString() : message;
    }

    /** Gives where it lies: a directory comes as its content, anything else as itself. */
    private Path fetch(final Api api, final CopyPlace from, final Path fresh, final ByteArrayOutputStream errors)
        throws InterruptedException, IOException
    {
        final ChunkPipe pipe = new ChunkPipe();
        final Path tree = Files.createDirectory(fresh.resolve("tree"));
        final CompletableFuture<Path> read = new CompletableFuture<>();
        final Thread reader = new Thread(() -> read(pipe, tree, read), "archive");
        reader.setDaemon(true);
        reader.start();
        try (RemoteCommand command = new RemoteCommand(pipe, errors))
        {
            start(api, from, command, false, List.of("copy-out.sh", from.path(), "content"));
            final RemoteCommand.End end = command.await();
            pipe.close();
            check(end, errors);
            return read.join();
        }
        finally
        {
            pipe.abandon();
            // What it still writes would be left over: nobody looks there again.
            read.handle((whole, failure) -> null).join();
        }
    }

    private static void read(final ChunkPipe pipe, final Path tree, final CompletableFuture<Path> read)
    {
        try (InputStream in = pipe.reader())
        {
            read.complete(TreeArchive.read(in, tree) ? tree : only(tree));
        }
        catch (final IOException | RuntimeException ex)
        {
            pipe.abandon();
            read.completeExceptionally(ex);
        }
    }

    private static Path only(final Path tree) throws IOException
    {
        try (Stream<Path> files = Files.list(tree))
        {
            return files.findFirst().orElseThrow(() -> new IOException("the archive is empty"));
        }
    }

    private void copyIn(final Api api, final CopyPlace from, final CopyPlace to)
        throws InterruptedException, IOException
    {
        final Path local = from.isStream() ? null : terminal().path(from.path());
        if (null != local && !Files.exists(local, LinkOption.NOFOLLOW_LINKS))
        {
            throw new CliException(ExitCode.UNKNOWN, "SOURCE: " + local + " is not there");
        }
        final String kind = null == local ? "content" : Files.isDirectory(local) ? "directory" : "file";
        final String name = null == local ? "" : local.toAbsolutePath().normalize().getFileName().toString();
        final ByteArrayOutputStream errors = new ByteArrayOutputStream();
        try (RemoteCommand command = new RemoteCommand(errors, errors))
        {
            start(api, to, command, true, List.of("copy-in.sh", to.path(), name, kind));
            send(local, command);
            check(command.await(), errors);
        }
    }

    private void send(final Path local, final RemoteCommand command) throws InterruptedException
    {
        try (OutputStream out = new Sender(command))
        {
            if (null == local)
            {
                final byte[] buffer = new byte[BUFFER_LENGTH];
                final InputStream in = new FileInputStream(FileDescriptor.in);
                for (int length = in.read(buffer); length >= 0; length = in.read(buffer))
                {
                    out.write(buffer, 0, length);
                }
            }
            else
            {
                TreeArchive.write(local.toRealPath(), ROOT, out);
            }
        }
        catch (final OverException ex)
        {
            // How it ended is what there is to be said.
            return;
        }
        catch (final IOException ex)
        {
            throw new CliException(ExitCode.FAILED, "nothing was copied: SOURCE: " + describe(ex));
        }
        command.endInput();
    }

    private void start(
        final Api api,
        final CopyPlace place,
        final RemoteCommand command,
        final boolean input,
        final List<String> scriptAndArguments)
    {
        final List<String> words = new ArrayList<>(List.of("/bin/sh", "-c"));
        words.add(script(scriptAndArguments.get(0)));
        words.add("plimsoll");
        words.addAll(scriptAndArguments.subList(1, scriptAndArguments.size()));
        final Map<String, Object> start = new LinkedHashMap<>();
        start.put("command", words);
        start.put("stdin", input);
        command.start(api, RemoteOptions.path(place.sessionId(), "exec", kernel), start);
    }

    private static void check(final RemoteCommand.End end, final ByteArrayOutputStream errors)
    {
        if (!end.isExited())
        {
            throw end.asException();
        }
        if (0 != end.exitCode())
        {
            final String said = errors.toString(StandardCharsets.UTF_8).strip().replaceAll("\\s*\\R\\s*", "; ");
            throw new CliException(
                ExitCode.UNKNOWN == end.exitCode() ? ExitCode.UNKNOWN : ExitCode.FAILED,
                "nothing was copied: " + (said.isEmpty() ? "the command ended with exit code " + end.exitCode() :
                    said.substring(0, Math.min(ERROR_LENGTH_MAX, said.length()))));
        }
    }

    private static String script(final String name)
    {
        try (InputStream in = CopyCommand.class.getResourceAsStream(name))
        {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        catch (final IOException ex)
        {
            throw new IllegalStateException("resource missing: " + name, ex);
        }
    }

    /** Input of the command as a stream; what the other side does not take holds up the writer. */
    private static final class Sender extends OutputStream
    {
        private final RemoteCommand command;

        Sender(final RemoteCommand command)
        {
            this.command = command;
        }

        @Override
        public void write(final int octet) throws IOException
        {
            write(new byte[]{(byte)octet}, 0, 1);
        }

        @Override
        public void write(final byte[] bytes, final int offset, final int length) throws IOException
        {
            try
            {
                if (!command.send(java.util.Arrays.copyOfRange(bytes, offset, offset + length), length))
                {
                    throw new OverException();
                }
            }
            catch (final InterruptedException ex)
            {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", ex);
            }
        }
    }

    /** The other side has ended before it had all. */
    private static final class OverException extends IOException
    {
        private static final long serialVersionUID = 1;
    }
}
