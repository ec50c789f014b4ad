package io.plimsoll.manager.http;

import io.plimsoll.manager.ConfigurationView;
import io.plimsoll.manager.Gateway;
import io.plimsoll.manager.GatewayLauncher;
import io.plimsoll.manager.ManagerServices;
import java.net.InetSocketAddress;
import java.nio.file.Path;

/**
 * Serves the HTTP API for a manager.
 *
 * @param certificateFile PEM chain, null: no TLS, loopback only.
 * @param keyFile         PEM PKCS#8 key, null: no TLS, loopback only.
 * @param configuration   what is shown of the manager's.
 */
public record HttpGatewayLauncher(Path certificateFile, Path keyFile, ConfigurationView configuration)
    implements GatewayLauncher
{
    /** Without TLS. */
    public HttpGatewayLauncher()
    {
        this(null, null, ConfigurationView.NONE);
    }

    @Override
    public Gateway launch(final ManagerServices services, final InetSocketAddress address)
    {
        final HttpContext plain = HttpContext.plain(address);
        return HttpGateway.launch(
            new HttpContext(
                address, certificateFile, keyFile, plain.threads(), plain.limits(), configuration),
            services);
    }
}
