package io.plimsoll.loadtest.fleet;

/**
 * One machine.
 *
 * @param name unique in its fleet.
 * @param rack that it stands in; empty: not known.
 * @param kind what it is.
 */
public record Machine(String name, String rack, MachineKind kind)
{
}
