package io.plimsoll.manager;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.plimsoll.manager.bed.SettableClock;
import io.plimsoll.transport.auth.CertificateAuthority;
import io.plimsoll.transport.auth.ServerIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificateRenewalTest
{
    @TempDir
    Path directory;

    private final SettableClock clock = new SettableClock();
    private final List<ServerIdentity> shown = new ArrayList<>();
    private CertificateAuthority authority;
    private CertificateRenewal renewal;

    @BeforeEach
    void open() throws IOException
    {
        authority = CertificateAuthority.openOrCreate(
            directory.resolve("ca"), new SecureRandom(), TimeUnit.NANOSECONDS.toMillis(clock.epochNs()));
        renewal = new CertificateRenewal(authority, shown::add, clock::epochNs, clock::monotonicNs);
    }

    private void passDays(final int days)
    {
        for (int day = 0; day < days; day++)
        {
            clock.advance(1, TimeUnit.DAYS);
            renewal.doWork();
        }
    }

    @Test
    void shouldShowANewCertificateLongBeforeTheOldOneEnds()
    {
        final ServerIdentity first = authority.server();
        passDays(240);
        assertEquals(0, shown.size());
        passDays(10);
        assertEquals(1, shown.size());
        assertNotEquals(first.chain().get(0), shown.get(0).chain().get(0));
        assertEquals(first.chain().get(1), shown.get(0).chain().get(1), "of the authority that agents know");
        passDays(230);
        assertEquals(1, shown.size());
        passDays(20);
        assertEquals(2, shown.size());
    }

    @Test
    void shouldTryAgainTheNextDayWhenItCannotBeWritten() throws IOException
    {
        final Path ca = directory.resolve("ca");
        final Path away = directory.resolve("away");
        Files.move(ca, away);
        passDays(250);
        assertEquals(0, shown.size());
        Files.move(away, ca);
        passDays(1);
        assertEquals(1, shown.size());
    }
}
