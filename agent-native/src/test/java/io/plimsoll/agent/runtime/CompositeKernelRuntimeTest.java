package io.plimsoll.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.plimsoll.agent.Assignments;
import io.plimsoll.agent.kernel.Assignment;
import io.plimsoll.agent.kernel.KernelEnd;
import io.plimsoll.agent.kernel.KernelKey;
import io.plimsoll.transport.LaunchSpecCodec;
import io.plimsoll.transport.sbe.ReportReason;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CompositeKernelRuntimeTest
{
    private final List<String> calls = new ArrayList<>();

    @Test
    void shouldTellBothOfDevicesThatAreOutAndOfWhatIsDiscarded()
    {
        try (CompositeKernelRuntime both = new CompositeKernelRuntime(new Told("p"), new Told("c")))
        {
            final KernelKey key = Assignments.of(1).make().key();
            both.takeOut("cuda1");
            both.discard(key);
            both.kill(key, 0, 0);
            assertEquals("p,c", both.name());
        }
        assertEquals(
            List.of("p out cuda1", "c out cuda1", "p discard", "c discard", "p kill", "c kill", "c close", "p close"),
            calls);
    }

    @Test
    void shouldRefuseImagesWithoutAnEngine()
    {
        final List<KernelEnd> ends = new ArrayList<>();
        try (CompositeKernelRuntime alone = new CompositeKernelRuntime(new Told("p"), null))
        {
            final Assignment assignment = Assignments.of(1).command("true").make();
            final String json = "{\"command\":[\"true\"],\"image\":\"busy:1\"}";
            alone.tryLaunch(
                new KernelLaunch(
                    assignment, LaunchSpecCodec.decode(json.getBytes(StandardCharsets.UTF_8)), null),
                0);
            assertEquals(1, alone.alive());
            alone.poll(
                new KernelListener()
                {
                    @Override
                    public void onStarted(
                        final KernelKey key, final long sinceNs, final String cpus, final String devices)
                    {
                        throw new AssertionError(key);
                    }

                    @Override
                    public void onEnded(final KernelKey key, final KernelEnd end)
                    {
                        ends.add(end);
                    }
                },
                0);
        }
        assertEquals(1, ends.size());
        assertEquals(ReportReason.LAUNCH_FAILED, ends.get(0).reason());
        assertEquals(List.of("p forestall", "p close"), calls);
    }

    /** Writes down what it is told. */
    private final class Told implements KernelRuntime
    {
        private final String name;

        Told(final String name)
        {
            this.name = name;
        }

        @Override
        public String name()
        {
            return name;
        }

        @Override
        public boolean tryLaunch(final KernelLaunch launch, final long nowNs)
        {
            return calls.add(name + " launch");
        }

        @Override
        public boolean adopt(final Assignment assignment, final long nowNs)
        {
            return calls.add(name + " adopt");
        }

        @Override
        public boolean forestall(final KernelKey key)
        {
            return calls.add(name + " forestall");
        }

        @Override
        public void kill(final KernelKey key, final long graceNs, final long nowNs)
        {
            calls.add(name + " kill");
        }

        @Override
        public int poll(final KernelListener listener, final long nowNs)
        {
            return 0;
        }

        @Override
        public int alive()
        {
            return 0;
        }

        @Override
        public void discard(final KernelKey key)
        {
            calls.add(name + " discard");
        }

        @Override
        public void takeOut(final String device)
        {
            calls.add(name + " out " + device);
        }

        @Override
        public void close()
        {
            calls.add(name + " close");
        }
    }
}
