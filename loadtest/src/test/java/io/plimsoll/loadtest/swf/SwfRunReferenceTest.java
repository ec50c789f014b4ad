package io.plimsoll.loadtest.swf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.plimsoll.loadtest.openb.Traces;
import io.plimsoll.loadtest.simulate.GroupSpec;
import io.plimsoll.loadtest.simulate.SwfRun;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The real core, held to a reference that shares no code with it, on logs whose waits were not published. */
class SwfRunReferenceTest
{
    @ParameterizedTest
    @CsvSource({
        "CTC-SP2, 338, easy, AS_QUEUED, false",
        "CTC-SP2, 338, easy-sjbf, SHORTEST_FIRST, false",
        "SDSC-SP2, 128, easy, AS_QUEUED, true",
        "SDSC-SP2, 128, none, NOBODY, false"})
    void shouldMakeEveryJobWaitAsLongAsTheReference(
        final String log,
        final int processors,
        final String backfill,
        final ReferenceBackfill.Order order,
        final boolean clairvoyant)
    {
        final List<SwfJob> jobs = SwfReader.jobs(
            Traces.file("swf/input_" + log + ".swf.gz"), SwfDialect.BACKFILLING, processors, SwfJob.BY_ARRIVAL);
        final GroupSpec group = GroupSpec.usual("swf").withPolicies(null, null, backfill);
        assertArrayEquals(
            ReferenceBackfill.waits(jobs, processors, order, clairvoyant),
            new SwfRun(jobs, processors, group, clairvoyant, null).run().waits());
    }

    @ParameterizedTest
    @CsvSource({"KTH-SP2, 100, false", "KTH-SP2, 100, true", "SDSC-SP2, 128, false", "SDSC-SP2, 128, true"})
    void shouldMakeEveryJobWaitAsLongAsTheReferenceWithReservationsForAll(
        final String log, final int processors, final boolean clairvoyant)
    {
        final List<SwfJob> jobs = SwfReader.jobs(
            Traces.file("swf/input_" + log + ".swf.gz"), SwfDialect.BACKFILLING, processors, SwfJob.BY_ARRIVAL);
        final GroupSpec group = GroupSpec.usual("swf").withPolicies(null, null, "conservative");
        assertArrayEquals(
            ReferenceConservative.waits(jobs, processors, clairvoyant),
            new SwfRun(jobs, processors, group, clairvoyant, null).run().waits());
    }
}
