package io.plimsoll.loadtest.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.loadtest.proof.RecordTape;
import io.plimsoll.manager.replay.ReplayMoment;
import io.plimsoll.manager.snapshot.RecordCompactor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reports of random lives say what the plain way says. */
class IncidentReportTest
{
    private static final int AGENTS = 12;
    private static final int COMMANDS = 900;
    private static final double ROUNDING = 1e-6;
    private static final double CLASS = 1.0 / 128;

    @TempDir
    private Path directory;

    private RecordTape tape;
    private PlainHistory plain;
    private Report report;
    private final ByteArrayOutputStream trace = new ByteArrayOutputStream();

    private void make(final long seed)
    {
        tape = TapeJournal.life(seed, AGENTS, COMMANDS);
        TapeJournal.write(tape, directory);
        plain = new PlainHistory(tape);
        report = new IncidentReport(directory).trace(trace)
            .of(moment(Integer.toString(tape.size() / 3)), moment(Integer.toString(tape.size() * 3 / 4)), 0);
    }

    private static ReplayMoment moment(final String text)
    {
        return ReplayMoment.parse(text, ZoneOffset.UTC);
    }

    private ReportRange range()
    {
        final Report.Range told = report.range();
        return new ReportRange(
            told.fromEpochNanos(), told.toEpochNanos(), Math.round(told.bucketSeconds() * 1e9),
            told.baselineBuckets(), told.rangeBuckets());
    }

    private long[] buckets(final List<Long> timesNs)
    {
        final ReportRange range = range();
        final long[] counts = new long[range.buckets()];
        for (final long timeNs : timesNs)
        {
            for (int i = 0; i < counts.length; i++)
            {
                counts[i] += timeNs >= range.bucketStartNs(i) && timeNs < range.bucketEndNs(i) ? 1 : 0;
            }
        }
        return counts;
    }

