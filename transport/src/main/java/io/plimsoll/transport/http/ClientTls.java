package io.plimsoll.transport.http;

import io.plimsoll.transport.auth.PemFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/**
 * Whom a client trusts over TLS, and how it shows who it is.
 *
 * @param authority   PEM certificates to trust, and no others; null: those of the JDK.
 * @param certificate PEM chain of the client; null: none.
 * @param key         PEM PKCS#8 key of the certificate; null: none.
 */
public record ClientTls(Path authority, Path certificate, Path key)
{
    private static final char[] NO_PASSWORD = {};

    TrustManager[] trustManagers() throws GeneralSecurityException, IOException
    {
        if (null == authority)
        {
            return null;
        }
        final KeyStore trusted = empty();
        int index = 0;
        for (final X509Certificate trustedOne : PemFiles.certificates(authority))
        {
            trusted.setCertificateEntry("ca" + index++, trustedOne);
        }
        final TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trusted);
        return factory.getTrustManagers();
    }

    KeyManager[] keyManagers() throws GeneralSecurityException, IOException
    {
        if (null == certificate)
        {
            return null;
        }
        final List<X509Certificate> chain = PemFiles.certificates(certificate);
        final PrivateKey own = PemFiles.privateKey(key);
        PemFiles.checkPair(chain.get(0), own);
        final KeyStore keys = empty();
        keys.setKeyEntry("client", own, NO_PASSWORD, chain.toArray(new Certificate[0]));
        final KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(keys, NO_PASSWORD);
        return factory.getKeyManagers();
    }

    private static KeyStore empty() throws GeneralSecurityException, IOException
    {
        final KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }
}
