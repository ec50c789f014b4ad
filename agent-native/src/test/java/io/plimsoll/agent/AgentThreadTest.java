package io.plimsoll.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.AgentTerminationException;
import org.junit.jupiter.api.Test;

/** Of the assembly only; what follows is the protocol's. */
class AgentThreadTest
{
    private static final long DEADLINE_NS = TimeUnit.SECONDS.toNanos(60);
    private static final AgentThread.Parts PARTS = new AgentThread.Parts(null, List.of("a note"));

    @Test
    void shouldHaveAssembledOnItsThread() throws IOException
    {
        final AgentThread thread = thread(() -> PARTS);
        thread.onStart();
        thread.awaitAssembled(DEADLINE_NS);
        assertEquals(List.of("a note"), thread.notes());
        assertFalse(thread.isAbandoned());
    }

    @Test
    void shouldGiveUpAnAssemblyThatHangsAndNotUseWhatComesOfIt() throws InterruptedException
    {
        final CountDownLatch hanging = new CountDownLatch(1);
        final AgentThread thread = thread(() ->
        {
            assertTrue(hanging.await(DEADLINE_NS, TimeUnit.NANOSECONDS));
            return PARTS;
        });
        final Thread runner = new Thread(thread::onStart, "assembly");
        runner.start();
        final IOException late = assertThrows(IOException.class, () -> thread.awaitAssembled(1));
        assertTrue(late.getMessage().contains("does not answer"), late.getMessage());
        assertTrue(thread.isAbandoned());
        hanging.countDown();
        runner.join(TimeUnit.NANOSECONDS.toMillis(DEADLINE_NS));
        assertThrows(CompletionException.class, thread::notes);
        assertThrows(AgentTerminationException.class, thread::doWork);
    }

    /** It would be waited for in vain. */
    @Test
    void shouldSayThatAnErrorKeptItFromStarting()
    {
        final Error broken = new StackOverflowError("deep");
        final AgentThread thread = thread(() ->
        {
            throw broken;
        });
        thread.onStart();
        final IOException failure = assertThrows(IOException.class, () -> thread.awaitAssembled(DEADLINE_NS));
        assertSame(broken, failure.getCause());
        assertThrows(AgentTerminationException.class, thread::doWork);
    }

    private static AgentThread thread(final Callable<AgentThread.Parts> assembly)
    {
        return new AgentThread(assembly, failure ->
        {
            throw new IllegalStateException(failure);
        });
    }
}
