package io.plimsoll.loadtest.workload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.core.CoreOptions;
import io.plimsoll.core.SchedulerCore;
import io.plimsoll.core.pipeline.HostedCore;
import io.plimsoll.loadtest.proof.JournalProof;
import io.plimsoll.loadtest.proof.RecordTape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeterminismTest
{
    private static final int AGENTS = 24;
    private static final int COMMANDS = 2_500;

    private static RecordTape record(final CoreOptions options, final long seed, final int commands)
    {
        return WorkloadTape.record(
            new HostedCore(new SchedulerCore(options)), new CoreWorkload(seed, AGENTS), commands);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void shouldProveGeneratedLives(final long seed)
    {
        final RecordTape tape = record(CoreOptions.defaults(), seed, COMMANDS);

        final JournalProof.Result result = JournalProof.prove(tape, CoreOptions.defaults(), seed);

        assertTrue(result.placed() > 100, result.describe());
    }

    @Test
    void shouldProveLivesThatForgetSoonAndWorkInSmallPieces()
    {
        final CoreOptions options =
            CoreOptions.defaults().withForgetting(20_000_000_000L, 50).withWorkPerCommandMax(3);

        final RecordTape tape = record(options, 77, COMMANDS);

        assertTrue(JournalProof.prove(tape, options, 77).placed() > 100);
    }

    @Test
    void shouldProveTheLifeOfTheSeedGiven()
    {
        final long seed = Long.getLong("plimsoll.seed", 4711);
        try
        {
            JournalProof.prove(record(CoreOptions.defaults(), seed, COMMANDS), CoreOptions.defaults(), seed);
        }
        catch (final RuntimeException ex)
        {
            throw new AssertionError("again with -Dplimsoll.seed=" + seed, ex);
        }
    }

    @Test
    void shouldGiveTheSameBytesForTheSameSeed()
    {
        assertEquals(
            record(CoreOptions.defaults(), 5, 500).hash(), record(CoreOptions.defaults(), 5, 500).hash());
    }
}
