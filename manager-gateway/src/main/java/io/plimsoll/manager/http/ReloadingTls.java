package io.plimsoll.manager.http;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolNegotiator;
import io.netty.handler.ssl.SslContext;
import io.plimsoll.manager.Counters;
import java.io.IOException;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSessionContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS with what stands in the files now: connections that begin after a change have the new certificate, those that are
 * open keep theirs. Sessions are not resumed across a change, so that whose certificate is no longer wanted does not
 * come in by an earlier handshake. Files that do not fit together are refused, and the ones before stay; since two
 * files are never replaced at once, that is told when it has lasted for two looks.
 */
final class ReloadingTls extends SslContext implements AutoCloseable
{
    private static final Logger LOGGER = LoggerFactory.getLogger(ReloadingTls.class);

    private final TlsOptions options;
    private final AtomicLong reloads = new AtomicLong();
    private final Thread watcher;
    private volatile TlsMaterial material;
    private volatile boolean isRefused;
    private volatile boolean isClosed;
    private String fingerprint;
    private String refused = "";
    private boolean isTold;

    private ReloadingTls(final TlsOptions options, final long intervalMs) throws IOException
    {
        this.options = options;
        fingerprint = TlsMaterial.fingerprint(options);
        material = TlsMaterial.read(options);
        watcher = new Thread(() -> watch(TimeUnit.MILLISECONDS.toNanos(intervalMs)), "plimsoll-tls");
        watcher.setDaemon(true);
    }

    /**
     * Reads the files, and looks after them from then on.
     *
     * @param intervalMs between two looks; 0: none but by {@link #look}.
     * @throws IllegalArgumentException if they cannot be used; the message is for people.
     */
    static ReloadingTls open(final TlsOptions options, final long intervalMs)
    {
        try
        {
            final ReloadingTls tls = new ReloadingTls(options, intervalMs);
            tls.warnOfExpiry();
            if (intervalMs > 0)
            {
                tls.watcher.start();
            }
            return tls;
        }
        catch (final IOException ex)
        {
            throw new IllegalArgumentException("tls: " + ex.getMessage(), ex);
        }
    }

    void register(final Counters counters)
    {
        counters.gauge(
            "tls_certificate_expiry_seconds", "When the certificate of the API expires, in seconds since 1970",
            () -> TimeUnit.MILLISECONDS.toSeconds(material.certificate().getNotAfter().getTime()));
        counters.gauge(
            "tls_files_refused", "1 if the certificate files changed and cannot be used, so that the old ones stay",
            () -> isRefused ? 1 : 0);
        counters.counter("tls_reloads_total", "Times that changed certificate files were taken over", reloads::get);
    }

    private void watch(final long intervalNs)
    {
        while (!isClosed)
        {
            LockSupport.parkNanos(intervalNs);
            if (!isClosed)
            {
                look();
            }
        }
    }

    /** Looks at the files once. */
    synchronized void look()
    {
        String found = "";
        try
        {
            found = TlsMaterial.fingerprint(options);
            if (found.equals(fingerprint))
            {
                accepted();
                return;
            }
            final TlsMaterial next = TlsMaterial.read(options);
            checkTime(next);
            material = next;
            fingerprint = found;
            reloads.incrementAndGet();
            accepted();
            LOGGER.info(
                "the API has the certificate {} now, which expires {}",
                next.certificate().getSubjectX500Principal(), instant(next.certificate().getNotAfter()));
            warnOfExpiry();
        }
        catch (final IOException | RuntimeException ex)
        {
            onRefused(found, ex);
        }
    }

    private void accepted()
    {
        isRefused = false;
        refused = "";
        isTold = false;
    }

    private void onRefused(final String found, final Exception ex)
    {
        final boolean isSecondLook = isRefused && refused.equals(found);
        isRefused = true;
        refused = found;
        if (isSecondLook && !isTold)
        {
            isTold = true;
            LOGGER.warn("changed TLS files cannot be used, those before stay: {}", ex.getMessage());
        }
        else if (!isSecondLook)
        {
            isTold = false;
        }
    }

    /** One that has expired is no better than one that has not yet. */
    private void checkTime(final TlsMaterial next) throws IOException
    {
        final Date now = new Date();
        if (next.certificate().getNotAfter().before(now) && material.certificate().getNotAfter().after(now))
        {
            throw new IOException(
                "the certificate in " + options.certificateFile() + " expired " +
                    instant(next.certificate().getNotAfter()));
        }
    }

    private void warnOfExpiry()
    {
        if (material.certificate().getNotAfter().before(new Date()))
        {
            LOGGER.warn(
                "the certificate of the API in {} expired {}; clients will refuse it",
                options.certificateFile(), instant(material.certificate().getNotAfter()));
        }
    }

    private static Instant instant(final Date date)
    {
        return date.toInstant();
    }

    @Override
    public boolean isClient()
    {
        return false;
    }

    @Override
    public List<String> cipherSuites()
    {
        return material.context().cipherSuites();
    }

    @Override
    @SuppressWarnings("deprecation")
    public ApplicationProtocolNegotiator applicationProtocolNegotiator()
    {
        return material.context().applicationProtocolNegotiator();
    }

    @Override
    public SSLEngine newEngine(final ByteBufAllocator allocator)
    {
        return material.context().newEngine(allocator);
    }

    @Override
    public SSLEngine newEngine(final ByteBufAllocator allocator, final String peerHost, final int peerPort)
    {
        return material.context().newEngine(allocator, peerHost, peerPort);
    }

    @Override
    public SSLSessionContext sessionContext()
    {
        return material.context().sessionContext();
    }

    @Override
    public void close()
    {
        isClosed = true;
        LockSupport.unpark(watcher);
    }
}
