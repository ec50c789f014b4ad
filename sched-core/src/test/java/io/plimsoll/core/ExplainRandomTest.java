package io.plimsoll.core;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.core.sbe.Backfill;
import io.plimsoll.core.testkit.RandomCluster;
import io.plimsoll.core.testkit.SeededRandom;
import java.util.Arrays;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Over random histories: asking changes nothing, and who is said to have room and to be free to go has gone. */
class ExplainRandomTest
{
    private static final int STEPS = 1_500;
    private static final int LISTED_MAX = 64;

    @Test
    void shouldAnswerWithoutATraceAndInAgreementWithWhatIsDecided()
    {
        for (long seed = 1; seed <= 8; seed++)
        {
            final Asked asked = new Asked(seed);
            final RandomCluster cluster = new RandomCluster(seed, asked);
            try
            {
                cluster.start(6);
                for (int i = 0; i < STEPS; i++)
                {
                    cluster.step();
                    asked.sessions = cluster.sessionsMade();
                }
                assertTrue(asked.pending > 100, "pending=" + asked.pending);
            }
            catch (final Throwable failure)
            {
                throw new AssertionError("seed=" + seed + " sequence=" + cluster.sequence(), failure);
            }
        }
    }

    private static final class Asked implements RandomCluster.Target
    {
        private final SeededRandom random;
        private final SchedulerCore silent = new SchedulerCore(CoreOptions.defaults());
        private final SchedulerCore restored = new SchedulerCore(CoreOptions.defaults());
        private final SchedulerCore asked = new SchedulerCore(CoreOptions.defaults());
        private final UnsafeBuffer events = new UnsafeBuffer(new byte[SchedulerCore.EVENTS_LENGTH_MAX]);
        private int sessions = 1;
        private int pending;

        Asked(final long seed)
        {
            random = new SeededRandom(seed * 17 + 3);
        }

        @Override
        public byte[] onCommand(final byte[] command, final long sequence, final long timestampNs)
        {
            final byte[] block = decide(silent, command, sequence, timestampNs);
            assertArrayEquals(block, decide(asked, command, sequence, timestampNs));
            restored.applyEvents(sequence, timestampNs, new UnsafeBuffer(block), 0, block.length);
            for (int i = 0; i < 3; i++)
            {
                ask(1 + random.below(sessions + 3));
            }
            assertEquals(silent.stateHash(), asked.stateHash());
            return block;
        }

        @Override
        public boolean continueNeeded()
        {
            return asked.continueNeeded();
        }

        @Override
        public long nextDeadlineNs()
        {
            return asked.nextDeadlineNs();
        }

        /** What is said of a session wherever it stands in the queue. */
        private static String examined(final Explanation of)
        {
            final Explanation.Agents agents = of.agents();
            final String who = List.of(
                of.sequence(), of.timestampNs(), of.sessionId(), of.known(), of.state(), of.lostTail(), of.group(),
                of.unmet(), of.unmetCount(), of.startsAtNs(), of.notBeforeNs(), of.limits(), of.waiting()).toString();
            return null == agents ? who : who + Arrays.toString(agents.rejected()) +
                Arrays.toString(agents.byConstraint()) + Arrays.toString(agents.lacking()) +
                List.of(agents.total(), agents.fitting(), agents.places(), agents.kernels(), agents.part(),
                    agents.parts()) +
                (null == agents.shortfall() ? "" :
                    agents.shortfall().agents() + Arrays.toString(agents.shortfall().missing()));
        }

        private byte[] decide(
            final SchedulerCore core, final byte[] command, final long sequence, final long timestampNs)
        {
            final UnsafeBuffer buffer = new UnsafeBuffer(command);
            final int length = core.onCommand(buffer, 0, command.length, sequence, timestampNs, events, 0);
            final byte[] block = new byte[length];
            events.getBytes(0, block);
            return block;
        }

        private void ask(final long sessionId)
        {
            final Explanation explanation = asked.explain(sessionId);
            assertEquals(examined(explanation), examined(restored.examine(sessionId)));
            if (null == explanation.agents())
            {
                return;
            }
            pending++;
            final Explanation.Agents agents = explanation.agents();
            int sum = agents.fitting();
            for (final int count : agents.rejected())
            {
                sum += count;
            }
            assertTrue(sum <= agents.total());
            assertTrue(explanation.position() <= explanation.waiting());
            if (explanation.position() > 0 && explanation.position() <= LISTED_MAX)
            {
                final long[] ready = asked.queue(explanation.group(), (int)explanation.position()).ready();
                assertEquals(sessionId, ready[ready.length - 1]);
                assertEquals(explanation.position(), ready.length);
            }
            final boolean free = explanation.position() > 0 && explanation.limits().isEmpty() &&
                !explanation.lostTail() && !asked.continueNeeded() &&
                Backfill.GREEDY.value() == asked.state().groups.backfill.get(explanation.group());
            assertFalse(free && agents.places() >= agents.kernels(), () -> "could have gone: " + explanation);
        }
    }
}
