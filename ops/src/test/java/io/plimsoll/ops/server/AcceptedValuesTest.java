package io.plimsoll.ops.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.ops.cli.Terminal;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AcceptedValuesTest
{
    @TempDir
    private Path home;

    @Test
    void shouldPutEtcdOverTheEnvironmentAndBelowOptions()
    {
        final Settings settings = accepted(Map.of("PLIMSOLL_LIVENESS_LOST", "70s", "PLIMSOLL_LISTEN", "127.0.0.1:1"))
            .accept(Map.of(
                "liveness/lost", "80s",
                "listen", "127.0.0.1:2",
                "groups/gpu/preemption/mode", "terminate",
                "agent/labels", "{zone: z1, cuda.model: A100}",
                "discovery/manager", "{}"));
        assertEquals("etcd /p/liveness/lost", settings.trace().origin("liveness.lost").toString());
        assertEquals("option --listen", settings.trace().origin("listen").toString());
        assertEquals(Map.of("gpu", Map.of("preemption.mode", "terminate")), settings.manager().groups());
        assertEquals("A100", settings.agent().labels().get("cuda.model"));
    }

    @Test
    void shouldKeepTheValueBeforeAWrongOne()
    {
        final AcceptedValues values = accepted(Map.of());
        values.accept(Map.of("limits/ring", "1024", "durability", "async"));
        final Settings settings =
            values.accept(Map.of("limits/ring", "many", "durability", "sync", "limits/rong", "1", "colour/of/it", "x"));
        assertEquals(1024, settings.manager().ringSize());
        assertEquals("sync", settings.trace().entry("durability").value());
        assertEquals(Set.of("limits/ring", "limits/rong", "colour/of/it"), values.refusals().keySet());
        assertTrue(
            values.refusals().get("limits/ring").startsWith("etcd /p/limits/ring: limits.ring: expected a whole"),
            values.refusals().toString());
        values.accept(Map.of("limits/ring", "2048"));
        assertEquals(Map.of(), values.refusals());
    }

    /** A lease that is longer than the time to loss: neither of the two is wrong by itself. */
    @Test
    void shouldRefuseTogetherWhatIsWrongTogether()
    {
        final AcceptedValues values = accepted(Map.of());
        values.accept(Map.of("liveness/lost", "80s"));
        final Settings settings = values.accept(Map.of("liveness/lost", "80s", "liveness/lease", "79s"));
        assertEquals("etcd /p/liveness/lost", settings.trace().origin("liveness.lost").toString());
        assertEquals(Origin.DEFAULT, settings.trace().origin("liveness.lease"));
        assertEquals(1, values.refusals().size(), values.refusals().toString());
    }

    @Test
    void shouldRefuseWhatIsNeededToGetThere()
    {
        final AcceptedValues values = accepted(Map.of());
        values.accept(Map.of("etcd/endpoints", "x:1", "data", "/tmp"));
        assertEquals(Set.of("etcd/endpoints", "data"), values.refusals().keySet());
    }

    @Test
    void shouldRefuseASectionThatIsNone()
    {
        final AcceptedValues values = accepted(Map.of());
        values.accept(Map.of("liveness", "3s", "groups/gpu", "{order: [", "journal", "{segment: 2m}"));
        assertEquals(Set.of("liveness", "groups/gpu"), values.refusals().keySet());
    }

    private AcceptedValues accepted(final Map<String, String> environment)
    {
        final Terminal terminal = new Terminal(System.out, System.err, environment, home, home);
        return new AcceptedValues(
            new SettingsSource(
                terminal, null, environment, root -> root.override("listen", "127.0.0.1:0")),
            "/p");
    }
}
