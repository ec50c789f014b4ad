package io.plimsoll.ops.server;

import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** Options of the commands that run an agent: what it offers. */
final class AgentOptionsMixin implements ServerOptions
{
    @Option(names = "--name", paramLabel = "NAME", description = "Name of the agent; the host's by default.")
    private String name;

    @Option(
        names = "--group", paramLabel = "GROUP", description = "Resource group of the agent; 'default' by default.")
    private String group;

    @Option(names = "--cpu", paramLabel = "CORES", description = "Cores to offer; all by default.")
    private String cpu;

    @Option(names = "--mem", paramLabel = "SIZE", description = "Memory to offer; most of it by default.")
    private String mem;

    @Option(names = "--slot", paramLabel = "NAME=N", description = "Another countable resource to offer; repeatable.")
    private Map<String, Long> slots = new LinkedHashMap<>();

    @Option(
        names = "--label",
        paramLabel = "K=V",
        description = "A label that sessions can ask for, such as zone=z1 or cuda.model=A100; repeatable.")
    private Map<String, String> labels = new LinkedHashMap<>();

    @Option(
        names = "--address",
        paramLabel = "ADDRESS",
        description = "Where kernels on other hosts reach those on this one; the label address. " +
            "By default what its link to the manager comes from.")
    private String address;

    @Option(names = "--rack", paramLabel = "R", description = "The rack it stands in; the label rack.")
    private String rack;

    @Option(names = "--block", paramLabel = "B", description = "The block of racks it stands in; the label block.")
    private String block;

    @Option(names = "--max-kernels", paramLabel = "N", description = "Most kernels at a time; no limit by default.")
    private Integer kernelsMax;

    @Option(
        names = "--docker",
        paramLabel = "HOST",
        description = "Docker Engine for sessions with an image: unix:///PATH, tcp://HOST:PORT, or none; " +
            "unix:///var/run/docker.sock by default.")
    private String docker;

    @Option(
        names = "--docker-leftovers",
        paramLabel = "report|remove",
        description = "What becomes of containers that this agent has made and does not know; report by default.")
    private String dockerLeftovers;

    @Option(
        names = "--docker-pull",
        paramLabel = "digest|tag|never",
        description = "When images are pulled: before each start, if there is none of that name (default), or never.")
    private String dockerPull;

    @Override
    public void putOver(final ConfigNode root)
    {
        final ConfigNode agent = root.section("agent");
        agent.override("name", name);
        agent.override("group", group);
        agent.override("cpu", cpu);
        agent.override("mem", mem);
        agent.override("max-kernels", kernelsMax);
        final ConfigNode dockerNode = agent.section("docker");
        dockerNode.override("host", docker, "--docker");
        dockerNode.override("leftovers", dockerLeftovers, "--docker-leftovers");
        dockerNode.override("pull", dockerPull, "--docker-pull");
        final ConfigNode labelNode = agent.section("labels");
        labels.forEach((label, value) -> labelNode.override(label, value, "--label"));
        labelNode.override("address", address);
        labelNode.override("rack", rack);
        labelNode.override("block", block);
        slots.forEach((slot, amount) -> agent.section("slots").override(slot, amount, "--slot"));
    }
}
