/**
 * The commands that run a part of the cluster: what the configuration file says, how a manager and an agent are put
 * together from it, and the demo. Start with {@code ServerConfig} and {@code Node}.
 */
package io.plimsoll.ops.server;
