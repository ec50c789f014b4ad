package io.plimsoll.loadtest.whatif;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.loadtest.proof.RecordTape;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Of a what-if in which nothing is different, the record itself must come. */
class UnchangedWhatIfTest
{
    private static final int SEEDS = Integer.getInteger("plimsoll.whatif.seeds", 12);

    @Test
    void shouldEqualTheRecordFromAnySequence()
    {
        for (int seed = 1; seed <= SEEDS; seed++)
        {
            final RecordTape tape = Tapes.wild(seed);
            final SplittableRandom random = new SplittableRandom(seed);
            for (final long from : new long[]{1, 1 + random.nextInt(tape.size()), 1 + random.nextInt(tape.size())})
            {
                final RecordTape decided = new RecordTape();

                final WhatIfResult result = Tapes.wildWhatIf(tape, from).tap(decided::append).run("");

                assertTrue(result.isSame(), "seed=" + seed + " from=" + from + " differs at " + result.differsAt());
                assertEquals(tape.size() - from + 1, decided.size(), "seed=" + seed + " from=" + from);
                assertEquals(decided.hash(), tail(tape, from).hash(), "seed=" + seed + " from=" + from);
            }
        }
    }

    private static RecordTape tail(final RecordTape tape, final long from)
    {
        final RecordTape tail = new RecordTape();
        Tapes.source(tape).forEach(record ->
        {
            if (record.sequence() >= from)
            {
                tail.append(record);
            }
        });
        return tail;
    }

    @Test
    void shouldMakeUpWhatWasRecordedIfNothingIsDecidedOtherwise()
    {
        for (int seed = 1; seed <= SEEDS; seed++)
        {
            final boolean rich = 0 == seed % 2;
            final String group = 0 == seed % 3 ? ", order: fair-share, backfill: none" : "";
            final RecordTape tape = Tapes.simulated(RandomScenario.of(seed, 120, group, rich));
            final SplittableRandom random = new SplittableRandom(seed);
            for (final long from : new long[]{1, 1 + random.nextInt(tape.size()), 1 + random.nextInt(tape.size())})
            {
                final WhatIfResult result = Tapes.simulatedWhatIf(tape, from).made().run("");

                assertEquals(
                    story(result.run().recorded()),
                    story(result.run().ours()),
                    "seed=" + seed + " from=" + from);
            }
        }
    }

    /** When each session started and ended, where and how. */
    static TreeMap<Long, String> story(final ClusterBooks books)
    {
        final TreeMap<Long, String> story = new TreeMap<>();
        books.sessions.forEach(session -> story.put(
            session.id,
            session.startedNs + " on " + session.firstAgentId + " to " + session.endedNs + " " + session.state + " " +
                session.reason + " " + session.attempt));
        return story;
    }
}