    private long inRange(final List<Long> timesNs)
    {
        return timesNs.stream().filter(timeNs -> range().covers(timeNs)).count();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldTellWhatThePlainWayTells(final long seed) throws IOException
    {
        make(seed);
        final ReportRange range = range();
        final RecordFlyweight record = new RecordFlyweight();
        assertEquals(tape.wrap(tape.size() / 3 - 1, record).timestampNs(), range.fromNs());
        assertEquals(tape.wrap(tape.size() * 3 / 4 - 1, record).timestampNs() + 1, range.toNs());
        assertTrue(range.baselineBuckets() > 0 && range.buckets() <= ReportRange.BUCKETS_MAX);
        assertCounts();
        assertWaits(true, wait -> true);
        assertLongest();
        assertUsage();
        assertTrace();
    }

    private void assertCounts()
    {
        assertEquals(inRange(plain.recordsNs), report.totals().commands());
        assertSeries(plain.submittedNs, report.flow().sessionsSubmitted(), report.totals().sessionsSubmitted());
        final List<Long> placed = plain.waits.stream()
            .filter(wait -> !BookedSession.isTerminal(wait.end())).map(PlainHistory.Waited::untilNs).toList();
        assertSeries(placed, report.flow().sessionsPlaced(), report.totals().sessionsPlaced());
        assertSeries(plain.lostNs, report.agents().lost(), report.totals().agentsLost());
        assertEquals(inRange(plain.placedKernelsNs), report.totals().kernelsPlaced());
        assertEquals(
            report.totals().sessionsPlaced(),
            report.waits().groups().stream().mapToLong(line -> line.range().placed()).sum());
        assertEquals(
            report.totals().sessionsPlaced(),
            report.waits().owners().stream().mapToLong(line -> line.range().placed()).sum());
        assertEquals(
            report.totals().kernelsFailed(),
            report.failures().kernelsByReason().values().stream().mapToLong(Long::longValue).sum());
        assertEquals(
            report.totals().sessionsFailed(),
            report.failures().sessionsByReason().values().stream().mapToLong(Long::longValue).sum());
    }

    private void assertSeries(final List<Long> timesNs, final long[] series, final long total)
    {
        final long[] expected = buckets(timesNs);
        assertEquals(Arrays.toString(expected), Arrays.toString(series));
        assertEquals(inRange(timesNs), total);
    }

    private void assertWaits(final boolean ofGroups, final Predicate<PlainHistory.Waited> which)
    {
        final Map<Integer, List<PlainHistory.Waited>> byGroup = new TreeMap<>();
        plain.waits.stream().filter(which)
            .filter(wait -> range().covers(wait.untilNs()) && !BookedSession.isTerminal(wait.end()))
            .forEach(wait -> byGroup.computeIfAbsent(wait.groupId(), id -> new ArrayList<>()).add(wait));
        final List<Report.WaitLine> lines = report.waits().groups();
        assertTrue(ofGroups && byGroup.size() > 1, "two groups have waits");
        int next = 0;
        for (final List<PlainHistory.Waited> waits : byGroup.values())
        {
            final double[] seconds =
                waits.stream().mapToDouble(wait -> wait.lengthNs() / 1e9).sorted().toArray();
            final Report.WaitSummary told = lines.get(next++).range();
            assertEquals(seconds.length, told.placed());
            assertEquals(seconds[seconds.length - 1], told.maxSeconds(), ROUNDING);
            assertEquals(Arrays.stream(seconds).average().orElseThrow(), told.meanSeconds(), ROUNDING);
            assertQuantile(seconds, 0.5, told.p50Seconds());
            assertQuantile(seconds, 0.99, told.p99Seconds());
        }
    }

    private static void assertQuantile(final double[] sorted, final double part, final double told)
    {
        final double exact = sorted[Math.max(1, (int)Math.ceil(part * sorted.length)) - 1];
        assertTrue(
            told >= exact - ROUNDING && told <= exact * (1 + CLASS) + ROUNDING, part + ": " + told + " not " + exact);
    }

    private void assertLongest()
    {
        final ReportRange range = range();
        final Map<Long, Long> pendingAtEnd = new TreeMap<>();
        plain.waits.stream()
            .filter(wait -> wait.sinceNs() < range.toNs() && wait.untilNs() >= range.fromNs())
            .forEach(wait -> pendingAtEnd.merge(
                wait.sessionId(), Math.min(range.toNs(), wait.untilNs()) - wait.sinceNs(), Math::max));
        plain.open(range.toNs()).stream().filter(wait -> wait.sinceNs() < range.toNs())
            .forEach(wait -> pendingAtEnd.merge(wait.sessionId(), wait.lengthNs(), Math::max));
        final long longestNs = pendingAtEnd.values().stream().max(Comparator.naturalOrder()).orElseThrow();
        final Report.LongWait first = report.waits().longest().get(0);
        assertEquals(longestNs / 1e9, first.waitSeconds(), ROUNDING);
        double last = Double.MAX_VALUE;
        for (final Report.LongWait wait : report.waits().longest())
        {
            assertEquals(pendingAtEnd.get(wait.sessionId()) / 1e9, wait.waitSeconds(), ROUNDING);
            assertTrue(wait.waitSeconds() <= last);
            last = wait.waitSeconds();
            assertTrue(wait.momentsAsked() > 0, "asked why session " + wait.sessionId() + " waits");
            assertTrue(!wait.causes().isEmpty() && !wait.said().isEmpty());
        }
    }

    /** Sums of the view's agents over the time of each bucket. */
    private void assertUsage()
    {
        final ReportRange range = range();
        assertTrue(report.utilisation().stream().anyMatch(slot -> "cuda.device".equals(slot.slot())));
        for (final Report.Slot slot : report.utilisation())
        {
            final String key = slot.group() + " " + slot.slot();
            final double scale = "cpu".equals(slot.slot()) ? 1_000 : 1;
            for (int i = 0; i < range.buckets(); i++)
            {
                final long beginNs = range.bucketStartNs(i);
                final long endNs = range.bucketEndNs(i);
                double used = 0;
                double capacity = 0;
                for (final PlainHistory.Usage usage : plain.usages)
                {
                    final double ns = Math.max(0, Math.min(endNs, usage.toNs()) - Math.max(beginNs, usage.fromNs()));
                    used += ns * usage.used().getOrDefault(key, 0.0) / scale;
                    capacity += ns * usage.capacity().getOrDefault(key, 0.0) / scale;
                }
                assertClose(used / (endNs - beginNs), slot.used()[i], key);
                assertClose(capacity / (endNs - beginNs), slot.capacity()[i], key);
            }
        }
    }

    private static void assertClose(final double expected, final double actual, final String what)
    {
        assertEquals(expected, actual, ROUNDING * Math.max(1, Math.abs(expected)), what);
    }

    private void assertTrace() throws IOException
    {
        final JsonNode events = new ObjectMapper().readTree(trace.toByteArray()).get("traceEvents");
        final Map<String, List<double[]>> slices = new TreeMap<>();
        double runningMicros = 0;
        for (final JsonNode event : events)
        {
            if (!"X".equals(event.get("ph").asText()))
            {
                continue;
            }
            final double begin = event.get("ts").asDouble();
            final double length = event.get("dur").asDouble();
            assertTrue(begin >= 0 && length >= 0, event.toString());
            assertTrue(begin + length <= (range().toNs() - range().fromNs()) / 1e3 + ROUNDING, event.toString());
            slices.computeIfAbsent(event.get("pid") + "." + event.get("tid"), key -> new ArrayList<>())
                .add(new double[]{begin, begin + length, "kernel".equals(event.get("cat").asText()) ? 0 : 1});
            runningMicros += "RUNNING".equals(event.get("name").asText()) ? length : 0;
        }
        assertEquals(runningNs() / 1e3, runningMicros, 1e-3 * Math.max(1, slices.size()));
        slices.forEach((lane, onLane) -> assertNested(lane, onLane));
        assertTrue(slices.size() > AGENTS / 2);
    }

    private double runningNs()
    {
        final ReportRange range = range();
        return plain.runs.stream().mapToDouble(run -> Math.max(
            0, Math.min(run.untilNs(), range.toNs()) - Math.max(run.sinceNs(), range.fromNs()))).sum();
    }

    /** States lie within kernels, and nothing else overlaps. */
    private static void assertNested(final String lane, final List<double[]> slices)
    {
        slices.sort(Comparator.<double[]>comparingDouble(slice -> slice[0])
            .thenComparingDouble(slice -> slice[2]).thenComparingDouble(slice -> slice[1]));
        double kernelEnd = 0;
        double stateEnd = 0;
        for (final double[] slice : slices)
        {
            if (0 == slice[2])
            {
                assertTrue(slice[0] >= kernelEnd - 1e-3, "kernels on " + lane + " overlap at " + slice[0]);
                kernelEnd = slice[1];
            }
            else
            {
                assertTrue(slice[0] >= stateEnd - 1e-3, "states on " + lane + " overlap at " + slice[0]);
                assertTrue(slice[1] <= kernelEnd + 1e-3, "a state on " + lane + " outlasts its kernel");
                stateEnd = slice[1];
            }
        }
    }

    /** What a snapshot keeps of the past is enough to begin with. */
    @ParameterizedTest
    @ValueSource(longs = {4, 5})
    void shouldTellTheSameFromASnapshot(final long seed)
    {
        make(seed);
        final ReportRange range = range();
        final RecordFlyweight record = new RecordFlyweight();
        final Survey whole = new Survey(range, null);
        final Survey behind = new Survey(range, null);
        final RecordCompactor compactor = new RecordCompactor();
        int cut = 0;
        while (tape.wrap(cut, record).timestampNs() < range.startNs())
        {
            compactor.onRecord(record);
            whole.onRecord(record);
            cut++;
        }
        assertTrue(cut > 10 || range.startNs() <= tape.wrap(0, record).timestampNs() + range.widthNs());
        compactor.forEach(behind::onRecord);
        for (int i = cut; i < tape.size() && tape.wrap(i, record).timestampNs() < range.toNs(); i++)
        {
            whole.onRecord(record);
            behind.onRecord(record);
        }
        whole.end();
        behind.end();
        final Report.Journal about = new Report.Journal("", "", 0, "");
        final Report expected = new ReportBuilder(whole, new Inquiry(whole)).build(about, List.of());
        final Report actual = new ReportBuilder(behind, new Inquiry(behind)).build(about, List.of());
        assertEquals(expected.totals(), actual.totals());
        assertEquals(ReportWriter.json(expected), ReportWriter.json(actual));
    }
}
