package io.plimsoll.agent.topology;

/**
 * A device that was taken out: nobody is given it.
 *
 * @param id     that it had, such as {@code cuda3}; no other device gets it.
 * @param slot   that it was capacity of.
 * @param uuid   of it; empty: not known.
 * @param pci    address; empty: none.
 * @param reason in words.
 */
public record FailedDevice(String id, String slot, String uuid, String pci, String reason)
{
}
