package io.plimsoll.ops.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows what a kernel wrote. */
@Command(
    name = "logs",
    description = "Shows the output of a session: its stdout on stdout, its stderr on stderr.",
    footer = {
        "  plimsoll logs 17",
        "  plimsoll logs -f 17                      goes on until the session has ended",
        "  plimsoll logs --stream stderr --tail 20 17",
        "  plimsoll logs --kernel 1 17"})
final class LogsCommand extends ClientCommand
{
    @Option(names = {"-f", "--follow"}, description = "Goes on with new output until the kernel has ended.")
    private boolean follow;

    @Option(names = "--kernel", paramLabel = "N", description = "Which kernel of the session, from 0; 0 by default.")
    private int kernel;

    @Option(names = {"-n", "--tail"}, paramLabel = "LINES", description = "Only the newest lines.")
    private Integer tail;

    @Option(names = "--stream", paramLabel = "stdout|stderr", description = "Only one of the two.")
    private Stream stream;

    @Parameters(paramLabel = "ID", description = "Id of the session.")
    private String id;

    LogsCommand(final Terminal terminal)
    {
        super(terminal);
    }

    @Override
    int run(final Api api) throws InterruptedException
    {
        final long sessionId = IdRanges.parseId(id);
        if (json() && follow)
        {
            throw new CliException(ExitCode.USAGE, "-o json shows a finished object; leave out -f, or -o json");
        }
        if (json())
        {
            printJson(api, sessionId);
            return ExitCode.OK;
        }
        final List<Thread> threads = new ArrayList<>();
        final AtomicReference<CliException> failure = new AtomicReference<>();
        for (final Stream wanted : Stream.values())
        {
            if (null == stream || wanted == stream)
            {
                final PrintStream target = Stream.stdout == wanted ? terminal().out() : terminal().err();
                threads.add(new Thread(() -> copy(api, path(sessionId, wanted), target, failure), wanted.name()));
            }
        }
        threads.forEach(Thread::start);
        for (final Thread thread : threads)
        {
            thread.join();
        }
        if (null != failure.get())
        {
            throw failure.get();
        }
        return ExitCode.OK;
    }

    private void printJson(final Api api, final long sessionId)
    {
        final Map<String, Object> logs = new LinkedHashMap<>();
        logs.put("id", sessionId);
        logs.put("kernel", kernel);
        for (final Stream wanted : Stream.values())
        {
            if (null == stream || wanted == stream)
            {
                logs.put(wanted.name(), api.text(path(sessionId, wanted)));
            }
        }
        print(JsonValue.of(logs));
    }

    private String path(final long sessionId, final Stream wanted)
    {
        return "/v1/sessions/" + sessionId + "/logs?stream=" + wanted + "&kernel=" + kernel +
            (follow ? "&follow=true" : "") + (null == tail ? "" : "&tail=" + tail);
    }

    private static void copy(
        final Api api, final String path, final OutputStream target, final AtomicReference<CliException> failure)
    {
        try
        {
            api.copy(path, target);
            target.flush();
        }
        catch (final CliException ex)
        {
            failure.compareAndSet(null, ex);
        }
        catch (final IOException ex)
        {
            failure.compareAndSet(
                null, new CliException(ExitCode.FAILED, "the output cannot be written: " + ex.getMessage()));
        }
    }

    /** Names as in the API. */
    enum Stream
    {
        stdout, stderr
    }
}
