/**
 * The uplink: sealed frames over Aeron, from agents to the manager. Start reading at
 * {@link io.plimsoll.transport.uplink.UplinkReceiver} and {@link io.plimsoll.transport.uplink.UplinkSender}, which
 * duty cycles see, then at {@link io.plimsoll.transport.uplink.UplinkFrame} for what is on the wire.
 */
package io.plimsoll.transport.uplink;
