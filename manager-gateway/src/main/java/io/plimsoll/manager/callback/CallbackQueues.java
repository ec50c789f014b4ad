package io.plimsoll.manager.callback;

import io.plimsoll.manager.Counters;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;
import org.agrona.concurrent.NanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What waits for each receiver, and the attempts that are under way; all of it has a bound. Of the stage's thread, to
 * which the ends of attempts come through a queue.
 */
final class CallbackQueues
{
    static final int TARGETS_MAX = 1_000;
    static final int UNDER_WAY_MAX = 64;
    static final long BACKOFF_FIRST_NS = TimeUnit.SECONDS.toNanos(1);
    static final long BACKOFF_MAX_NS = TimeUnit.MINUTES.toNanos(5);

    private static final Logger LOGGER = LoggerFactory.getLogger(CallbackQueues.class);
    private static final int BACKOFF_SHIFT_MAX = 20;
    private static final int OK = 200;
    private static final int NOT_OK = 300;
    private static final int REQUEST_TIMEOUT = 408;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int SERVER_ERROR = 500;

    private final CallbackPorts ports;
    private final CallbackGuard guard;
    private final EpochNanoClock epochClock;
    private final NanoClock clock;
    private final Map<String, CallbackTarget> targetByName = new LinkedHashMap<>();
    private final CallbackLedger ledger = new CallbackLedger();
    /** Each attempt under way has one outcome, so there is always room. */
    private final Queue<Outcome> outcomes = new ManyToOneConcurrentArrayQueue<>(UNDER_WAY_MAX);
    private final SplittableRandom random = new SplittableRandom();
    private final AtomicInteger targetCount = new AtomicInteger();
    private final AtomicInteger waitingCount = new AtomicInteger();
    private final LongAdder taken = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder givenUp = new LongAdder();
    private int underWay;

    CallbackQueues(
        final CallbackPorts ports,
        final CallbackGuard guard,
        final EpochNanoClock epochClock,
        final NanoClock clock,
        final Counters counters)
    {
        this.ports = ports;
        this.guard = guard;
        this.epochClock = epochClock;
        this.clock = clock;
        counters.gauge("callback_receivers", "Receivers that have not taken all yet", targetCount::get);
        counters.gauge("callbacks_waiting", "Callbacks in memory that were not taken yet", waitingCount::get);
        counters.counter("callbacks_taken_total", "Callbacks that their receivers took", taken::sum);
        counters.counter("callbacks_failed_total", "Attempts at callbacks that failed", failed::sum);
        counters.counter("callbacks_given_up_total", "Callbacks that nobody took for too long", givenUp::sum);
    }

    Collection<CallbackTarget> targets()
    {
        return targetByName.values();
    }

    CallbackLedger.Entry entry(final long sessionId)
    {
        return ledger.entry(sessionId);
    }

    Map<Long, CallbackPosition.GivenUp> kept()
    {
        return ledger.kept();
    }

    void forget(final long sessionId)
    {
        ledger.forget(sessionId);
    }

    void restore(final CallbackPosition.State state)
    {
        ledger.restore(state.givenUp());
        state.targets().forEach((name, sequence) ->
        {
            final CallbackTarget target = new CallbackTarget(name);
            target.resumeSequence = sequence;
            targetByName.put(name, target);
        });
        targetCount.set(targetByName.size());
    }

    /** Who takes it; null: there are too many already. */
    CallbackTarget target(final CallbackUrl url)
    {
        final String name = url.target();
        final CallbackTarget known = targetByName.get(name);
        if (null != known || targetByName.size() >= TARGETS_MAX)
        {
            return known;
        }
        final CallbackTarget target = new CallbackTarget(name);
        targetByName.put(name, target);
        targetCount.set(targetByName.size());
        return target;
    }

    /** False if there is no room. */
    boolean offer(final CallbackTarget target, final CallbackDelivery delivery)
    {
        if (!target.hasRoom())
        {
            return false;
        }
        target.waiting.add(delivery);
        waitingCount.incrementAndGet();
        ledger.waits(delivery.sessionId);
        return true;
    }

    void refused(final long sessionId, final String why)
    {
        givenUp.increment();
        ledger.givenUp(sessionId, 0, why, epochClock.nanoTime());
        LOGGER.error("a callback of session {} is given up: {}", sessionId, why);
    }

    List<CallbackTarget> resumable()
    {
        if (targetByName.isEmpty())
        {
            return List.of();
        }
        return targetByName.values().stream().filter(CallbackTarget::mayResume).toList();
    }

