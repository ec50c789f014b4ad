package io.plimsoll.agent.topology;

import java.util.List;

/**
 * A device on the PCI bus, or a bridge to more of them.
 *
 * @param address   such as {@code 0000:17:00.0}.
 * @param kind      what it is in the tree.
 * @param classCode six hexadecimal digits, such as {@code 030200} for an accelerator and {@code 060400} for a bridge.
 * @param vendor    four hexadecimal digits; empty: not known.
 * @param device    four hexadecimal digits; empty: not known.
 * @param numa      id of its NUMA node; {@link HostDevice#NO_NODE}: not known.
 * @param root      host bridge that it hangs on, such as {@code pci0000:16}; empty: not known.
 * @param path      addresses of the bridges between root and device, the root's first.
 */
public record PciFunction(
    String address,
    Kind kind,
    String classCode,
    String vendor,
    String device,
    int numa,
    String root,
    List<String> path)
{
    private static final String NVIDIA = "10de";
    private static final String DISPLAY_CLASS = "03";

    /** Whether it is a GPU that CUDA could use. */
    public boolean isGpu()
    {
        return NVIDIA.equals(vendor) && classCode.startsWith(DISPLAY_CLASS);
    }

    /** Place in the tree. */
    public enum Kind
    {
        /** A bridge on the root complex itself. */
        root_port,
        /** The side of a switch that faces the root. */
        switch_upstream,
        /** A side of a switch that faces devices. */
        switch_downstream,
        /** Any other bridge. */
        bridge,
        /** No bridge. */
        device;

        /** As it stands in the document, such as {@code root-port}. */
        public String label()
        {
            return name().replace('_', '-');
        }
    }
}
