package io.plimsoll.manager;

import java.net.InetSocketAddress;

/** Starts a front end once the manager has restored its state and its threads run. */
@FunctionalInterface
public interface GatewayLauncher
{
    /** For managers without a front end: benchmarks and tests that use {@link ManagerServices} directly. */
    GatewayLauncher NONE = (services, address) -> new Gateway()
    {
        @Override
        public int port()
        {
            return 0;
        }

        @Override
        public void close()
        {
            // Nothing was opened.
        }
    };

    /**
     * Starts it.
     *
     * @param services of the manager; usable until the gateway is closed, which happens before they end.
     * @param address  to listen on; port 0 lets the system choose.
     * @return the running front end.
     * @throws IllegalStateException if it cannot listen; the message is for people.
     */
    Gateway launch(ManagerServices services, InetSocketAddress address);
}
