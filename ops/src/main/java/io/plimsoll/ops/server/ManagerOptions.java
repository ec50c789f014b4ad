package io.plimsoll.ops.server;

import picocli.CommandLine.Option;

/** Options of the commands that run a manager. */
final class ManagerOptions implements ServerOptions
{
    @Option(
        names = "--listen",
        paramLabel = "HOST:PORT",
        description = "Address of the HTTP API; 127.0.0.1:7077 by default. Port 0: a free one.")
    private String listen;

    @Option(
        names = "--agent-listen",
        paramLabel = "HOST:PORT",
        description = "Address for agents, TCP and UDP; the host and the next port of the API by default.")
    private String agentListen;

    @Option(
        names = "--binary-listen",
        paramLabel = "HOST:PORT",
        description = "Address of the binary ingress, see docs/BINARY.md; none by default. Port 0: a free one.")
    private String binaryListen;

    @Option(
        names = "--durability",
        paramLabel = "sync|async",
        description = "When a change counts as journalled: on disk (sync, the default), or in the page cache (async).")
    private String durability;

    @Override
    public void putOver(final ConfigNode root)
    {
        root.override("listen", listen);
        root.override("agent-listen", agentListen);
        root.override("binary-listen", binaryListen);
        root.override("durability", durability);
    }
}
