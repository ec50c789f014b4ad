package io.plimsoll.ops.cli;

import io.plimsoll.agent.gpu.HostGpus;
import io.plimsoll.agent.topology.HostLimits;
import io.plimsoll.agent.topology.HostTopology;
import io.plimsoll.agent.topology.SysfsTopology;
import io.plimsoll.agent.topology.TopologyText;
import io.plimsoll.agent.topology.TopologyWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows what a host is made of, without an agent on it. */
@Command(
    name = "topology",
    sortOptions = false,
    synopsisHeading = "Usage: ",
    descriptionHeading = "%n",
    optionListHeading = "%nOptions:%n",
    description = {
        "Shows what this host is made of.",
        "As an agent on it would see it: sockets, memory nodes and their distances, cores, caches, the bus,",
        "GPUs, network interfaces. docs/TOPOLOGY.md explains every field of the JSON document."},
    footerHeading = "%nExamples:%n",
    footer = {
        "  plimsoll agent topology",
        "  plimsoll agent topology -o json > host.json",
        "  plimsoll agent topology --sysfs /srv/captured/sys -o json"})
final class AgentTopologyCommand implements Callable<Integer>
{
    private final Terminal terminal;

    @Option(
        names = "--sysfs",
        paramLabel = "ROOT",
        description = {
            "Directory like /sys, copied from any host, or one that holds sys and proc; this host's by default.",
            "GPUs are then those of the bus, since their driver cannot be asked."})
    private String sysfs;

    @Option(
        names = {"-o", "--output"},
        paramLabel = "table|json",
        description = "Form of the answer: a tree for people, or the document.")
    private OutputFormat output = OutputFormat.table;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Shows this help.")
    private boolean help;

    AgentTopologyCommand(final Terminal terminal)
    {
        this.terminal = terminal;
    }

    @Override
    public Integer call()
    {
        final HostTopology host = null == sysfs ? live() : captured(terminal.path(sysfs));
        if (OutputFormat.json == output)
        {
            terminal.out().print(TopologyWriter.write(host));
        }
        else
        {
            TopologyText.of(host).forEach(terminal.out()::println);
        }
        return ExitCode.OK;
    }

    private static HostTopology live()
    {
        try (HostGpus gpus = HostGpus.find())
        {
            return gpus.addTo(SysfsTopology.live());
        }
    }

    private static HostTopology captured(final Path root)
    {
        if (!Files.isDirectory(root))
        {
            throw new CliException(
                ExitCode.USAGE, "--sysfs: " + root + " is not a directory: give one like /sys, copied from a host");
        }
        try
        {
            return SysfsTopology.read(root, HostLimits.NONE);
        }
        catch (final IllegalArgumentException ex)
        {
            throw new CliException(ExitCode.USAGE, "--sysfs: " + ex.getMessage());
        }
    }
}
