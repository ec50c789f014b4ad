package io.plimsoll.manager.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.plimsoll.manager.Counters;
import io.plimsoll.manager.TokenCheck;
import io.plimsoll.manager.identity.Caller;
import io.plimsoll.transport.auth.RequestSignature;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.concurrent.NanoClock;

/**
 * Finds out who sends a request, by the token or the signature of its {@code Authorization} header, and whether they
 * may do so from there and now. What is signed is checked whole before anything is done, but for the body, whose hash
 * the exchange keeps until the body is there. Any thread.
 */
final class Authenticator
{
    private static final String BEARER = "bearer ";
    private static final long SKEW_MAX_MS = TimeUnit.MINUTES.toMillis(5);
    private static final int NONCES_MAX = 20_000;
    /** Between two looks at whether somebody may still go on. */
    private static final long ATTENDED_MS = 2_000;
    /** Whatever an unknown keypair signs takes as long to refuse as what a known one does. */
    private static final String NOBODYS_SECRET = "nobody";

    private final TokenCheck tokens;
    private final TokenCache cache;
    private final InstantSource clock;
    private final NanoClock nanoClock;
    private final ReplayGuard replays = new ReplayGuard(SKEW_MAX_MS, NONCES_MAX);
    private final FailureGuard failures = new FailureGuard();
    private final HttpLimits limits;
    private final RequestRates rates;
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong lockOuts = new AtomicLong();

    Authenticator(
        final TokenCheck tokens,
        final HttpLimits limits,
        final RequestRates rates,
        final InstantSource clock,
        final NanoClock nanoClock)
    {
        this.limits = limits;
        this.rates = rates;
        this.tokens = tokens;
        this.clock = clock;
        this.nanoClock = nanoClock;
        cache = new TokenCache(tokens);
    }

    void register(final Counters counters)
    {
        counters.counter("api_refused_total", "Requests whose token or signature was wrong", refused::get);
        counters.counter("api_lock_outs_total", "Lock-outs for failures in a row", lockOuts::get);
        rates.register(counters);
    }

    /**
     * Who sends a request.
     *
     * @throws ProblemException if that is nobody, or nobody who may: 401, 403 or 429.
     */
    Caller authenticate(final Exchange exchange)
    {
        final String authorization = exchange.header(HttpHeaderNames.AUTHORIZATION);
        if (null == authorization)
        {
            throw new Problem(
                401,
                "token-missing",
                "this needs the API token: send \"Authorization: Bearer TOKEN\"; the token of a local manager is" +
                    " in the file \"token\" of its data directory").asException();
        }
        final InetAddress address = address(exchange);
        final boolean signed = RequestSignature.isSigned(authorization);
        final RequestSignature.Claim claim = signed ? claim(authorization) : null;
        final String from = null == address ? "" : address.getHostAddress();
        final String accessKey = signed ? claim.accessKey() : FailureGuard.accessKey(token(authorization));
        if (!accessKey.isEmpty())
        {
            requireNotLocked(from, accessKey);
        }
        final Caller caller = signed ? signer(exchange, claim, from) : holder(authorization, from, accessKey);
        failures.succeeded(from, accessKey);
        if (!caller.access().isOpenTo(address))
        {
            throw new Problem(
                403, "network-not-allowed", "this keypair may not call from " + from + "; see plimsoll admin user show")
                .asException();
        }
        requireRate(exchange, caller);
        return caller;
    }

    /**
     * Has what goes on for long end when whoever asked for it may not come in any more: its keypair was taken back or
     * has expired, it has another role, or it may not call from there.
     */
    void attend(final Exchange exchange)
    {
        if (!exchange.caller().isKeypair())
        {
            return;
        }
        final InetAddress address = address(exchange);
        final long intervalMs = Math.min(ATTENDED_MS, limits.heartbeatIntervalMs());
        final Future<?> looks = exchange.channel().eventLoop().scheduleWithFixedDelay(
            () ->
            {
                final Caller now = tokens.present(exchange.caller());
                if (null == now || now.role() != exchange.caller().role() || !now.access().isOpenTo(address))
                {
                    exchange.revoke(new Problem(
                        401, "token-wrong",
                        "this keypair lets nobody in any more, or not in this role, or not from this address"));
                }
            },
            intervalMs, intervalMs, TimeUnit.MILLISECONDS);
        exchange.onEnd(() -> looks.cancel(false));
    }

    private static InetAddress address(final Exchange exchange)
    {
        return exchange.channel().remoteAddress() instanceof final InetSocketAddress socket ?
            socket.getAddress() : null;
    }

    private static String token(final String authorization)
    {
        return authorization.regionMatches(true, 0, BEARER, 0, BEARER.length()) ?
            authorization.substring(BEARER.length()).trim() : "";
    }

