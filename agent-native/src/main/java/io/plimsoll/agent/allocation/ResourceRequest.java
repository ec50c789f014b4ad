package io.plimsoll.agent.allocation;

import io.plimsoll.transport.Amounts;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What is wanted.
 *
 * @param text    as it was written.
 * @param amounts by slot in the order given: thousandths, also of cores; bytes for {@code mem}.
 */
public record ResourceRequest(String text, Map<String, Long> amounts)
{
    /** Slot of cores. */
    public static final String CPU = "cpu";
    /** Slot of memory. */
    public static final String MEM = "mem";

    private static final Pattern NUMBER = Pattern.compile("[+]?([0-9]+(\\.[0-9]+)?|\\.[0-9]+)");
    private static final Pattern WHOLE_PART = Pattern.compile("^[+]?[0-9_]+");
    private static final int DIGITS = 3;
    /** More than any host has; sums of these are still numbers. */
    private static final long MILLIS_MAX = 1_000_000_000_000_000_000L;
    private static final long BYTES_MAX = 1L << 60;

    /**
     * Reads a request.
     *
     * @param text such as {@code cuda.device=2,cpu=8,mem=16g}.
     * @return the request.
     * @throws IllegalArgumentException that says what would be right.
     */
    public static ResourceRequest parse(final String text)
    {
        final Map<String, Long> amounts = new LinkedHashMap<>();
        for (final String part : text.split(",", -1))
        {
            final int equals = part.indexOf('=');
            final String slot = part.substring(0, Math.max(0, equals)).strip();
            if (slot.isEmpty())
            {
                throw new IllegalArgumentException(
                    "'" + part + "' is not SLOT=AMOUNT: write such as cuda.device=2,cpu=8,mem=16g");
            }
            final long amount = amount(slot, part.substring(equals + 1).strip());
            if (null != amounts.put(slot, amount))
            {
                throw new IllegalArgumentException(slot + " is asked for twice: give one amount");
            }
        }
        return new ResourceRequest(text, amounts);
    }

    /** What nobody can have is refused when it is served, as everything is that a host does not have. */
    private static long amount(final String slot, final String text)
    {
        if (text.startsWith("-"))
        {
            return -amount(slot, text.substring(1));
        }
        final long amountMax = MEM.equals(slot) ? BYTES_MAX : MILLIS_MAX;
        try
        {
            return Math.min(amountMax, exact(slot, text));
        }
        catch (final IllegalArgumentException e)
        {
            final String small = WHOLE_PART.matcher(text).replaceFirst("1");
            if (small.equals(text) || !isAmount(slot, small))
            {
                throw e;
            }
            return amountMax;
        }
    }

    private static boolean isAmount(final String slot, final String text)
    {
        try
        {
            return exact(slot, text) > 0;
        }
        catch (final IllegalArgumentException e)
        {
            return false;
        }
    }

    private static long exact(final String slot, final String text)
    {
        if (CPU.equals(slot) || MEM.equals(slot))
        {
            try
            {
                return CPU.equals(slot) ? Amounts.cpuMillis(text) : Amounts.bytes(text);
            }
            catch (final IllegalArgumentException e)
            {
                throw new IllegalArgumentException(slot + ": " + e.getMessage(), e);
            }
        }
        if (!NUMBER.matcher(text).matches())
        {
            throw new IllegalArgumentException(slot + ": '" + text + "' is not a number: write such as 2 or 0.5");
        }
        final BigDecimal millis = new BigDecimal(text).movePointRight(DIGITS).stripTrailingZeros();
        if (millis.scale() > 0 || millis.precision() - millis.scale() > Long.SIZE / 4)
        {
            throw new IllegalArgumentException(
                slot + ": '" + text + "' is finer than a thousandth: write such as 2 or 0.5");
        }
        return millis.longValueExact();
    }

    /** Of a slot; 0: none is wanted. */
    public long amount(final String slot)
    {
        return amounts.getOrDefault(slot, 0L);
    }
}