    int step()
    {
        int workCount = 0;
        for (Outcome outcome = outcomes.poll(); null != outcome; outcome = outcomes.poll())
        {
            onOutcome(outcome);
            workCount++;
        }
        if (targetByName.isEmpty())
        {
            return workCount;
        }
        final long nowNs = clock.nanoTime();
        for (final CallbackTarget target : new ArrayList<>(targetByName.values()))
        {
            workCount += send(target, nowNs);
            if (target.isDone() && 0 == target.underWay)
            {
                targetByName.remove(target.name);
            }
        }
        targetCount.set(targetByName.size());
        return workCount;
    }

    private int send(final CallbackTarget target, final long nowNs)
    {
        int count = 0;
        final long epochNs = epochClock.nanoTime();
        CallbackDelivery oldest = target.waiting.peek();
        while (null != oldest && !oldest.isUnderWay && epochNs - oldest.eventNs > ports.options().giveUpNs())
        {
            giveUp(target, oldest);
            oldest = target.waiting.peek();
            count++;
        }
        CallbackDelivery delivery = underWay < UNDER_WAY_MAX ? target.next(nowNs) : null;
        while (null != delivery)
        {
            attempt(target, delivery, epochNs);
            count++;
            delivery = underWay < UNDER_WAY_MAX ? target.next(nowNs) : null;
        }
        return count;
    }

    private void attempt(final CallbackTarget target, final CallbackDelivery delivery, final long epochNs)
    {
        delivery.isUnderWay = true;
        target.underWay++;
        underWay++;
        final String objection = guard.objection(delivery.url);
        if (null != objection)
        {
            outcomes.add(new Outcome(target, delivery, 0, objection));
            return;
        }
        ports.sender().send(
            delivery.url,
            ports.signer().headers(delivery, TimeUnit.NANOSECONDS.toSeconds(epochNs)),
            delivery.body).whenComplete((status, error) -> outcomes.add(new Outcome(
                target, delivery, null == error ? status : 0, null == error ? "" : said(error))));
    }

    private static String said(final Throwable error)
    {
        Throwable cause = error;
        while (null != cause.getCause() && cause instanceof CompletionException)
        {
            cause = cause.getCause();
        }
        final String message = cause.getMessage();
        return null == message || message.isBlank() ? cause.getClass().getSimpleName() : message;
    }

    private void onOutcome(final Outcome outcome)
    {
        final CallbackTarget target = outcome.target;
        final CallbackDelivery delivery = outcome.delivery;
        delivery.isUnderWay = false;
        target.underWay--;
        underWay--;
        if (outcome.status >= OK && outcome.status < NOT_OK)
        {
            target.failures = 0;
            target.quietUntilNs = clock.nanoTime();
            target.waiting.remove(delivery);
            waitingCount.decrementAndGet();
            taken.increment();
            ledger.taken(delivery.sessionId);
            return;
        }
        failed.increment();
        delivery.attempts++;
        final long epochNs = epochClock.nanoTime();
        ledger.failed(
            delivery.sessionId, 0 == outcome.status ? outcome.error : "answered " + outcome.status, epochNs);
        if (epochNs - delivery.eventNs > ports.options().giveUpNs())
        {
            giveUp(target, delivery);
            return;
        }
        final long nowNs = clock.nanoTime();
        delivery.nextNs = nowNs + backoffNs(delivery.attempts);
        if (isOfReceiver(outcome.status))
        {
            target.failures++;
            target.quietUntilNs = nowNs + backoffNs(target.failures);
        }
    }

    /** Whether others would fare no better. */
    private static boolean isOfReceiver(final int status)
    {
        return 0 == status || status >= SERVER_ERROR || REQUEST_TIMEOUT == status || TOO_MANY_REQUESTS == status;
    }

    /** Doubles each time, and half of it is chance, so that many do not come at once. */
    private long backoffNs(final int attempts)
    {
        final long fullNs =
            Math.min(BACKOFF_MAX_NS, BACKOFF_FIRST_NS << Math.min(BACKOFF_SHIFT_MAX, attempts - 1));
        return fullNs / 2 + random.nextLong(fullNs / 2 + 1);
    }

    private void giveUp(final CallbackTarget target, final CallbackDelivery delivery)
    {
        target.waiting.remove(delivery);
        waitingCount.decrementAndGet();
        givenUp.increment();
        ledger.givenUp(delivery.sessionId, 1, "", 0);
        LOGGER.error(
            "callback {} of session {} to {} is given up after {} attempts: {}", delivery.id, delivery.sessionId,
            target.name, delivery.attempts, ledger.entry(delivery.sessionId).error());
    }

    void close()
    {
        if (null != ports.sender())
        {
            ports.sender().close();
        }
    }

    private record Outcome(CallbackTarget target, CallbackDelivery delivery, int status, String error)
    {
    }
}
