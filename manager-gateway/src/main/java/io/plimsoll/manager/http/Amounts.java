package io.plimsoll.manager.http;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * Amounts as people write them. Sizes are 1024-based (<code>2g 1.1k 0.5m 1gib</code>), cores decimal or in millis
 * (<code>2 0.5 500m</code>), durations in parts (<code>90s 1h30m 500ms</code>). Each method returns {@link #INVALID}
 * for what is not of its kind and {@link #NEGATIVE} for what would be if it were not below zero.
 */
final class Amounts
{
    static final long INVALID = -1;
    static final long NEGATIVE = -2;

    private static final int LENGTH_MAX = 40;
    private static final BigDecimal THOUSAND = BigDecimal.valueOf(1_000);
    private static final BigDecimal LONG_MAX = BigDecimal.valueOf(Long.MAX_VALUE);
    private static final String SIZE_SUFFIXES = "bkmgtp";

    private Amounts()
    {
    }

    /** Bytes; fractions of a suffixed size are cut, a fraction of a byte is an error. */
    static long bytes(final String text)
    {
        final int end = numberEnd(text);
        if (end <= 0)
        {
            return end;
        }
        final BigDecimal number = number(text.substring(0, end));
        if (null == number)
        {
            return INVALID;
        }
        final String suffix = text.substring(end).trim();
        if (suffix.isEmpty())
        {
            return wholeOrInvalid(number);
        }
        final int power = SIZE_SUFFIXES.indexOf(Character.toLowerCase(suffix.charAt(0)));
        final String rest = suffix.substring(1);
        final boolean binary = power > 0 && ("b".equalsIgnoreCase(rest) || "ib".equalsIgnoreCase(rest));
        if (power < 0 || !(rest.isEmpty() || binary))
        {
            return INVALID;
        }
        return 0 == power ?
            wholeOrInvalid(number) :
            inRange(number.multiply(BigDecimal.valueOf(1L << (10 * power))).setScale(0, RoundingMode.DOWN));
    }

    /** Millicores; more than three decimals of a core are an error. */
    static long cpuMillis(final String text)
    {
        final int end = numberEnd(text);
        if (end <= 0)
        {
            return end;
        }
        final BigDecimal number = number(text.substring(0, end));
        final String suffix = text.substring(end);
        if (null == number || !(suffix.isEmpty() || "m".equals(suffix)))
        {
            return INVALID;
        }
        return wholeOrInvalid(suffix.isEmpty() ? number.multiply(THOUSAND) : number);
    }

    /** Millicores of a number of cores. */
    static long cpuMillis(final BigDecimal cores)
    {
        return cores.signum() < 0 ? NEGATIVE : wholeOrInvalid(cores.multiply(THOUSAND));
    }

    /** A count, a size in bytes: any number without a fraction. */
    static long whole(final BigDecimal number)
    {
        return number.signum() < 0 ? NEGATIVE : wholeOrInvalid(number);
    }

    /** Nanoseconds of a number of seconds. */
    static long secondsToNs(final BigDecimal seconds)
    {
        return seconds.signum() < 0 ?
            NEGATIVE : inRange(seconds.movePointRight(9).setScale(0, RoundingMode.DOWN));
    }

    /** Nanoseconds; a number without a unit counts as seconds. */
    static long durationNs(final String text)
    {
        if (text.startsWith("-"))
        {
            return NEGATIVE;
        }
        String rest = text.trim();
        long totalNs = 0;
        boolean first = true;
        while (first || !rest.isEmpty())
        {
            final int end = numberEnd(rest);
            final BigDecimal number = end <= 0 ? null : number(rest.substring(0, end));
            if (null == number)
            {
                return INVALID;
            }
            int unitEnd = end;
            while (unitEnd < rest.length() && Character.isLetter(rest.charAt(unitEnd)))
            {
                unitEnd++;
            }
            final long unitNs = unitNs(rest.substring(end, unitEnd), first && unitEnd == rest.length());
            final long partNs = unitNs < 0 ?
                INVALID : inRange(number.multiply(BigDecimal.valueOf(unitNs)).setScale(0, RoundingMode.DOWN));
            if (partNs < 0 || totalNs + partNs < 0)
            {
                return INVALID;
            }
            totalNs += partNs;
            rest = rest.substring(unitEnd);
            first = false;
        }
        return totalNs;
    }

    private static long unitNs(final String unit, final boolean only)
    {
        return switch (unit)
        {
            case "ns" -> 1;
            case "us" -> 1_000;
            case "ms" -> 1_000_000;
            case "s" -> 1_000_000_000;
            case "m" -> 60_000_000_000L;
            case "h" -> 3_600_000_000_000L;
            case "d" -> 86_400_000_000_000L;
            case "" -> only ? 1_000_000_000 : INVALID;
            default -> INVALID;
        };
    }

    /** End of the number at the start of a text; not above 0: there is none, and why. */
    private static int numberEnd(final String text)
    {
        if (text.isEmpty() || text.length() > LENGTH_MAX)
        {
            return (int)INVALID;
        }
        if ('-' == text.charAt(0))
        {
            return (int)NEGATIVE;
        }
        int end = 0;
        while (end < text.length() && isNumberPart(text.charAt(end)))
        {
            end++;
        }
        return 0 == end ? (int)INVALID : end;
    }

    private static boolean isNumberPart(final char c)
    {
        return (c >= '0' && c <= '9') || '.' == c || '_' == c;
    }

    private static BigDecimal number(final String text)
    {
        final String digits = text.replace("_", "");
        final int dot = digits.indexOf('.');
        final boolean wellFormed = !digits.isEmpty() && dot == digits.lastIndexOf('.') && 0 != dot &&
            !digits.endsWith(".") && !text.startsWith("_") && !text.endsWith("_");
        return wellFormed ? new BigDecimal(digits) : null;
    }

    private static long wholeOrInvalid(final BigDecimal number)
    {
        final BigDecimal stripped = number.stripTrailingZeros();
        return stripped.scale() > 0 ? INVALID : inRange(stripped);
    }

    private static long inRange(final BigDecimal number)
    {
        return number.compareTo(LONG_MAX) > 0 ? INVALID : number.longValueExact();
    }
}
