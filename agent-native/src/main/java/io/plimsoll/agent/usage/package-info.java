/**
 * What this host and its kernels use: read from the system on a thread of its own, at an interval, and handed to the
 * agent's thread, which sends it when there is room. Start reading at {@link io.plimsoll.agent.usage.UsageSampler}.
 */
package io.plimsoll.agent.usage;
