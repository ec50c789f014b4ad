package io.plimsoll.ops.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RemoteCommandTest
{
    private static final long DEADLINE_SECONDS = 60;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final RemoteCommand command = new RemoteCommand(out, out);

    /** A command may end without having read its input, which nobody takes any more. */
    @Test
    void shouldNotWaitForEverForOneThatHasEnded() throws Exception
    {
        final CountDownLatch begun = new CountDownLatch(2);
        final List<CompletableFuture<Boolean>> sendings = List.of(sending(begun), sending(begun));
        begun.await();
        command.leave(new RemoteCommand.End(RemoteCommand.End.EXITED, 4, ""));
        for (final CompletableFuture<Boolean> sending : sendings)
        {
            assertFalse(sending.get(DEADLINE_SECONDS, TimeUnit.SECONDS), "it is over");
        }
        assertFalse(command.send(new byte[1], 1));
        assertEquals(4, command.await().exitCode());
    }

    private CompletableFuture<Boolean> sending(final CountDownLatch begun)
    {
        return CompletableFuture.supplyAsync(
            () ->
            {
                begun.countDown();
                try
                {
                    return command.send(new byte[10], 10);
                }
                catch (final InterruptedException ex)
                {
                    throw new IllegalStateException(ex);
                }
            },
            task -> new Thread(task).start());
    }
}
