/**
 * Links and uplinks without sockets, for single-process and simulated clusters: thousands of agents and their manager
 * in one thread, in an order that depends on nothing but the calls, with faults on demand. Same interfaces, same
 * bounds and same refusals as the real ones. Start reading at {@link io.plimsoll.transport.memory.MemoryLinkNetwork}
 * and {@link io.plimsoll.transport.memory.MemoryUplink}. Nothing here is thread-safe.
 */
package io.plimsoll.transport.memory;
