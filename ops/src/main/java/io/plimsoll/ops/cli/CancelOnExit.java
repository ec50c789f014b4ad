package io.plimsoll.ops.cli;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** Cancels the session of a {@code run} that is itself interrupted: nobody would look at its output any more. */
final class CancelOnExit
{
    private final AtomicBoolean armed = new AtomicBoolean(true);

    private CancelOnExit()
    {
    }

    static CancelOnExit install(final Api api, final Terminal terminal, final long id)
    {
        final CancelOnExit cancelOnExit = new CancelOnExit();
        final Runnable cancel = () ->
        {
            if (cancelOnExit.armed.getAndSet(false))
            {
                terminal.err().println("plimsoll: cancelling session " + id);
                cancel(api, terminal, id);
            }
        };
        Runtime.getRuntime().addShutdownHook(new Thread(cancel, "cancel-on-exit"));
        return cancelOnExit;
    }

    void disarm()
    {
        armed.set(false);
    }

    private static void cancel(final Api api, final Terminal terminal, final long id)
    {
        try (Api another = api.another())
        {
            another.cancel(IdRanges.parse(List.of(Long.toString(id))));
        }
        catch (final CliException ex)
        {
            terminal.err().println("plimsoll: session " + id + " may still run: " + ex.getMessage());
        }
    }
}
