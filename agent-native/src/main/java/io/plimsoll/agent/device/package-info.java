/**
 * Devices that the agent knows nothing of by itself. Whoever makes some implements
 * {@link io.plimsoll.agent.device.DevicePlugin}; {@link io.plimsoll.agent.device.FileDevices} is one, and an example.
 */
package io.plimsoll.agent.device;
