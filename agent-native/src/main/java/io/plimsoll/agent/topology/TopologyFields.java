package io.plimsoll.agent.topology;

import com.fasterxml.jackson.databind.JsonNode;
import io.plimsoll.agent.runtime.CpuList;
import io.plimsoll.transport.Amounts;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** Fields of the document that describes a host. Every error names the field and says what would be right. */
final class TopologyFields
{
    /** Sums of these are still numbers. */
    static final long BYTES_MAX = 1L << 52;
    private static final long MILLIS_MAX = 1_000_000_000_000L;

    private TopologyFields()
    {
    }

    static Iterable<JsonNode> array(final JsonNode from, final String field)
    {
        require(from.isMissingNode() || from.isNull() || from.isArray(), field + ": is to be an array");
        return from;
    }

    static String text(final JsonNode from, final String parent, final String name, final String absent)
    {
        final JsonNode value = from.path(name);
        if (null != absent && (value.isMissingNode() || value.isNull()))
        {
            return absent;
        }
        require(value.isTextual() && (null != absent || !value.textValue().isBlank()),
            parent + "." + name + ": is to be a text");
        return value.textValue();
    }

    static List<String> texts(final JsonNode from, final String field)
    {
        final List<String> texts = new ArrayList<>();
        for (final JsonNode text : array(from, field))
        {
            require(text.isTextual(), field + ": is to be an array of texts");
            texts.add(text.textValue());
        }
        return List.copyOf(texts);
    }

    static int integer(final JsonNode from, final String parent, final String name, final int absent)
    {
        final JsonNode value = from.path(name);
        if (value.isNull() || value.isMissingNode())
        {
            return absent;
        }
        require(value.isInt(), parent + "." + name + ": is to be a whole number");
        return value.intValue();
    }

    static long bytes(final JsonNode value, final String field)
    {
        if (value.isMissingNode() || value.isNull())
        {
            return 0;
        }
        require(value.isTextual() || value.isIntegralNumber(), field + ": is to be a size, such as \"64g\"");
        try
        {
            final long bytes = Amounts.bytes(value.asText());
            require(bytes >= 0, value.asText() + " cannot be negative");
            require(bytes <= BYTES_MAX, value.asText() + " is more than a host can have");
            return bytes;
        }
        catch (final IllegalArgumentException e)
        {
            throw new IllegalArgumentException(field + ": " + e.getMessage(), e);
        }
    }

    static long millis(final JsonNode value, final String field, final long absent)
    {
        if (value.isMissingNode() || value.isNull())
        {
            return absent;
        }
        require(value.isNumber(), field + ": is to be a number, such as 1 or 0.25");
        final BigDecimal millis = value.decimalValue().movePointRight(3);
        require(millis.signum() >= 0 && millis.compareTo(BigDecimal.valueOf(MILLIS_MAX)) <= 0,
            field + ": is to be a number from 0 to " + MILLIS_MAX / 1000);
        require(millis.stripTrailingZeros().scale() <= 0, field + ": is finer than a thousandth");
        return millis.longValueExact();
    }

    static BitSet cpus(final JsonNode value, final String field)
    {
        if (value.isMissingNode() || value.isNull())
        {
            return new BitSet();
        }
        final String rule = field + ": is to be a list of processors, such as \"0-15,32-47\"";
        require(value.isTextual(), rule);
        try
        {
            return CpuList.parse(value.textValue());
        }
        catch (final IllegalArgumentException | IndexOutOfBoundsException e)
        {
            throw new IllegalArgumentException(rule, e);
        }
    }

    static boolean flag(final JsonNode value, final String field)
    {
        require(value.isMissingNode() || value.isNull() || value.isBoolean(), field + ": is to be true or false");
        return value.asBoolean(false);
    }

    static void require(final boolean holds, final String rule)
    {
        if (!holds)
        {
            throw new IllegalArgumentException(rule);
        }
    }
}
