package io.plimsoll.manager.http;

import io.plimsoll.manager.ConfigurationView;
import io.plimsoll.manager.Gateway;
import io.plimsoll.manager.GatewayLauncher;
import io.plimsoll.manager.ManagerServices;
import io.plimsoll.manager.ingress.BinaryGateway;
import io.plimsoll.manager.ingress.IngressLimits;
import java.net.InetSocketAddress;

/**
 * Serves the HTTP API for a manager, and beside it the binary ingress where that is wanted.
 *
 * @param tls           null: no TLS, loopback only.
 * @param configuration what is shown of the manager's.
 * @param binaryAddress of the binary ingress, null: none.
 * @param limits        of the HTTP API.
 */
public record HttpGatewayLauncher(
    TlsOptions tls,
    ConfigurationView configuration,
    InetSocketAddress binaryAddress,
    HttpLimits limits) implements GatewayLauncher
{
    /** With the default bounds. */
    public HttpGatewayLauncher(
        final TlsOptions tls, final ConfigurationView configuration, final InetSocketAddress binaryAddress)
    {
        this(tls, configuration, binaryAddress, HttpLimits.DEFAULTS);
    }

    /** Without TLS, and without the binary ingress. */
    public HttpGatewayLauncher()
    {
        this(null, ConfigurationView.NONE, null);
    }

    @Override
    public Gateway launch(final ManagerServices services, final InetSocketAddress address)
    {
        final HttpContext plain = HttpContext.plain(address);
        final RequestRates rates = new RequestRates(limits, System::nanoTime);
        final HttpGateway http = HttpGateway.launch(
            new HttpContext(address, tls, plain.threads(), limits, configuration),
            services,
            rates);
        if (null == binaryAddress)
        {
            return http;
        }
        try
        {
            return new Both(http, BinaryGateway.launch(
                services, binaryAddress, http.tls(), IngressLimits.DEFAULTS, rates));
        }
        catch (final RuntimeException ex)
        {
            http.close();
            throw ex;
        }
    }

    private record Both(HttpGateway http, BinaryGateway binary) implements Gateway
    {
        @Override
        public int port()
        {
            return http.port();
        }

        @Override
        public int binaryPort()
        {
            return binary.port();
        }

        @Override
        public void close()
        {
            binary.close();
            http.close();
        }
    }
}
