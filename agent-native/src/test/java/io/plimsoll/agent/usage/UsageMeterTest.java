package io.plimsoll.agent.usage;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.plimsoll.transport.usage.Usage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each counter alone, of whatever source: all hosts and kernels are metered by this. */
class UsageMeterTest
{
    private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long PER_MILLI_CORE = 1_000_000L;

    private final UsageMeter meter = new UsageMeter();

    @ParameterizedTest
    @EnumSource(Source.class)
    void shouldNotBeginWithASpike(final Source source)
    {
        assertUnknown(source, meter.sample(source.of(9_000_000_000_000L), SECOND_NS));
        assertRate(source, 0, meter.sample(source.of(9_000_000_000_000L), 2 * SECOND_NS));
        assertRate(source, 500, meter.sample(source.of(9_000_000_000_000L + 1_000 * PER_MILLI_CORE), 4 * SECOND_NS));
    }

    @ParameterizedTest
    @EnumSource(Source.class)
    void shouldNeverFallWhenACounterBeginsAnew(final Source source)
    {
        meter.sample(source.of(5_000), SECOND_NS);
        final Usage fallen = meter.sample(source.of(100), 2 * SECOND_NS);
        assertRate(source, 0, fallen);
        assertEquals(5_000, source.total(fallen));
        final Usage next = meter.sample(source.of(100 + 2_000 * PER_MILLI_CORE), 3 * SECOND_NS);
        assertRate(source, 2_000, next);
        assertEquals(5_000 + 2_000 * PER_MILLI_CORE, source.total(next));
    }

    @ParameterizedTest
    @EnumSource(Source.class)
    void shouldKeepTheTotalOfWhatIsNotToldForAWhile(final Source source)
    {
        meter.sample(source.of(5_000), SECOND_NS);
        final Usage silent = meter.sample(source.of(Usage.UNKNOWN), 2 * SECOND_NS);
        assertUnknown(source, silent);
        assertEquals(5_000, source.total(silent));
        assertRate(source, 1_000, meter.sample(source.of(5_000 + 2_000 * PER_MILLI_CORE), 3 * SECOND_NS));
    }

    private static void assertUnknown(final Source source, final Usage usage)
    {
        assertEquals(Usage.UNKNOWN, source.rate(usage));
    }

    /** In thousandths of a core, and otherwise in as many bytes as those have nanoseconds. */
    private static void assertRate(final Source source, final long millis, final Usage usage)
    {
        assertEquals(Source.CPU == source ? millis : millis * PER_MILLI_CORE, source.rate(usage));
    }

    /** What is counted. */
    enum Source
    {
        CPU,
        READ,
        WRITTEN,
        RECEIVED,
        SENT;

        private Totals of(final long value)
        {
            final long[] values = {-1, -1, -1, -1, -1};
            values[ordinal()] = value;
            return new Totals(values[0], -1, -1, values[1], values[2], values[3], values[4], -1);
        }

        private long total(final Usage usage)
        {
            return switch (this)
            {
                case CPU -> usage.cpuNs();
                case READ -> usage.readBytes();
                case WRITTEN -> usage.writtenBytes();
                case RECEIVED -> usage.receivedBytes();
                case SENT -> usage.sentBytes();
            };
        }

        private long rate(final Usage usage)
        {
            return switch (this)
            {
                case CPU -> usage.cpuMillis();
                case READ -> usage.readRate();
                case WRITTEN -> usage.writtenRate();
                case RECEIVED -> usage.receivedRate();
                case SENT -> usage.sentRate();
            };
        }
    }
}
