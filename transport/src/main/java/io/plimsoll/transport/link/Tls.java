package io.plimsoll.transport.link;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.plimsoll.transport.auth.PinnedAuthority;
import io.plimsoll.transport.auth.ServerIdentity;
import javax.net.ssl.SSLException;

/** TLS 1.3 and nothing older, our own protocol, our own authority. */
final class Tls
{
    static final String PROTOCOL = "plimsoll-agent/1";
    private static final String VERSION = "TLSv1.3";

    private Tls()
    {
    }

    static SslContext server(final ServerIdentity identity)
    {
        try
        {
            return SslContextBuilder.forServer(identity.key(), identity.chain())
                .sslProvider(SslProvider.JDK)
                .protocols(VERSION)
                .applicationProtocolConfig(alpn())
                .build();
        }
        catch (final SSLException ex)
        {
            throw new IllegalArgumentException("the server's key or certificate cannot be used", ex);
        }
    }

    static SslContext client(final String caSha256)
    {
        try
        {
            return SslContextBuilder.forClient()
                .sslProvider(SslProvider.JDK)
                .protocols(VERSION)
                .trustManager(new PinnedAuthority(caSha256))
                .endpointIdentificationAlgorithm(null)
                .applicationProtocolConfig(alpn())
                .build();
        }
        catch (final SSLException ex)
        {
            throw new IllegalStateException("TLS cannot be set up", ex);
        }
    }

    private static ApplicationProtocolConfig alpn()
    {
        // The JDK's engines support only these behaviours; Link checks what came out.
        return new ApplicationProtocolConfig(
            Protocol.ALPN, SelectorFailureBehavior.NO_ADVERTISE, SelectedListenerFailureBehavior.ACCEPT, PROTOCOL);
    }
}
