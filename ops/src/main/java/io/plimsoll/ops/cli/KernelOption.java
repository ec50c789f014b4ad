package io.plimsoll.ops.cli;

import io.plimsoll.transport.Amounts;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** What some kernels of a session need, such as {@code cpu=8,mem=32g,gpu=1,count=3}, as the API takes it. */
final class KernelOption implements ITypeConverter<Map<String, Object>>
{
    static final String COUNT = "count";

    @Override
    public Map<String, Object> convert(final String text)
    {
        final Map<String, Object> part = new LinkedHashMap<>();
        final Map<String, Object> slots = new LinkedHashMap<>();
        for (final String entry : text.split(",", -1))
        {
            final int equals = entry.indexOf('=');
            if (equals < 1)
            {
                throw new TypeConversionException("'" + entry + "' is no amount: use such as cpu=2,mem=2g,count=3");
            }
            final String name = entry.substring(0, equals).trim();
            try
            {
                if (null != put(name, entry.substring(equals + 1).trim(), part, slots))
                {
                    throw new TypeConversionException(name + " is there twice");
                }
            }
            catch (final IllegalArgumentException ex)
            {
                throw new TypeConversionException(name + ": " + ex.getMessage());
            }
        }
        if (!slots.isEmpty())
        {
            part.put("slots", slots);
        }
        return part;
    }

    private static Object put(
        final String name, final String value, final Map<String, Object> part, final Map<String, Object> slots)
    {
        switch (name)
        {
            case "cpu":
                Amounts.cpuMillis(value);
                return part.put(name, value);
            case "mem":
                Amounts.bytes(value);
                return part.put(name, value);
            case "gpu":
                return part.put(name, new BigDecimal(value));
            case COUNT:
                return part.put(name, Integer.valueOf(value));
            default:
                return slots.put(name, Amounts.ofSlot(name, value));
        }
    }
}