    private void requireNotLocked(final String from, final String accessKey)
    {
        final int seconds = failures.lockedSeconds(nanoClock.nanoTime(), from, accessKey);
        if (seconds > 0)
        {
            throw new Problem(
                429, "locked-out", "too many failures in a row from " + from + "; try again in " + seconds + " s")
                .retryAfter(seconds)
                .asException();
        }
    }

    private ProblemException failed(final String from, final String accessKey, final String code, final String detail)
    {
        refused.incrementAndGet();
        if (failures.failed(nanoClock.nanoTime(), from, accessKey))
        {
            lockOuts.incrementAndGet();
        }
        return new Problem(401, code, detail).asException();
    }

    private Caller holder(final String authorization, final String from, final String accessKey)
    {
        final String token = token(authorization);
        final Caller caller = token.isEmpty() ? null : cache.callerOf(token);
        if (null == caller)
        {
            // The administrator's token names nobody: it cannot be guessed, and wrong ones must not keep it out.
            requireNotLocked(from, accessKey);
            throw failed(
                from, accessKey, "token-wrong",
                "the API token is not one of this manager, or not any more; the administrator's is in the file" +
                    " \"token\" of its data directory");
        }
        return caller;
    }

    private static RequestSignature.Claim claim(final String authorization)
    {
        try
        {
            return RequestSignature.Claim.parse(authorization);
        }
        catch (final IllegalArgumentException ex)
        {
            throw malformed("Authorization", ex.getMessage());
        }
    }

    private static ProblemException malformed(final String field, final String right)
    {
        return new Problem(401, "signature-malformed", field + ": " + right).field(field).asException();
    }

    private Caller signer(final Exchange exchange, final RequestSignature.Claim claim, final String from)
    {
        final HttpHeaders headers = exchange.request().requestHeaders();
        final String date = headers.get(HttpHeaderNames.DATE);
        final String host = headers.get(HttpHeaderNames.HOST);
        final String contentSha256 = headers.get(RequestSignature.CONTENT_SHA256);
        if (null == date || null == host || null == contentSha256)
        {
            final String missing = null == date ? "Date" : null == host ? "Host" : RequestSignature.CONTENT_SHA256;
            throw malformed(missing, "a signed request has Date, Host and " + RequestSignature.CONTENT_SHA256);
        }
        final long dateMs = dateMs(date);
        final TokenCheck.Signatory signatory = tokens.signatory(claim.accessKey());
        final RequestSignature signature = new RequestSignature(
            exchange.request().method().name(), exchange.request().uri(), date, host, claim.nonce(), contentSha256);
        final boolean right = signature.isSignedAs(
            null == signatory ? NOBODYS_SECRET : signatory.secret(), claim.signature());
        if (null == signatory || !right)
        {
            throw failed(
                from, claim.accessKey(), "signature-wrong",
                "the signature is not that of this request by a keypair of this manager; see docs/IDENTITY.md for" +
                    " what is signed");
        }
        requireFresh(claim, dateMs);
        exchange.expectContent(contentSha256);
        return signatory.caller();
    }

    private static long dateMs(final String date)
    {
        try
        {
            return RequestSignature.epochMs(date);
        }
        catch (final IllegalArgumentException ex)
        {
            throw malformed("Date", ex.getMessage());
        }
    }

    private void requireFresh(final RequestSignature.Claim claim, final long dateMs)
    {
        final long nowMs = clock.millis();
        final ReplayGuard.Verdict verdict = replays.admit(nowMs, dateMs, claim.accessKey(), claim.nonce());
        switch (verdict)
        {
            case FRESH ->
            {
                // Let in, once.
            }
            case SKEWED -> throw new Problem(
                401, "date-skewed", "Date: more than 5 minutes from the manager's, which is " +
                    RequestSignature.date(nowMs)).field("Date").asException();
            default -> throw new Problem(
                401, "replayed", "this request was let in before, or may have been; sign it anew, with another nonce")
                .asException();
        }
    }

    private void requireRate(final Exchange exchange, final Caller caller)
    {
        final int perMinute = rates.perMinute(caller);
        if (0 == perMinute)
        {
            return;
        }
        final RateLimiter.Verdict verdict = rates.admit(caller, perMinute);
        exchange.response()
            .header("X-RateLimit-Limit", Integer.toString(perMinute))
            .header("X-RateLimit-Remaining", Integer.toString(verdict.remaining()))
            .header("X-RateLimit-Reset", Integer.toString(verdict.resetSeconds()));
        if (!verdict.allowed())
        {
            throw RequestRates.problem(perMinute, verdict.retryAfterSeconds());
        }
    }
}
