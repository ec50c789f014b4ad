package io.plimsoll.transport;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * Amounts as people write them: cores, sizes, durations and counts. One reading for command line, API, configuration
 * and agents. Every error is one sentence that says what would be right; callers put the name of the option or field
 * in front.
 */
public final class Amounts
{
    private static final String SIZE_UNITS = "bkmgtp";
    private static final Pattern NUMBER = Pattern.compile("[+-]?[0-9][0-9_]*(\\.[0-9]+)?");
    private static final String SHARES = ".shares";
    private static final int LENGTH_MAX = 40;
    private static final int PLAIN_LENGTH_MAX = 18;
    private static final int SHIFT_PER_UNIT = 10;
    private static final long UNIT = 1L << SHIFT_PER_UNIT;
    private static final String[] HUMAN_UNITS = {"bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

    private Amounts()
    {
    }

    /**
     * Reads a number of cores: {@code 2}, {@code 0.5} or {@code 500m}.
     *
     * @param text to read.
     * @return thousandths of a core.
     * @throws IllegalArgumentException that says what would be right.
     */
    public static long cpuMillis(final String text)
    {
        final String clean = clean(text);
        final boolean isMillis = clean.endsWith("m");
        final String number = isMillis ? clean.substring(0, clean.length() - 1) : clean;
        final String rule = "is not a number of cores: use a number such as 2, 0.5 or 500m";
        final BigDecimal value = number(text, number, rule);
        final BigDecimal millis = isMillis ? value : value.movePointRight(3);
        return exact(text, millis, "is finer than a thousandth of a core: use a number such as 2, 0.5 or 500m", rule);
    }

    /**
     * Writes a number of cores.
     *
     * @param cpuMillis thousandths of a core.
     * @return plain decimal, such as 2 or 0.5.
     */
    public static String formatCpu(final long cpuMillis)
    {
        return BigDecimal.valueOf(cpuMillis, 3).stripTrailingZeros().toPlainString();
    }

    /**
     * Reads a size: whole bytes, or a number with b, k, m, g, t or p, which are powers of 1024. {@code 1.1k} is
     * rounded down to 1126; {@code 1.5} is refused, since there is no half byte.
     *
     * @param text to read; either case, and also such as {@code 512MiB}; digits may be grouped by underscores.
     * @return bytes.
     * @throws IllegalArgumentException that says what would be right.
     */
    public static long bytes(final String text)
    {
        final String rule = "is not a size: use a number with b, k, m, g, t or p, such as 512m";
        String clean = clean(text);
        if (clean.length() > 2 && clean.endsWith("ib") && unitOf(clean.charAt(clean.length() - 3)) > 0)
        {
            clean = clean.substring(0, clean.length() - 2);
        }
        else if (clean.length() > 1 && clean.endsWith("b") && unitOf(clean.charAt(clean.length() - 2)) > 0)
        {
            clean = clean.substring(0, clean.length() - 1);
        }
        final int unit = clean.isEmpty() ? -1 : unitOf(clean.charAt(clean.length() - 1));
        final String number = unit >= 0 ? clean.substring(0, clean.length() - 1) : clean;
        final BigDecimal value = number(text, number, rule);
        if (unit <= 0)
        {
            return exact(text, value, "is not a whole number of bytes: add a unit, such as " + number + "g", rule);
        }
        final BigDecimal bytes = value.multiply(BigDecimal.valueOf(1L << unit * SHIFT_PER_UNIT));
        return exact(text, bytes.setScale(0, RoundingMode.DOWN), rule, rule);
    }

    /**
     * Writes a size so that {@link #bytes} reads the same number again.
     *
     * @param bytes to write.
     * @return with the largest unit that divides it, such as 512m; without unit below one KiB.
     */
    public static String formatBytes(final long bytes)
    {
        int unit = 0;
        long value = bytes;
        while (0 != value && 0 == value % UNIT && unit < SIZE_UNITS.length() - 1)
        {
            value /= UNIT;
            unit++;
        }
        return 0 == unit ? Long.toString(value) : value + SIZE_UNITS.substring(unit, unit + 1);
    }

    /**
     * Writes a size for people.
     *
     * @param bytes to write, not negative.
     * @return rounded to at most two decimals, such as {@code 103.45 KiB}.
     */
    public static String humanBytes(final long bytes)
    {
        int unit = 0;
        while (unit < HUMAN_UNITS.length - 1 && bytes >= 1L << (unit + 1) * SHIFT_PER_UNIT)
        {
            unit++;
        }
        final BigDecimal value = BigDecimal.valueOf(bytes)
            .divide(BigDecimal.valueOf(1L << unit * SHIFT_PER_UNIT), 2, RoundingMode.HALF_EVEN);
        return value.stripTrailingZeros().toPlainString() + " " + HUMAN_UNITS[unit];
    }

    /**
     * Reads a duration: numbers with ms, s, m, h or d, largest first, such as {@code 90s}, {@code 1h30m} or
     * {@code 2d}.
     *
     * @param text to read.
     * @return nanoseconds.
     * @throws IllegalArgumentException that says what would be right.
     */
    public static long durationNs(final String text)
    {
        final String rule = "is not a duration: use numbers with ms, s, m, h or d, such as 90s, 1h30m or 2d";
        final String clean = clean(text);
        if (clean.startsWith("-"))
        {
            throw new IllegalArgumentException(quote(text) + " cannot be negative");
        }
        BigDecimal totalNs = BigDecimal.ZERO;
        long previousUnitNs = Long.MAX_VALUE;
        int at = 0;
        while (at < clean.length())
        {
            final int numberEnd = skip(clean, at, false);
            final int unitEnd = skip(clean, numberEnd, true);
            final long unitNs = unitNs(clean.substring(numberEnd, unitEnd));
            if (unitNs < 0 || unitNs >= previousUnitNs)
            {
                throw new IllegalArgumentException(quote(text) + " " + rule);
            }
            totalNs = totalNs.add(
                number(text, clean.substring(at, numberEnd), rule).multiply(BigDecimal.valueOf(unitNs)));
            previousUnitNs = unitNs;
            at = unitEnd;
        }
        if (clean.isEmpty())
        {
            throw new IllegalArgumentException(quote(text) + " " + rule);
        }
        return exact(text, totalNs.setScale(0, RoundingMode.DOWN), rule, rule);
    }

    /**
     * Writes a duration so that {@link #durationNs} reads it again, down to milliseconds.
     *
     * @param durationNs nanoseconds, not negative.
     * @return such as 1h30m, 90s would be 1m30s; 0s for nothing.
     */
    public static String formatDuration(final long durationNs)
    {
        final StringBuilder text = new StringBuilder();
        long rest = durationNs;
        for (final String unit : new String[]{"d", "h", "m", "s", "ms"})
        {
            final long unitNs = unitNs(unit);
            if (rest >= unitNs)
            {
                text.append(rest / unitNs).append(unit);
                rest %= unitNs;
            }
        }
        return text.isEmpty() ? "0s" : text.toString();
    }

    /**
     * Reads a count, of devices for example.
     *
     * @param text whole number; digits may be grouped by underscores.
     * @return the number.
     * @throws IllegalArgumentException that says what would be right.
     */
    public static long count(final String text)
    {
        final String rule = "is not a whole number: use one such as 1 or 8";
        return exact(text, number(text, clean(text), rule), rule, rule);
    }

    /**
     * Reads an amount of a countable resource other than cores and memory: a count, and of shares also a number of
     * devices, which has a decimal point: {@code 0.5} of {@code cuda.shares} is half a device, as {@code 500} is.
     *
     * @param slot name of the resource.
     * @param text to read.
     * @return the number, of shares in thousandths of a device.
     * @throws IllegalArgumentException that says what would be right.
     */
    public static long ofSlot(final String slot, final String text)
    {
        if (!slot.endsWith(SHARES) || text.indexOf('.') < 0)
        {
            return count(text);
        }
        final String rule = "is no share of devices: use thousandths such as 500, or devices such as 0.5";
        return exact(text, number(text, clean(text), rule).movePointRight(3), rule, rule);
    }

    /** Digits alone, and few: what nearly everybody writes. */
    private static boolean isPlain(final String number)
    {
        boolean isPlain = !number.isEmpty() && number.length() <= PLAIN_LENGTH_MAX;
        for (int i = 0; isPlain && i < number.length(); i++)
        {
            isPlain = number.charAt(i) >= '0' && number.charAt(i) <= '9';
        }
        return isPlain;
    }

    private static BigDecimal number(final String text, final String number, final String rule)
    {
        if (isPlain(number))
        {
            return BigDecimal.valueOf(Long.parseLong(number));
        }
        if (!NUMBER.matcher(number).matches() || number.endsWith("_"))
        {
            throw new IllegalArgumentException(quote(text) + " " + rule);
        }
        final BigDecimal value = new BigDecimal(number.replace("_", ""));
        if (value.signum() < 0)
        {
            throw new IllegalArgumentException(quote(text) + " cannot be negative");
        }
        return value;
    }

    private static long exact(final String text, final BigDecimal value, final String ruleIfFraction, final String rule)
    {
        final BigInteger whole = value.toBigInteger();
        if (value.compareTo(new BigDecimal(whole)) != 0)
        {
            throw new IllegalArgumentException(quote(text) + " " + ruleIfFraction);
        }
        if (whole.bitLength() >= Long.SIZE)
        {
            throw new IllegalArgumentException(quote(text) + " is too large");
        }
        return whole.longValue();
    }

    private static int skip(final String text, final int from, final boolean letters)
    {
        int at = from;
        while (at < text.length() && letters == Character.isLetter(text.charAt(at)))
        {
            at++;
        }
        return at;
    }

    private static long unitNs(final String unit)
    {
        return switch (unit)
        {
            case "ms" -> TimeUnit.MILLISECONDS.toNanos(1);
            case "s" -> TimeUnit.SECONDS.toNanos(1);
            case "m" -> TimeUnit.MINUTES.toNanos(1);
            case "h" -> TimeUnit.HOURS.toNanos(1);
            case "d" -> TimeUnit.DAYS.toNanos(1);
            default -> -1;
        };
    }

    private static int unitOf(final char letter)
    {
        return SIZE_UNITS.indexOf(letter);
    }

    private static String clean(final String text)
    {
        if (text.length() > LENGTH_MAX)
        {
            throw new IllegalArgumentException(quote(text) + " is too long for an amount");
        }
        return strip(text).toLowerCase(Locale.ROOT);
    }

    private static String strip(final String text)
    {
        return text.strip();
    }

    private static String quote(final String text)
    {
        final String shown = strip(text);
        return shown.isEmpty() ?
            "an empty text" : shown.length() > LENGTH_MAX ? shown.substring(0, LENGTH_MAX) + "…" : shown;
    }
}
