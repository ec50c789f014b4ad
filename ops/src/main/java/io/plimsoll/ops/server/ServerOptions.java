package io.plimsoll.ops.server;

/** Options of a server command that go over the configuration file. */
@FunctionalInterface
interface ServerOptions
{
    /** Puts what was given over what the file says. */
    void putOver(ConfigNode root);
}
