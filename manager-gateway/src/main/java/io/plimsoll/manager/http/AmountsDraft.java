package io.plimsoll.manager.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/** What a kernel of a submission needs, while its JSON is read; used once, by one thread. */
final class AmountsDraft
{
    static final long CPU_MILLIS_DEFAULT = 1_000;
    static final long MEMORY_BYTES_DEFAULT = 256L << 20;

    private static final int SLOT_NAME_LENGTH_MAX = 64;
    private static final int SLOTS_MAX = 64;
    private static final String GPU_SLOT = "cuda.device";
    private static final String GPU_SHARE_SLOT = "cuda.shares";
    private static final int SHARES_PER_DEVICE = 1_000;

    private final Map<String, Long> slots = new TreeMap<>();
    private long cpuMillis;
    private long memoryBytes;

    /** Reads the value of a field; the parser stands on the value. False if it is no amount. */
    boolean tryField(final String field, final JsonParser parser) throws IOException
    {
        switch (field)
        {
            case "slots" -> slots(parser);
            case "cpu" -> cpu(parser);
            case "mem" -> memory(parser);
            case "gpu" -> gpu(parser);
            default ->
            {
                return false;
            }
        }
        return true;
    }

    /** Whether nothing was said. */
    boolean isEmpty()
    {
        return 0 == cpuMillis && 0 == memoryBytes && slots.isEmpty();
    }

    long cpuMillis()
    {
        return 0 == cpuMillis ? CPU_MILLIS_DEFAULT : cpuMillis;
    }

    long memoryBytes()
    {
        return 0 == memoryBytes ? MEMORY_BYTES_DEFAULT : memoryBytes;
    }

    /** Nothing of a slot is asked for by not naming it, whether or not an agent has such a slot. */
    Map<String, Long> slots()
    {
        slots.values().removeIf(amount -> 0 == amount);
        return slots;
    }

    private void cpu(final JsonParser parser) throws IOException
    {
        if (0 != cpuMillis)
        {
            throw FieldReader.duplicate(parser);
        }
        cpuMillis = FieldReader.cpuMillis(parser);
    }

    private void memory(final JsonParser parser) throws IOException
    {
        if (0 != memoryBytes)
        {
            throw FieldReader.duplicate(parser);
        }
        memoryBytes = FieldReader.bytes(parser);
    }

    private void slot(final String slot, final JsonParser parser) throws IOException
    {
        final long amount = FieldReader.ofSlot(slot, parser);
        if (null != slots.put(slot, amount))
        {
            throw FieldReader.duplicate(parser);
        }
    }

    /** Whole devices, or a share of each of as many as it takes. */
    private void gpu(final JsonParser parser) throws IOException
    {
        final long thousandths = FieldReader.thousandths(parser);
        final boolean whole = 0 == thousandths % SHARES_PER_DEVICE;
        final String slot = whole ? GPU_SLOT : GPU_SHARE_SLOT;
        if (null != slots.put(slot, whole ? thousandths / SHARES_PER_DEVICE : thousandths))
        {
            throw FieldReader.duplicate(parser);
        }
    }

    private void slots(final JsonParser parser) throws IOException
    {
        FieldReader.expectObject(parser, "an object of amounts, such as {\"cpu\": 2, \"mem\": \"1g\"}");
        while (JsonToken.END_OBJECT != parser.nextToken())
        {
            final String slot = parser.currentName();
            parser.nextToken();
            switch (slot)
            {
                case "cpu" -> cpu(parser);
                case "mem" -> memory(parser);
                default -> namedSlot(slot, parser);
            }
        }
    }

    private void namedSlot(final String slot, final JsonParser parser) throws IOException
    {
        if (slot.isEmpty() || slot.length() > SLOT_NAME_LENGTH_MAX || slots.size() >= SLOTS_MAX)
        {
            throw FieldReader.outOfRange(parser, "at most 64 slots with names of 1 to 64 characters");
        }
        slot(slot, parser);
    }
}
