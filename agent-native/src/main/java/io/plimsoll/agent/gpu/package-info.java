/**
 * GPUs through their driver's library, NVML. Start reading at {@link io.plimsoll.agent.gpu.HostGpus}.
 */
package io.plimsoll.agent.gpu;
