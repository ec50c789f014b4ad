/**
 * Which cores, which memory and which physical devices of a host a kernel gets: the nearest to each other, so that
 * least is broken up of what remains. Start reading at {@link io.plimsoll.agent.allocation.Allocator}.
 */
package io.plimsoll.agent.allocation;
