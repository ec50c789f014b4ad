/**
 * What a host is made of: processors, memory, devices, and how far they are from each other. Start reading at
 * {@link io.plimsoll.agent.topology.HostTopology}.
 */
package io.plimsoll.agent.topology;
