package io.plimsoll.manager;

import io.plimsoll.transport.auth.CertificateAuthority;
import io.plimsoll.transport.auth.ServerIdentity;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.NanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks once a day whether the certificate that agents are shown is near its end, and has the new one shown from then
 * on: a manager may run for longer than a certificate is valid. Links that stand are not touched. A duty cycle on the
 * thread of the links; a new certificate takes it some milliseconds, every eight months.
 */
final class CertificateRenewal implements Agent
{
    private static final Logger LOGGER = LoggerFactory.getLogger(CertificateRenewal.class);
    private static final long INTERVAL_NS = TimeUnit.DAYS.toNanos(1);

    private final CertificateAuthority authority;
    private final Consumer<ServerIdentity> server;
    private final EpochNanoClock epochClock;
    private final NanoClock clock;
    private long nextNs;

    /**
     * Of one manager; the authority has looked when it was opened.
     *
     * @param authority  that makes certificates.
     * @param server     that shows them.
     * @param epochClock by which they end.
     * @param clock      monotonic.
     */
    CertificateRenewal(
        final CertificateAuthority authority,
        final Consumer<ServerIdentity> server,
        final EpochNanoClock epochClock,
        final NanoClock clock)
    {
        this.authority = authority;
        this.server = server;
        this.epochClock = epochClock;
        this.clock = clock;
        nextNs = clock.nanoTime() + INTERVAL_NS;
    }

    @Override
    public String roleName()
    {
        return "certificates";
    }

    @Override
    public int doWork()
    {
        final long nowNs = clock.nanoTime();
        if (nowNs - nextNs < 0)
        {
            return 0;
        }
        nextNs = nowNs + INTERVAL_NS;
        try
        {
            if (authority.renewIfDue(TimeUnit.NANOSECONDS.toMillis(epochClock.nanoTime())))
            {
                server.accept(authority.server());
                LOGGER.info("agents are shown a new certificate from now on");
            }
        }
        catch (final IOException e)
        {
            // The present one is good for months: there are many more days to try.
            LOGGER.error("the certificate that agents are shown cannot be renewed", e);
        }
        return 1;
    }
}
