package io.plimsoll.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.agent.Await;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Bounds of the calls of an engine: what waits, what is refused, and what is full. */
class EngineCallsTest
{
    private static final long LONG_NS = TimeUnit.HOURS.toNanos(1);

    private final CountDownLatch answer = new CountDownLatch(1);
    private final List<String> outcomes = new ArrayList<>();
    private EngineCalls calls;

    @AfterEach
    void stop()
    {
        answer.countDown();
        calls.close();
    }

    private void hang(final String what)
    {
        calls.submit(what, () ->
        {
            try
            {
                answer.await();
            }
            catch (final InterruptedException e)
            {
                throw new EngineException(EngineException.Kind.NO_ANSWER, "interrupted", e);
            }
            return what;
        }, (result, failure) -> outcomes.add(null == failure ? result : what + " " + failure.kind()));
    }

    private void awaitOutcomes(final List<String> expected)
    {
        Await.until(() -> expected + " in " + outcomes, () ->
        {
            calls.poll();
            return outcomes.size() >= expected.size();
        });
        assertEquals(expected, outcomes);
    }

    @Test
    void shouldRefuseAtTheNextPollWhatThereIsNoRoomFor()
    {
        calls = new EngineCalls(1, LONG_NS, 2, 8);
        for (final String what : List.of("running", "first", "second", "refused"))
        {
            hang(what);
        }
        assertEquals(List.of(), outcomes);
        awaitOutcomes(List.of("refused NO_ANSWER"));
        answer.countDown();
        awaitOutcomes(List.of("refused NO_ANSWER", "running", "first", "second"));
    }

    @Test
    void shouldTellOnceWhateverIsAskedAgainWhileFull()
    {
        calls = new EngineCalls(1, LONG_NS, 1, 8);
        hang("running");
        hang("queued");
        final AtomicInteger refusals = new AtomicInteger();
        askAgain(refusals);
        for (int i = 1; i <= 3; i++)
        {
            calls.poll();
            assertEquals(i, refusals.get());
        }
    }

    private void askAgain(final AtomicInteger refusals)
    {
        calls.submit("again", () -> "never", (result, failure) ->
        {
            refusals.incrementAndGet();
            askAgain(refusals);
        });
    }

    @Test
    void shouldGiveUpWhatWaitsBehindCallsThatHang()
    {
        calls = new EngineCalls(1, TimeUnit.MILLISECONDS.toNanos(200), 8, 8);
        final AtomicInteger made = new AtomicInteger();
        final CountDownLatch gone = new CountDownLatch(1);
        calls.submit("deaf", () ->
        {
            while (!isAnswered())
            {
                // As a socket does, it takes no notice of an interrupt.
                Thread.onSpinWait();
            }
            gone.countDown();
            return "late";
        }, (result, failure) -> outcomes.add("deaf " + failure.kind()));
        for (int i = 0; i < 2; i++)
        {
            calls.submit("queued", made::incrementAndGet, (result, failure) ->
                outcomes.add("queued " + failure.kind()));
        }
        Await.until(() -> "three in " + outcomes, () ->
        {
            calls.poll();
            return outcomes.size() >= 3;
        });
        answer.countDown();
        Await.until("the thread", () -> 0 == gone.getCount());
        hang("next");
        Await.until(() -> "four in " + outcomes, () ->
        {
            calls.poll();
            return outcomes.size() >= 4;
        });
        assertEquals(0, made.get());
        outcomes.sort(null);
        assertEquals(List.of("deaf NO_ANSWER", "next", "queued NO_ANSWER", "queued NO_ANSWER"), outcomes);
    }

    private boolean isAnswered()
    {
        return 0 == answer.getCount();
    }

    @Test
    void shouldGoOnWaitingForAnEngineThatHasAnsweredSomethingSince()
    {
        calls = new EngineCalls(2, LONG_NS, 8, 8);
        final long askedNs = System.nanoTime();
        hang("open");
        calls.submit("answered", () -> "answered", (result, failure) -> outcomes.add(result));
        awaitOutcomes(List.of("answered"));
        calls.abandonAll(askedNs);
        calls.poll();
        assertEquals(List.of("answered"), outcomes);
        calls.abandonAll(System.nanoTime());
        awaitOutcomes(List.of("answered", "open NO_ANSWER"));
    }

    @Test
    void shouldHoldUpWhoTellsMoreThanIsTaken()
    {
        calls = new EngineCalls(1, LONG_NS, 8, 2);
        final List<Integer> taken = new ArrayList<>();
        final AtomicInteger told = new AtomicInteger();
        final Thread teller = new Thread(() ->
        {
            for (int i = 0; i < 100; i++)
            {
                final int number = i;
                calls.tell(() -> taken.add(number));
                told.incrementAndGet();
            }
        }, "teller");
        teller.start();
        Await.until("a teller that waits", () -> 2 == told.get() && Thread.State.TIMED_WAITING == teller.getState());
        // A stream that is closed is interrupted, and tells its end nevertheless.
        teller.interrupt();
        Await.until("all", () ->
        {
            assertTrue(calls.poll() <= 2 && told.get() <= taken.size() + 2);
            return taken.size() >= 100;
        });
        assertEquals(IntStream.range(0, 100).boxed().toList(), taken);
    }

    @Test
    void shouldLetGoWhoTellsWhenItIsClosed()
    {
        calls = new EngineCalls(1, LONG_NS, 8, 1);
        final Thread teller = new Thread(() ->
        {
            calls.tell(outcomes::clear);
            calls.tell(outcomes::clear);
        }, "teller");
        teller.start();
        Await.until("a teller that waits", () -> Thread.State.TIMED_WAITING == teller.getState());
        calls.close();
        Await.until("the end of the teller", () -> !teller.isAlive());
    }
}
