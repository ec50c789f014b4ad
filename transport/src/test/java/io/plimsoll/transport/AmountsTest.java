package io.plimsoll.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AmountsTest
{
    @ParameterizedTest
    @CsvSource({
        "2g, 2147483648", "1.1k, 1126", "0.5m, 524288", "536870912.000000, 536870912", "11_021_204, 11021204",
        "0, 0", "7, 7", "7b, 7", "512M, 536870912", "1KiB, 1024", "1kb, 1024", "3t, 3298534883328",
        "1p, 1125899906842624", " 4k , 4096"})
    void shouldReadSizes(final String text, final long bytes)
    {
        assertEquals(bytes, Amounts.bytes(text));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "1x|1x is not a size: use a number with b, k, m, g, t or p, such as 512m",
        "''|an empty text is not a size: use a number with b, k, m, g, t or p, such as 512m",
        "g|g is not a size: use a number with b, k, m, g, t or p, such as 512m",
        "1e9|1e9 is not a size: use a number with b, k, m, g, t or p, such as 512m",
        "inf|inf is not a size: use a number with b, k, m, g, t or p, such as 512m",
        "1.5|1.5 is not a whole number of bytes: add a unit, such as 1.5g",
        "-1|-1 cannot be negative",
        "-1g|-1g cannot be negative",
        "9999999p|9999999p is too large"})
    void shouldSayWhatIsWrongWithSizes(final String text, final String message)
    {
        assertEquals(message, assertThrows(IllegalArgumentException.class, () -> Amounts.bytes(text)).getMessage());
    }

    @ParameterizedTest
    @CsvSource({"2, 2000", "0.5, 500", "500m, 500", "0.001, 1", "1500m, 1500", "1_000, 1000000"})
    void shouldReadCores(final String text, final long millis)
    {
        assertEquals(millis, Amounts.cpuMillis(text));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "two|two is not a number of cores: use a number such as 2, 0.5 or 500m",
        "-2|-2 cannot be negative",
        "0.0001|0.0001 is finer than a thousandth of a core: use a number such as 2, 0.5 or 500m",
        "1.5m|1.5m is finer than a thousandth of a core: use a number such as 2, 0.5 or 500m"})
    void shouldSayWhatIsWrongWithCores(final String text, final String message)
    {
        assertEquals(message, assertThrows(IllegalArgumentException.class, () -> Amounts.cpuMillis(text)).getMessage());
    }

    @ParameterizedTest
    @CsvSource({
        "90s, 90000000000", "1h30m, 5400000000000", "2d, 172800000000000", "500ms, 500000000", "1m500ms, 60500000000",
        "1.5h, 5400000000000", "0s, 0"})
    void shouldReadDurations(final String text, final long durationNs)
    {
        assertEquals(durationNs, Amounts.durationNs(text));
    }

    @ParameterizedTest
    @CsvSource({"90", "s", "''", "30m1h", "1h1h", "1w", "1h30"})
    void shouldRefuseOtherDurations(final String text)
    {
        assertEquals(
            (text.isEmpty() ? "an empty text" : text) +
            " is not a duration: use numbers with ms, s, m, h or d, such as 90s, 1h30m or 2d",
            assertThrows(IllegalArgumentException.class, () -> Amounts.durationNs(text)).getMessage());
    }

    @Test
    void shouldRefuseNegativeDurations()
    {
        assertEquals(
            "-5s cannot be negative",
            assertThrows(IllegalArgumentException.class, () -> Amounts.durationNs("-5s")).getMessage());
    }

    @Test
    void shouldReadSharesInDevicesWhereThereIsADecimalPoint()
    {
        assertEquals(500, Amounts.ofSlot("cuda.shares", "500"));
        assertEquals(500, Amounts.ofSlot("cuda.shares", "0.5"));
        assertEquals(2000, Amounts.ofSlot("npu.shares", "2.0"));
        assertEquals(2, Amounts.ofSlot("cuda.device", "2.0"));
        assertEquals(
            "0.0005 is no share of devices: use thousandths such as 500, or devices such as 0.5",
            assertThrows(
                IllegalArgumentException.class, () -> Amounts.ofSlot("cuda.shares", "0.0005")).getMessage());
    }

    @Test
    void shouldReadCounts()
    {
        assertEquals(8, Amounts.count("8"));
        assertEquals(11_021_204, Amounts.count("11_021_204"));
        assertEquals(
            "1.5 is not a whole number: use one such as 1 or 8",
            assertThrows(IllegalArgumentException.class, () -> Amounts.count("1.5")).getMessage());
        assertEquals(
            "-1 cannot be negative",
            assertThrows(IllegalArgumentException.class, () -> Amounts.count("-1")).getMessage());
    }

    @Test
    void shouldWriteForPeople()
    {
        assertEquals("103.45 KiB", Amounts.humanBytes(105_935));
        assertEquals("0 bytes", Amounts.humanBytes(0));
        assertEquals("2 GiB", Amounts.humanBytes(2L << 30));
        assertEquals("8 EiB", Amounts.humanBytes(Long.MAX_VALUE));
        assertEquals("20", Amounts.formatCpu(20_000));
        assertEquals("0.5", Amounts.formatCpu(500));
        assertEquals("0", Amounts.formatCpu(0));
        assertEquals("1h30m", Amounts.formatDuration(5_400_000_000_000L));
        assertEquals("0s", Amounts.formatDuration(0));
    }

    @Test
    void shouldReadAgainWhatItWrote()
    {
        final SplittableRandom random = new SplittableRandom(39);
        for (int i = 0; i < 10_000; i++)
        {
            final long amount = random.nextLong(1L << random.nextInt(1, 62)) << (i % 2 == 0 ? 0 : 10) >>> 1;
            assertEquals(amount, Amounts.bytes(Amounts.formatBytes(amount)));
            assertEquals(amount, Amounts.cpuMillis(Amounts.formatCpu(amount)));
            final long durationNs = amount / 1_000_000 * 1_000_000;
            assertEquals(durationNs, Amounts.durationNs(Amounts.formatDuration(durationNs)));
        }
    }
}
