package io.plimsoll.transport.auth;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Trusts a server whose chain ends in exactly the authority whose SHA-256 was handed over on a trusted way. It looks
 * at no host name: whoever holds a key certified by that authority is the manager. Being an <em>extended</em> trust
 * manager keeps the JDK from adding checks of its own.
 */
public final class PinnedAuthority extends X509ExtendedTrustManager
{
    private static final X509Certificate[] NO_ISSUERS = {};
    private static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
    private final String caSha256;

    /**
     * Trusts one authority.
     *
     * @param caSha256 64 hex digits.
     */
    public PinnedAuthority(final String caSha256)
    {
        this.caSha256 = JoinToken.checkedSha256(caSha256);
    }

    @Override
    public void checkServerTrusted(final X509Certificate[] chain, final String authType, final SSLEngine engine)
        throws CertificateException
    {
        check(chain);
    }

    @Override
    public void checkServerTrusted(final X509Certificate[] chain, final String authType, final Socket socket)
        throws CertificateException
    {
        check(chain);
    }

    @Override
    public void checkServerTrusted(final X509Certificate[] chain, final String authType) throws CertificateException
    {
        check(chain);
    }

    @Override
    public void checkClientTrusted(final X509Certificate[] chain, final String authType, final SSLEngine engine)
        throws CertificateException
    {
        throw noClients();
    }

    @Override
    public void checkClientTrusted(final X509Certificate[] chain, final String authType, final Socket socket)
        throws CertificateException
    {
        throw noClients();
    }

    @Override
    public void checkClientTrusted(final X509Certificate[] chain, final String authType) throws CertificateException
    {
        throw noClients();
    }

    @Override
    public X509Certificate[] getAcceptedIssuers()
    {
        return NO_ISSUERS.clone();
    }

    private void check(final X509Certificate[] chain) throws CertificateException
    {
        if (2 != chain.length)
        {
            throw new UntrustedAuthorityException("expected the server's certificate and its authority's, got " +
                chain.length);
        }
        final X509Certificate server = chain[0];
        final X509Certificate authority = chain[1];
        final String found = CertificateAuthority.sha256(authority);
        if (!caSha256.equals(found))
        {
            throw new UntrustedAuthorityException("expected authority " + caSha256 + ", got " + found);
        }
        if (authority.getBasicConstraints() < 0 || server.getBasicConstraints() >= 0 ||
            null == server.getExtendedKeyUsage() || !server.getExtendedKeyUsage().contains(SERVER_AUTH))
        {
            throw new UntrustedAuthorityException("the certificate is not one of a server");
        }
        try
        {
            server.verify(authority.getPublicKey());
        }
        catch (final GeneralSecurityException ex)
        {
            throw new UntrustedAuthorityException("the certificate is not signed by the authority beside it");
        }
        server.checkValidity();
    }

    private static CertificateException noClients()
    {
        return new CertificateException("clients have no certificates here");
    }

    /** Says that a chain is not of the authority that was expected. */
    public static final class UntrustedAuthorityException extends CertificateException
    {
        private static final long serialVersionUID = 1L;

        UntrustedAuthorityException(final String message)
        {
            super(message);
        }
    }
}
