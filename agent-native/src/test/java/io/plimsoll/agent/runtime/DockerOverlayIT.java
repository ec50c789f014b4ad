package io.plimsoll.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.plimsoll.agent.Assignments;
import io.plimsoll.agent.Await;
import io.plimsoll.agent.kernel.KernelDirectory;
import io.plimsoll.agent.kernel.KernelEnd;
import io.plimsoll.agent.kernel.KernelKey;
import io.plimsoll.transport.ContainerSpec;
import io.plimsoll.transport.LaunchSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kernels on two hosts in an overlay network: two engines, each in a network of its own, in one swarm. */
class DockerOverlayIT
{
    private static final int HOSTS = 2;
    private static final String NETWORK = "ov";
    private static final String MARK = "p" + ProcessHandle.current().pid();
    private static final String SUBNET = "10.214." + ProcessHandle.current().pid() % 250;
    private static final List<DockerDaemon> ENGINES = new ArrayList<>();

    @TempDir
    private Path directory;
    private final List<Containers> agents = new ArrayList<>();

    @BeforeAll
    static void makeSwarm() throws IOException
    {
        DockerDaemon.shell("ip link add " + MARK + " type bridge; ip link set " + MARK + " up");
        for (int i = 1; i <= HOSTS; i++)
        {
            final String space = MARK + "n" + i;
            final String inside = "ip -n " + space + " ";
            DockerDaemon.shell(String.join(
                ";", "ip netns add " + space,
                "ip link add " + MARK + "v" + i + " master " + MARK + " up type veth peer name eth0 netns " + space,
                inside + "link set lo up", inside + "link set eth0 up",
                inside + "addr add " + SUBNET + "." + i + "/24 dev eth0",
                inside + "route add default via " + SUBNET + ".254"));
            ENGINES.add(DockerDaemon.launchIn(space));
        }
        final DockerDaemon first = ENGINES.get(0);
        first.ask("swarm init --advertise-addr " + SUBNET + ".1");
        ENGINES.get(1).ask("swarm join --advertise-addr " + SUBNET + ".2 --token " +
            first.ask("swarm join-token -q worker") + " " + SUBNET + ".1:2377");
        first.ask("network create --driver overlay --attachable " + NETWORK);
        first.ask("network create --driver overlay services");
    }

    @AfterAll
    static void endSwarm()
    {
        ENGINES.forEach(DockerDaemon::close);
        for (int i = 1; i <= HOSTS; i++)
        {
            DockerDaemon.shell("ip netns del " + MARK + "n" + i);
        }
        DockerDaemon.shell("ip link del " + MARK);
    }

    @AfterEach
    void stop()
    {
        agents.forEach(Containers::close);
        ENGINES.forEach(DockerDaemon::clear);
    }

    private Containers agent(final int host, final String network) throws IOException
    {
        final Containers agent = new Containers(
            directory.resolve(host + network), Containers.options(ENGINES.get(host)).withNetwork(network));
        agents.add(agent);
        Await.until(() -> "an engine, not " + agent.docker.labels(), () ->
            agent.docker.labels().containsKey(ContainerSpec.ENGINE_LABEL));
        return agent;
    }

    private static Assignments kernel(final long session, final int index, final String script)
    {
        return Assignments.of(session << 10 | index)
            .spec(new LaunchSpec(
                List.of("sh", "-c", script), Map.of(), null, DockerDaemon.IMAGE, 0, 0, ContainerSpec.NONE))
            .among(index, "one", "two", "two")
            .at(ContainerSpec.IN_NETWORK, SUBNET + ".2" + ContainerSpec.IN_NETWORK, ContainerSpec.IN_NETWORK);
    }

    private void pollAll()
    {
        agents.forEach(Containers::poll);
    }

    @Test
    void shouldFindEachOtherByRoleOnAllPortsAndNobodyOfOtherSessions() throws IOException
    {
        final Containers one = agent(0, NETWORK);
        final Containers two = agent(1, NETWORK);
        assertEquals(NETWORK, one.docker.labels().get(ContainerSpec.NETWORK_LABEL));
        assertEquals(NETWORK, two.docker.labels().get(ContainerSpec.NETWORK_LABEL));
        final List<KernelKey> mains = new ArrayList<>();
        for (final int session : List.of(1, 2))
        {
            final String fetch = "for p in sub1 sub2; do until nc -w 2 $p 8080 </dev/null | grep hello; do " +
                "sleep 0.2; done; done; cat $PLIMSOLL_PEERS";
            mains.add(one.launch(kernel(session, 0, fetch).make()));
        }
        // Those that are looked for come later, and their sessions have the same roles.
        final List<KernelKey> subs = new ArrayList<>();
        for (final int session : List.of(1, 2))
        {
            for (final int index : List.of(1, 2))
            {
                subs.add(two.launch(kernel(
                    session, index, "nc -ll -p 8080 -e echo hello from $(hostname) of " + session).make()));
            }
        }
        for (final int session : List.of(1, 2))
        {
            final KernelKey main = mains.get(session - 1);
            Await.until(() -> "the end, of " + one.text(main, KernelDirectory.STDOUT), () ->
            {
                pollAll();
                return one.ends.containsKey(main);
            });
            assertEquals(KernelEnd.exited(0), one.ends.get(main));
            assertEquals(
                "hello from sub1 of " + session + "\nhello from sub2 of " + session + "\nmain one -\nsub1 " + SUBNET +
                ".2 -\nsub2 two -\n",
                one.text(main, KernelDirectory.STDOUT));
        }
        subs.forEach(sub -> two.kill(sub, 0));
        subs.forEach(two::awaitEnd);
        // It is the operator's, and stays.
        assertEquals(1, ENGINES.get(0).ask("network ls --format {{.Name}}").lines().filter(NETWORK::equals).count());
    }

    @Test
    void shouldDoWithoutANetworkThatCannotBeUsed() throws IOException
    {
        for (final String network : List.of("nosuch", "services", "bridge"))
        {
            final Containers agent = agent(0, network);
            assertEquals(Map.of(ContainerSpec.ENGINE_LABEL, "docker"), agent.docker.labels(), network);
        }
        final Containers agent = agents.get(0);
        final KernelKey main = agent.launch(kernel(3, 0, "cat /etc/hosts").make());
        assertEquals(KernelEnd.exited(0), agent.awaitEnd(main));
        final String hosts = agent.text(main, KernelDirectory.STDOUT);
        assertEquals(1, hosts.lines().filter(line -> line.equals(SUBNET + ".2\tsub1")).count(), hosts);
    }
}
