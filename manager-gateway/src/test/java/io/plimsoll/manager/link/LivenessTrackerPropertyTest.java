package io.plimsoll.manager.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.core.sbe.GroupConfiguredDecoder;
import io.plimsoll.core.sbe.GroupConfiguredEncoder;
import io.plimsoll.core.sbe.MessageHeaderDecoder;
import io.plimsoll.core.sbe.MessageHeaderEncoder;
import io.plimsoll.manager.Counters;
import io.plimsoll.manager.Counters.Counter;
import io.plimsoll.manager.bed.MemoryLinks;
import io.plimsoll.manager.bed.MemoryUplink;
import io.plimsoll.manager.bed.RecordingIngress;
import io.plimsoll.manager.bed.SettableClock;
import io.plimsoll.manager.egress.SpecStore;
import io.plimsoll.manager.view.LiveViewStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** The tracker against {@link ExhaustiveTracker}, scan by scan, on histories that nobody thought of. */
class LivenessTrackerPropertyTest
{
    private static final int HISTORIES = 300;
    private static final int STEPS = 4_000;
    private static final int GROUPS = 3;
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long LOST_MIN_NS = 6 * SECOND;

    private final AgentSideOptions options =
        new AgentSideOptions(SECOND, 5 * SECOND, 3 * SECOND, 12 * SECOND, SECOND, SECOND, 8, 8);

    @Test
    void shouldSayWhatALookAtEveryoneSays()
    {
        long told = 0;
        for (int seed = 0; seed < HISTORIES; seed++)
        {
            told += new History(seed).run();
        }
        assertTrue(told > 100 * HISTORIES, "histories in which something happens: " + told);
    }

    /** One history of both. */
    private final class History
    {
        private final int seed;
        private final SplittableRandom random;
        private final SettableClock clock = new SettableClock();
        private final LiveViewStore view = new LiveViewStore(new SpecStore(), 8);
        private final MemoryLinks links = new MemoryLinks();
        private final LinkTable table = new LinkTable();
        private final RecordingIngress ingress = new RecordingIngress();
        private final RecordingIngress expectedIngress = new RecordingIngress();
        private final Counters counters = new Counters();
        private final Counters expectedCounters = new Counters();
        private final LivenessTracker tracker;
        private final ExhaustiveTracker expected;
        private final long[] connections;
        private final boolean[] isBeating;
        private final int[] groupOf;
        private final double beatShare;
        private long told;

        private History(final int seed)
        {
            this.seed = seed;
            random = new SplittableRandom(seed);
            for (int group = 0; group < GROUPS; group++)
            {
                configure(group);
            }
            final LinkParts parts =
                new LinkParts(links, new MemoryUplink(), table, new Handshakes(), options, HostDocuments.NONE);
            tracker = new LivenessTracker(parts, ingress, view, clock::monotonicNs, counters, LOST_MIN_NS);
            expected = new ExhaustiveTracker(
                parts, expectedIngress, view, clock::monotonicNs, expectedCounters, LOST_MIN_NS);
            final int agents = 1 + random.nextInt(30);
            connections = new long[agents];
            isBeating = new boolean[agents];
            groupOf = new int[agents];
            beatShare = random.nextDouble(0.05, 1);
        }

        private void configure(final int group)
        {
            final UnsafeBuffer event = new UnsafeBuffer(new byte[512]);
            new GroupConfiguredEncoder().wrapAndApplyHeader(event, 0, new MessageHeaderEncoder())
                .groupId(group)
                .lostTimeoutNs(random.nextInt(30) * SECOND)
                .groupName("g" + group)
                .selectionName("");
            view.onGroupConfigured(
                new GroupConfiguredDecoder().wrapAndApplyHeader(event, 0, new MessageHeaderDecoder()), null);
        }

        private long run()
        {
            for (int step = 0; step < STEPS; step++)
            {
                happen();
                clock.advance(0 == random.nextInt(500) ? random.nextLong(2 * SECOND) : random.nextLong(SECOND / 5),
                    TimeUnit.NANOSECONDS);
                tracker.doWork();
                expected.doWork();
                compare(step);
            }
            return told;
        }

        private void happen()
        {
            switch (random.nextInt(40))
            {
                case 0 -> attach(random.nextInt(connections.length));
                case 1 -> isBeating[random.nextInt(isBeating.length)] ^= true;
                case 2 -> silenceOrWake();
                case 3 -> configure(random.nextInt(GROUPS));
                case 4 -> refuse(0 == random.nextInt(4));
                case 5 -> release("g" + random.nextInt(GROUPS));
                default -> beat();
            }
        }

        private void attach(final int index)
        {
            connections[index]++;
            isBeating[index] = random.nextBoolean();
            groupOf[index] = random.nextInt(GROUPS);
            final AgentLink link = new AgentLink(links.open(), index + 1, connections[index], groupOf[index], "");
            table.attach(link);
            tracker.onAttached(link);
            expected.onAttached(link);
        }

        private void silenceOrWake()
        {
            final int group = random.nextInt(GROUPS);
            final boolean beats = random.nextBoolean();
            for (int i = 0; i < isBeating.length; i++)
            {
                isBeating[i] = group == groupOf[i] && 0 != random.nextInt(5) ? beats : isBeating[i];
            }
        }

        private void refuse(final boolean refuses)
        {
            ingress.full(refuses);
            expectedIngress.full(refuses);
        }

        private void release(final String group)
        {
            assertEquals(expected.release(group), tracker.release(group), "seed=" + seed);
        }

        private void beat()
        {
            for (int i = 0; i < isBeating.length; i++)
            {
                if (isBeating[i] && random.nextDouble() < beatShare)
                {
                    final long connection = connections[i] - (0 == random.nextInt(50) ? 1 : 0);
                    tracker.onHeartbeat(i + 1, connection, 1);
                    expected.onHeartbeat(i + 1, connection);
                }
            }
        }

        private void compare(final int step)
        {
            final List<String> commands = sorted(ingress);
            told += commands.size();
            final String place = "seed=" + seed + " step=" + step;
            assertEquals(sorted(expectedIngress), commands, place);
            assertEquals(expected.heldGroups(), tracker.heldGroups(), place);
            for (final Counter counter : Arrays.asList(
                Counter.AGENTS_SUSPECTED, Counter.AGENTS_LOST, Counter.AGENTS_RETURNED, Counter.TRACKER_PAUSES,
                Counter.HEARTBEATS))
            {
                assertEquals(expectedCounters.value(counter), counters.value(counter), place);
            }
        }

        /** In which order agents are told of in one scan is all the same to the core. */
        private List<String> sorted(final RecordingIngress commands)
        {
            final List<String> result = new ArrayList<>();
            commands.take().forEach(command -> result.add(HexFormat.of().formatHex(command)));
            result.sort(null);
            return result;
        }
    }
}
