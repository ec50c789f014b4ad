package io.plimsoll.loadtest.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ProcessEndTest
{
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final long LONG_MS = TimeUnit.HOURS.toMillis(1);

    @Test
    void shouldGiveUpAProcessThatOutlivesItsKill()
    {
        final Stuck stuck = new Stuck();
        assertFalse(assertTimeoutPreemptively(DEADLINE, () -> new ProcessEnd(1, 1).await(stuck)));
        assertEquals(1, stuck.kills);
    }

    @Test
    void shouldKillWhatDoesNotEndByItself() throws IOException
    {
        final Process sleeping = new ProcessBuilder("sleep", "3600").start();
        assertTrue(assertTimeoutPreemptively(DEADLINE, () -> new ProcessEnd(1, LONG_MS).await(sleeping)));
        assertFalse(sleeping.isAlive());
    }

    @Test
    void shouldKillAtOnceWhenInterruptedAndStayInterrupted() throws IOException
    {
        final Process sleeping = new ProcessBuilder("sleep", "3600").start();
        final boolean isStillInterrupted = assertTimeoutPreemptively(DEADLINE, () ->
        {
            Thread.currentThread().interrupt();
            assertTrue(new ProcessEnd(LONG_MS, LONG_MS).await(sleeping));
            return Thread.interrupted();
        });
        assertTrue(isStillInterrupted);
    }

    /** One that hangs in the kernel. */
    private static final class Stuck extends Process
    {
        private int kills;

        @Override
        public Process destroyForcibly()
        {
            kills++;
            return this;
        }

        @Override
        public boolean waitFor(final long timeout, final TimeUnit unit)
        {
            return false;
        }

        @Override
        public CompletableFuture<Process> onExit()
        {
            return new CompletableFuture<>();
        }

        @Override
        public boolean isAlive()
        {
            return true;
        }

        @Override
        public OutputStream getOutputStream()
        {
            return OutputStream.nullOutputStream();
        }

        @Override
        public InputStream getInputStream()
        {
            return InputStream.nullInputStream();
        }

        @Override
        public InputStream getErrorStream()
        {
            return InputStream.nullInputStream();
        }

        @Override
        public int waitFor()
        {
            throw new IllegalStateException("without a deadline");
        }

        @Override
        public int exitValue()
        {
            throw new IllegalThreadStateException();
        }

        @Override
        public void destroy()
        {
            // It does not heed it.
        }
    }
}
