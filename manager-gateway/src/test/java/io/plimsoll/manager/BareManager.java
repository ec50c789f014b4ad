package io.plimsoll.manager;

import io.plimsoll.journal.CommitMode;
import java.net.InetSocketAddress;
import java.nio.file.Path;

/** A manager for tests of one way into it: without any of its own. */
public final class BareManager
{
    private BareManager()
    {
    }

    /** Starts one with its data in a directory; the caller closes it. */
    public static Manager launch(final Path directory)
    {
        return Manager.launch(new ManagerContext()
            .dataDirectory(directory)
            .apiAddress(new InetSocketAddress("127.0.0.1", 0))
            .commitMode(CommitMode.ASYNC)
            .gatewayLauncher(GatewayLauncher.NONE));
    }
}
