package io.plimsoll.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.plimsoll.agent.Assignments;
import io.plimsoll.agent.Await;
import io.plimsoll.agent.kernel.KernelDirectory;
import io.plimsoll.agent.kernel.KernelEnd;
import io.plimsoll.agent.kernel.KernelKey;
import io.plimsoll.transport.ContainerSpec;
import io.plimsoll.transport.LaunchSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Kernels of one session find each other by role, on one host and across hosts, on a real engine. */
class DockerNetworkIT
{
    /** Another engine of the machine may have forbidden what its bridges forward; what stays on one bridge may pass. */
    private static final String BRIDGED = "FORWARD -m physdev --physdev-is-bridged -m comment --comment pd" +
        ProcessHandle.current().pid() + " -j ACCEPT";
    private static final String SERVE = "nc -ll -p PORT -e echo hello from $(hostname) & ";
    private static final String FETCH = "until nc -w 2 NAME </dev/null | grep hello; do sleep 0.2; done";
    @RegisterExtension
    static final EngineOfTests ENGINE = new EngineOfTests();

    private final DockerDaemon daemon = ENGINE.daemon();

    @TempDir
    private Path directory;
    private Containers containers;

    @BeforeAll
    static void allowBridges()
    {
        DockerDaemon.shell("iptables -I " + BRIDGED);
    }

    @AfterAll
    static void forbidBridges()
    {
        DockerDaemon.shell("iptables -D " + BRIDGED);
    }

    @BeforeEach
    void start() throws IOException
    {
        containers = new Containers(directory, Containers.options(daemon));
    }

    @AfterEach
    void stop()
    {
        containers.close();
    }

    private static Assignments kernel(final long kernelId, final String script, final Integer... ports)
    {
        return Assignments.of(kernelId).spec(new LaunchSpec(
            List.of("sh", "-c", script), Map.of(), null, DockerDaemon.IMAGE, 0, 0,
            new ContainerSpec(null, 0, List.of(), List.of(ports))));
    }

    private List<String> networks()
    {
        return daemon.ask("network ls --format {{.Name}} --filter label=" + ContainerLabels.AGENT + "=" +
            Containers.AGENT).lines().toList();
    }

    private void awaitNoNetworks()
    {
        Await.until(() -> "the removal of " + networks(), () ->
        {
            containers.poll();
            return networks().isEmpty();
        });
    }

    @Test
    void shouldFindEachOtherByRoleOnOneHost() throws IOException
    {
        final KernelKey main = containers.launch(kernel(
            1024, SERVE.replace("PORT", "80") + FETCH.replace("NAME", "sub1 80") + "; echo $PLIMSOLL_CLUSTER_PEERS; " +
                "until [ -e go ]; do sleep 0.1; done; exit 4").among(0, "n", "n").make());
        final KernelKey sub = containers.launch(kernel(
            1025, SERVE.replace("PORT", "80") + FETCH.replace("NAME", "main 80") + "; sleep 1000")
            .among(1, "n", "n").make());
        containers.awaitText(main, KernelDirectory.STDOUT, "hello from sub1\nmain,sub1\n");
        containers.awaitText(sub, KernelDirectory.STDOUT, "hello from main\n");
        assertEquals(1, networks().size());
        containers.restart();
        containers.kill(sub, 0);
        containers.awaitEnd(sub);
        assertEquals(1, networks().size());
        assertEquals(0, DockerDaemon.shell("touch " + containers.file(main, "work/go")).exitCode());
        assertEquals(KernelEnd.exited(4), containers.awaitEnd(main));
        containers.awaitRemoval(daemon);
        awaitNoNetworks();
        // Another attempt at the same session has one again.
        assertEquals(KernelEnd.exited(0), containers.awaitEnd(containers.launch(
            kernel(1024, "nslookup main").among(0, "n", "n").epoch(1, 2).make())));
        awaitNoNetworks();
    }

    @Test
    void shouldFindEachOtherAcrossHostsByThePortsTheyPublish()
    {
        final String[] hosts = daemon.addresses().toArray(String[]::new);
        final String[] names = {"one.invalid", "two.invalid"};
        final KernelKey sub = containers.launch(kernel(
            1025, SERVE.replace("PORT", "18080") + "echo $PLIMSOLL_PORTS; sleep 1000", 18080)
            .among(1, names).at(hosts).make());
        final KernelKey main = containers.launch(kernel(
            1024, FETCH.replace("NAME", "sub1 18080") + "; cat /etc/hosts").among(0, names).at(hosts).make());
        assertEquals(KernelEnd.exited(0), containers.awaitEnd(main));
        assertEquals("18080=18080\n", containers.text(sub, KernelDirectory.STDOUT));
        final String told = containers.text(main, KernelDirectory.STDOUT);
        assertEquals("hello from sub1", told.lines().findFirst().orElseThrow(), told);
        assertEquals(1, told.lines().filter(line -> line.equals(hosts[1] + "\tsub1")).count(), told);
        assertEquals(List.of(), networks());
        // The one that came to run later is told to the first.
        containers.runtime.tellPorts(sub, Map.of(0, "80=30500"));
        final String peers = daemon.ask("exec plimsoll-" + sub.directoryName() + " sh -c 'cat $PLIMSOLL_PEERS'");
        assertEquals("main " + hosts[0] + " 80=30500\nsub1 " + hosts[1] + " 18080=18080", peers);
        // The port is taken: another has one of the pool, until the first has gone.
        final KernelKey next = containers.launch(kernel(2049, "echo $PLIMSOLL_PORTS", 18080).among(1, hosts).make());
        assertEquals(KernelEnd.exited(0), containers.awaitEnd(next));
        assertFalse(containers.text(next, KernelDirectory.STDOUT).contains("18080=18080"));
    }

    @Test
    void shouldRemoveWhatAnEarlierLifeHasLeftAndNothingElse() throws IOException
    {
        final KernelKey main = containers.launch(kernel(1024, "sleep 1000").among(0, "n", "n").make());
        containers.awaitStarted(main);
        final List<String> own = networks();
        daemon.ask("network create --label " + ContainerLabels.AGENT + "=" + Containers.AGENT + " left");
        daemon.ask("network create --label " + ContainerLabels.AGENT + "=another others");
        containers.restart();
        Await.until(() -> own + " only, and not " + networks(), () ->
        {
            containers.poll();
            return own.equals(networks());
        });
        containers.kill(main, 0);
        containers.awaitEnd(main);
        awaitNoNetworks();
        assertEquals("others", daemon.ask("network ls --format {{.Name}} --filter label=" + ContainerLabels.AGENT));
        daemon.ask("network rm others");
    }
}
