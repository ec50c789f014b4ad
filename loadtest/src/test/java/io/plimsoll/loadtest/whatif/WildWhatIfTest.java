package io.plimsoll.loadtest.whatif;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.loadtest.proof.RecordTape;
import io.plimsoll.loadtest.workload.ClusterAudit;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Whatever happened in a journal, what would have been breaks no rule that can be checked from outside. */
class WildWhatIfTest
{
    private static final int SEEDS = Integer.getInteger("plimsoll.whatif.seeds", 4);
    private static final List<String> CHANGES = List.of(
        "groups: [{name: default, order: lifo, select: dispersed}, {name: gpu, backfill: easy}]",
        "groups: [{name: default, preemption: {enabled: true, mode: reschedule}, quarantineAfter: 2}]",
        "sessions: {scale: [{group: default, count: 1.5, duration: 3}, {group: gpu, count: 0.5, cpu: 2}]}",
        "sessions: {remove: [{group: gpu}, 5-60]}",
        "sessions: {add: [{name: n, count: 20, kernels: [{cpu: 1, count: 2}], duration: 3s, limit: 60s}]}",
        "agents: {add: [{name: x, cpu: 64, mem: 512g}, {name: y, cpu: 8, group: gpu, devices: {count: 4}}]}");

    @Test
    void shouldBreakNoRule()
    {
        for (int seed = 1; seed <= SEEDS; seed++)
        {
            final RecordTape tape = Tapes.wild(seed);
            final String leaving = "agents: {remove: [" + nameOfAgent(tape) + "]}";
            for (int i = 0; i <= CHANGES.size(); i++)
            {
                final String change = i < CHANGES.size() ? CHANGES.get(i) : leaving;
                final ClusterAudit audit = new ClusterAudit();

                final WhatIfReport report = Tapes.wildWhatIf(tape, 1).tap(audit::onRecord).report(change);

                assertFalse(report.comparison().result().isSame(), "seed=" + seed + " " + change);
                assertTrue(audit.placedCount() > 0, "seed=" + seed + " " + change);
            }
        }
    }

    @Test
    void shouldBreakNoRuleIfEverythingIsMadeUpFromAnywhere()
    {
        for (int seed = 1; seed <= SEEDS; seed++)
        {
            final RecordTape tape = Tapes.wild(seed);
            final SplittableRandom random = new SplittableRandom(seed);
            for (final long from : new long[]{1, 1 + random.nextInt(tape.size()), 1 + random.nextInt(tape.size())})
            {
                final ClusterAudit audit = new ClusterAudit();
                Tapes.source(tape).forEach(record ->
                {
                    if (record.sequence() < from)
                    {
                        audit.onRecord(record);
                    }
                });

                final WhatIfResult result = Tapes.wildWhatIf(tape, from).made().tap(audit::onRecord).run("");

                assertEquals(from, result.differsAt(), "seed=" + seed);
            }
        }
    }

    private static String nameOfAgent(final RecordTape tape)
    {
        final RecordedLives lives = new RecordedLives();
        Tapes.source(tape).forEach(lives::onRecord);
        return lives.books().agents.firstEntry().getValue().name;
    }
}
