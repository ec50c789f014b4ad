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

    private static final Pattern NUMBER = Pattern.compile("[+-]?[0-9]+(\\.[0-9]+)?");
    private static final int DIGITS = 3;

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

    private static long amount(final String slot, final String text)
    {
        if (!text.startsWith("-") && CPU.equals(slot))
        {
            return Amounts.cpuMillis(text);
        }
        if (!text.startsWith("-") && MEM.equals(slot))
        {
            return Amounts.bytes(text);
        }
        if (!NUMBER.matcher(text).matches())
        {
            throw new IllegalArgumentException(slot + ": '" + text + "' is not a number: write such as 2 or 0.5");
        }
        final BigDecimal millis = new BigDecimal(text).movePointRight(DIGITS).stripTrailingZeros();
        if (millis.scale() > 0 || millis.precision() - millis.scale() > Long.SIZE / 4)
        {
            throw new IllegalArgumentException(
                slot + ": '" + text + "' is finer than a thousandth or too large: write such as 2 or 0.5");
        }
        return millis.longValueExact();
    }

    /** Of a slot; 0: none is wanted. */
    public long amount(final String slot)
    {
        return amounts.getOrDefault(slot, 0L);
    }
}
