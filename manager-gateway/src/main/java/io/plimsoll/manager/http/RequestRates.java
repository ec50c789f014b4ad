package io.plimsoll.manager.http;

import io.plimsoll.manager.Counters;
import io.plimsoll.manager.identity.Caller;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.concurrent.NanoClock;

/**
 * What each keypair may send in a minute, by whatever way: all ways into a manager share one of these. The
 * administrator's own token, and keypairs for which nobody has set a number, cost no more than a look. Any thread.
 */
public final class RequestRates
{
    private final HttpLimits limits;
    private final NanoClock nanoClock;
    private final RateLimiter limiter;
    private final AtomicLong refused = new AtomicLong();

    /**
     * Nothing sent yet.
     *
     * @param limits    with the rate of keypairs whose policies say nothing; may change.
     * @param nanoClock monotonic.
     */
    public RequestRates(final HttpLimits limits, final NanoClock nanoClock)
    {
        this.limits = limits;
        this.nanoClock = nanoClock;
        limiter = new RateLimiter(nanoClock.nanoTime());
    }

    void register(final Counters counters)
    {
        counters.counter("api_rate_limited_total", "Requests above the rate of their keypair", refused::get);
    }

    /** Requests a minute that somebody may send; 0: any number. */
    int perMinute(final Caller caller)
    {
        final int own = caller.access().requestsPerMinute();
        return 0 == own && caller.isKeypair() ? limits.requestsPerMinute() : own;
    }

    /** Takes note of a request of somebody who may send so many; the verdict is to be told. */
    RateLimiter.Verdict admit(final Caller caller, final int perMinute)
    {
        final RateLimiter.Verdict verdict = limiter.admit(nanoClock.nanoTime(), caller.accessKey(), perMinute);
        if (!verdict.allowed())
        {
            refused.incrementAndGet();
        }
        return verdict;
    }

    /** Takes note of a request; throws what {@link IngressRules#refusal} understands if it is one too many. */
    public void require(final Caller caller)
    {
        final int perMinute = perMinute(caller);
        if (0 != perMinute)
        {
            final int seconds = limiter.tryAdmit(nanoClock.nanoTime(), caller.accessKey(), perMinute);
            if (seconds > 0)
            {
                refused.incrementAndGet();
                throw problem(perMinute, seconds);
            }
        }
    }

    /** That a request was one too many. */
    static ProblemException problem(final int perMinute, final int retryAfterSeconds)
    {
        return new Problem(
            429, "rate-limited", "more than " + perMinute + " requests a minute; try again in " + retryAfterSeconds +
                " s").retryAfter(retryAfterSeconds).asException();
    }
}
