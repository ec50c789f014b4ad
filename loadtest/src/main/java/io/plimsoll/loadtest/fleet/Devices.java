package io.plimsoll.loadtest.fleet;

/**
 * Devices of one kind in a machine.
 *
 * @param kind  family, such as cuda.
 * @param model of them; empty: not known.
 * @param count in one machine.
 */
public record Devices(String kind, String model, int count)
{
}
