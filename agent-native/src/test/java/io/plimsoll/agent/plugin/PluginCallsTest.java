package io.plimsoll.agent.plugin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.agent.Await;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Calls one after the other, beside each other, and such as never come back. */
class PluginCallsTest
{
    private static final long PATIENT_NS = TimeUnit.SECONDS.toNanos(60);

    private final PluginCalls calls = new PluginCalls("tried", getClass().getClassLoader(), 1);
    private final CountDownLatch hung = new CountDownLatch(1);

    @AfterEach
    void close()
    {
        hung.countDown();
        calls.close();
    }

    private Integer hang() throws InterruptedException
    {
        assertTrue(hung.await(PATIENT_NS, TimeUnit.NANOSECONDS));
        return 1;
    }

    @Test
    void shouldTakeTheNextCallAsSoonAsTheOneBeforeIsDone() throws Exception
    {
        for (int i = 0; i < 10_000; i++)
        {
            final int number = i;
            assertEquals(number, calls.call(() -> number, PATIENT_NS));
        }
    }

    @Test
    void shouldRefuseWhileTooManyDoNotComeBack() throws Exception
    {
        final PluginCalls.Call<Integer> first = calls.tryBegin(this::hang);
        assertNull(calls.tryBegin(() -> 2));
        final String message =
            assertThrows(PluginCalls.PluginException.class, () -> calls.call(() -> 2, PATIENT_NS)).getMessage();
        assertEquals("tried does not come back from 1 calls", message);
        hung.countDown();
        assertTrue(first.awaitDone(PATIENT_NS));
        assertNotNull(calls.tryBegin(() -> 2));
    }

    @Test
    void shouldForgetThoseThatWereGivenUpOnceTheyComeBack()
    {
        for (int i = 0; i < 1_000; i++)
        {
            // Perhaps before it has begun, and perhaps after.
            final PluginCalls.Call<Integer> call = calls.tryBegin(() -> 1);
            assertNotNull(call);
            call.interrupt();
            Await.until("it has come back", call::hasReturned);
        }
        assertNotNull(calls.tryBegin(() -> 1));
    }
}
