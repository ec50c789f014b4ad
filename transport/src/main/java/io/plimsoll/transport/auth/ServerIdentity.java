package io.plimsoll.transport.auth;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * What a server shows in a TLS handshake.
 *
 * @param key   of the first certificate.
 * @param chain the server's own certificate, then that of the authority.
 */
public record ServerIdentity(PrivateKey key, List<X509Certificate> chain)
{
    /** Without the key. */
    @Override
    public String toString()
    {
        return "ServerIdentity[serial=" + chain.get(0).getSerialNumber() + "]";
    }
}
