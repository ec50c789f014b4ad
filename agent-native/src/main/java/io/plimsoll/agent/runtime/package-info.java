/**
 * How kernels run: the port {@link io.plimsoll.agent.runtime.KernelRuntime} and its implementations. Every native call
 * of the agent is in here. Start reading at {@link io.plimsoll.agent.runtime.ProcessKernelRuntime} and at the script
 * {@code supervisor.sh} beside it.
 */
package io.plimsoll.agent.runtime;
