package io.plimsoll.ops.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.plimsoll.agent.allocation.Affinity;
import io.plimsoll.agent.allocation.AllocationJson;
import io.plimsoll.agent.allocation.AllocationOptions;
import io.plimsoll.agent.allocation.Allocator;
import io.plimsoll.agent.allocation.Grant;
import io.plimsoll.agent.allocation.ResourceRequest;
import io.plimsoll.agent.allocation.Split;
import io.plimsoll.agent.runtime.CpuList;
import io.plimsoll.agent.topology.HostTopology;
import io.plimsoll.agent.topology.TopologyReader;
import io.plimsoll.transport.Amounts;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Answers what an agent on a host would give to requests, without a cluster. */
@Command(
    name = "allocate",
    sortOptions = false,
    synopsisHeading = "Usage: ",
    descriptionHeading = "%n",
    optionListHeading = "%nOptions:%n",
    description = {
        "Answers what an agent on a host would give to requests.",
        "Devices, cores and memory, one request after the other from what remains.",
        "Nothing runs. Exit code 1: one was refused. docs/ALLOCATION.md says how it",
        "is chosen."},
    footerHeading = "%nExamples:%n",
    footer = {
        "  plimsoll agent topology -o json > host.json",
        "  plimsoll agent allocate --topology host.json --request cuda.device=2,cpu=8",
        "  plimsoll agent allocate --topology host.json --request cpu=4 -o json > taken",
        "  plimsoll agent allocate --topology host.json --allocated taken --request cpu=8"})
final class AgentAllocateCommand implements Callable<Integer>
{
    /** As written on the command line. */
    private static final List<String> STRATEGIES = List.of("fill", "evenly", "prefer-single-node", "interleaved");
    /** So many of them say how an amount is split; the others say where it is. */
    private static final int SPLITS = 2;

    private final Terminal terminal;

    @Option(
        names = "--topology",
        required = true,
        paramLabel = "FILE",
        description = "The host, as 'plimsoll agent topology -o json' prints it.")
    private String topology;

    @Option(
        names = "--request",
        required = true,
        paramLabel = "SLOT=N,...",
        description = "What is wanted, such as cuda.device=2,cpu=8,mem=16g; repeatable.")
    private List<String> requests = new ArrayList<>();

    @Option(
        names = "--strategy",
        split = ",",
        paramLabel = "NAME",
        description = {
            "How an amount is split among devices: fill (the default; one after the other) or evenly. And where:",
            "prefer-single-node (fewest nodes) or interleaved (one of each in turn); nearest by default. Repeatable."})
    private List<String> strategies = new ArrayList<>();

    @Option(
        names = "--allocated",
        paramLabel = "FILE",
        description = "What is taken already: answers of this command, as JSON.")
    private String allocated;

    @Option(
        names = "--min-share",
        paramLabel = "N",
        description = "Devices with less left are not used for shares; 0.001 by default.")
    private String minShare = "0.001";

    @Option(
        names = "--no-fragmentation",
        description = "A share is never split among more devices than it needs if all were free.")
    private boolean whole;

    @Option(names = "--reserve-cpus", paramLabel = "LIST", description = "Processors for the host, such as 0,64.")
    private String reserveCpus;

    @Option(names = "--reserve-mem", paramLabel = "SIZE", description = "Memory for the host, such as 2g.")
    private String reserveMem;

    @Option(
        names = {"-o", "--output"},
        paramLabel = "table|json",
        description = "Form of the answers.")
    private OutputFormat output = OutputFormat.table;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Shows this help.")
    private boolean help;

    AgentAllocateCommand(final Terminal terminal)
    {
        this.terminal = terminal;
    }

    @Override
    public Integer call()
    {
        final HostTopology host = reserved(read("--topology", topology, TopologyReader::read));
        final Allocator allocator = new Allocator(host);
        if (null != allocated)
        {
            final List<Grant> taken = read("--allocated", allocated, json -> AllocationJson.read(json, host));
            taken.forEach(allocator::claim);
        }
        final List<ResourceRequest> wanted =
            requests.stream().map(text -> option("--request", text, ResourceRequest::parse)).toList();
        final ArrayNode answers = AllocationJson.serve(allocator, options(), wanted);
        if (OutputFormat.json == output)
        {
            terminal.out().println(answers.toPrettyString());
        }
        else
        {
            table(answers).print(terminal.out());
        }
        return AllocationJson.isRefused(answers) ? ExitCode.FAILED : ExitCode.OK;
    }

    private AllocationOptions options()
    {
        AllocationOptions options = new AllocationOptions(
            Split.FILL,
            Affinity.NEAREST,
            !whole,
            option("--min-share", minShare, AgentAllocateCommand::share));
        boolean hasSplit = false;
        boolean hasAffinity = false;
        for (final String strategy : strategies)
        {
            // Those who know them from elsewhere write them as PREFER_SINGLE_NODE.
            final String name = strategy.strip().toLowerCase(Locale.ROOT).replace('_', '-');
            final boolean isSplit = STRATEGIES.indexOf(name) < SPLITS;
            options = switch (name)
            {
                case "fill" -> options.with(Split.FILL);
                case "evenly" -> options.with(Split.EVENLY);
                case "prefer-single-node" -> options.with(Affinity.PREFER_SINGLE_NODE);
                case "interleaved" -> options.with(Affinity.INTERLEAVED);
                default -> throw new CliException(ExitCode.USAGE,
                    "--strategy: '" + strategy + "' is not one of " + String.join(", ", STRATEGIES));
            };
            if (isSplit ? hasSplit : hasAffinity)
            {
                throw new CliException(ExitCode.USAGE, "--strategy: '" + strategy + "' comes after another of the " +
                    "same kind: give one of " + String.join(", ", STRATEGIES.subList(0, SPLITS)) + " and one of " +
                    String.join(", ", STRATEGIES.subList(SPLITS, STRATEGIES.size())));
            }
            hasSplit |= isSplit;
            hasAffinity |= !isSplit;
        }
        return options;
    }

    private static long share(final String text)
    {
        final String rule = "'" + text + "' is not a share: write such as 0.25, from 0 on";
        try
        {
            final long millis = ResourceRequest.parse("share=" + text).amount("share");
            if (millis < 0)
            {
                throw new IllegalArgumentException(rule);
            }
            return millis;
        }
        catch (final IllegalArgumentException e)
        {
            throw new IllegalArgumentException(rule, e);
        }
    }

    private HostTopology reserved(final HostTopology host)
    {
        final BitSet cpus = null == reserveCpus ?
            host.reserved().cpus() : option("--reserve-cpus", reserveCpus, AgentAllocateCommand::cpus);
        final long memory = null == reserveMem ?
            host.reserved().memoryBytes() : option("--reserve-mem", reserveMem, Amounts::bytes);
        return host.with(new HostTopology.Reserve(cpus, memory));
    }

    private static BitSet cpus(final String list)
    {
        try
        {
            return CpuList.parse(list);
        }
        catch (final NumberFormatException | IndexOutOfBoundsException e)
        {
            throw new IllegalArgumentException("'" + list + "' is not a list of processors: write such as 0,64-67", e);
        }
    }

    private static <T> T option(final String name, final String text, final Function<String, T> reader)
    {
        try
        {
            return reader.apply(text);
        }
        catch (final IllegalArgumentException e)
        {
            throw new CliException(ExitCode.USAGE, name + ": " + e.getMessage());
        }
    }

    private <T> T read(final String name, final String file, final Function<String, T> reader)
    {
        try
        {
            return reader.apply(Files.readString(terminal.path(file), StandardCharsets.UTF_8));
        }
        catch (final NoSuchFileException e)
        {
            throw new CliException(ExitCode.USAGE, name + ": there is no file " + file);
        }
        catch (final CharacterCodingException e)
        {
            throw new CliException(ExitCode.USAGE, name + ": " + file + " is no text in UTF-8, so it is no JSON");
        }
        catch (final IOException e)
        {
            throw new CliException(ExitCode.USAGE, name + ": cannot read " + file + ": " + e.getMessage());
        }
        catch (final IllegalArgumentException e)
        {
            throw new CliException(ExitCode.USAGE, name + ": " + file + ": " + e.getMessage());
        }
    }

    private static TextTable table(final ArrayNode answers)
    {
        final TextTable table = new TextTable("REQUEST", "DEVICES", "CPUS", "MEMORY NODES", "REFUSED");
        answers.forEach(answer -> table.row(
            answer.get("request").textValue(),
            String.join(",", StreamSupport.stream(answer.path("granted").properties().spliterator(), false)
                .map(device -> device.getKey() + "=" + device.getValue()).toList()),
            answer.path("cpus").asText("-"),
            answer.path("memoryNodes").asText("-"),
            answer.path("refused").asText("")));
        return table;
    }
}
