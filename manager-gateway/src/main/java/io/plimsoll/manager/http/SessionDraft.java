package io.plimsoll.manager.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.plimsoll.core.sbe.OnLoss;
import io.plimsoll.core.sbe.SessionType;
import io.plimsoll.manager.control.SessionRequest;
import io.plimsoll.manager.view.IdRange;
import io.plimsoll.transport.LaunchSpec;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToIntFunction;

/**
 * One session of a submission while its JSON is read; used once, by one thread. The defaults of every field stand here:
 * they are what {@code /openapi.json} promises.
 */
final class SessionDraft
{
    /** Names in the order in which they are documented; their positions are the bits of {@link #seen}. */
    static final List<String> FIELDS = List.of(
        "name", "type", "group", "priority", "kernels", "count", "slots", "cpu", "mem", "gpu", "command", "env", "cwd",
        "timeout", "grace", "onLoss", "after", "afterAny", "startAt", "failurePolicy", "preemptible", "account",
        "arch", "labels", "deviceModel", "on", "prefer", "spread", "pack", "image", "simulatedSeconds", "logBytesMax");

    private static final Map<String, Integer> POSITIONS = positions();

    static final long CPU_MILLIS_DEFAULT = 1_000;
    static final long MEMORY_BYTES_DEFAULT = 256L << 20;
    static final int PRIORITY_DEFAULT = 10;
    static final long GRACE_NS_DEFAULT = 10_000_000_000L;
    static final int COUNT_MAX = 1_000_000;
    static final int KERNELS_MAX = 1024;
    static final int DEPENDENCIES_MAX = 1024;

    private static final int NAME_LENGTH_MAX = 256;
    private static final int SLOT_NAME_LENGTH_MAX = 64;
    private static final int SLOTS_MAX = 64;
    private static final int TEXT_LENGTH_MAX = LaunchSpec.LENGTH_MAX;
    private static final int LIST_LENGTH_MAX = 4096;
    private static final String GPU_SLOT = "cuda.device";
    private static final String GPU_SHARE_SLOT = "cuda.shares";
    private static final int SHARES_PER_DEVICE = 1_000;

    private final Map<String, Long> slots = new TreeMap<>();
    private final TermsDraft terms = new TermsDraft();
    private long seen;
    private String name = "";
    private String account;
    private SessionType type = SessionType.BATCH;
    private String group = "default";
    private int priority = PRIORITY_DEFAULT;
    private int kernels = 1;
    private int count = 1;
    private boolean array;
    private long cpuMillis;
    private long memoryBytes;
    private List<String> command;
    private Map<String, String> env = Map.of();
    private String cwd;
    private long walltimeNs;
    private long graceNs = GRACE_NS_DEFAULT;
    private OnLoss onLoss = OnLoss.WAIT;
    private long simulatedNs;
    private long logBytesMax;

    /** Reads the value of a field; the parser stands on the value. False if there is no such field. */
    boolean tryField(final String field, final JsonParser parser) throws IOException
    {
        final Integer position = POSITIONS.get(field);
        if (null == position)
        {
            return false;
        }
        if (0 != (seen & 1L << position))
        {
            throw FieldReader.duplicate(parser);
        }
        seen |= 1L << position;
        if (JsonToken.VALUE_NULL != parser.currentToken())
        {
            read(field, parser);
        }
        return true;
    }

    private void read(final String field, final JsonParser parser) throws IOException
    {
        switch (field)
        {
            case "name" -> name = FieldReader.text(parser, NAME_LENGTH_MAX, "text");
            case "account" -> account = FieldReader.scalar(
                parser, NAME_LENGTH_MAX, "an account, by name or number");
            case "type" -> type = type(parser);
            case "group" -> group = group(parser);
            case "priority" -> priority = (int)FieldReader.integer(
                parser, 0, 100, "a whole number from 0 to 100, higher first");
            case "kernels" -> kernels = (int)FieldReader.integer(
                parser, 1, KERNELS_MAX, "a whole number from 1 to " + KERNELS_MAX);
            case "count" -> count(parser);
            case "slots" -> slots(parser);
            case "cpu" -> cpu(parser);
            case "mem" -> memory(parser);
            case "gpu" -> gpu(parser);
            case "command" -> command = command(parser);
            case "env" -> env = FieldReader.textMap(parser, LIST_LENGTH_MAX, TEXT_LENGTH_MAX);
            case "cwd" -> cwd = cwd(parser);
            case "timeout" -> walltimeNs = FieldReader.durationNs(parser);
            case "grace" -> graceNs = FieldReader.durationNs(parser);
            case "onLoss" -> onLoss = onLoss(parser);
            case "image" -> throw new Problem(
                400, "unsupported", "image: containers are not available yet; leave it out to run a process")
                .field(parser.getParsingContext().pathAsPointer().toString())
                .asException();
            case "simulatedSeconds" -> simulatedNs = FieldReader.durationNs(parser);
            case "logBytesMax" -> logBytesMax = FieldReader.bytes(parser);
            default -> terms.read(field, parser);
        }
    }

    /** The session; throws the problem if something that must be there is missing. */
    SessionRequest build(final String pointer, final ToIntFunction<String> accounts)
    {
        if (null == command)
        {
            throw new Problem(
                400,
                "missing-field",
                pointer + "/command: missing; give the program and its arguments, such as [\"/bin/true\"]")
                .field(pointer + "/command")
                .asException();
        }
        final LaunchSpec spec = new LaunchSpec(command, env, cwd, null, logBytesMax, simulatedNs);
        return new SessionRequest(
            name,
            group,
            type,
            priority,
            kernels,
            count,
            array,
            0 == cpuMillis ? CPU_MILLIS_DEFAULT : cpuMillis,
            0 == memoryBytes ? MEMORY_BYTES_DEFAULT : memoryBytes,
            slots,
            walltimeNs,
            graceNs,
            onLoss,
            terms.dependencies(),
            spec,
            terms.terms(null == account ? 0 : accounts.applyAsInt(account)));
    }

    private static Map<String, Integer> positions()
    {
        final Map<String, Integer> positions = new HashMap<>();
        for (final String field : FIELDS)
        {
            positions.put(field, positions.size());
        }
        return positions;
    }

    private static SessionType type(final JsonParser parser) throws IOException
    {
        final String right = "\"batch\", \"interactive\", \"inference\" or \"system\"";
        final String text = FieldReader.text(parser, NAME_LENGTH_MAX, right);
        return switch (text)
        {
            case "batch" -> SessionType.BATCH;
            case "interactive" -> SessionType.INTERACTIVE;
            case "inference" -> SessionType.INFERENCE;
            case "system" -> SessionType.SYSTEM;
            default -> throw FieldReader.outOfRange(parser, right);
        };
    }

    private static OnLoss onLoss(final JsonParser parser) throws IOException
    {
        final String right = "\"wait\" or \"restart\"";
        final String text = FieldReader.text(parser, NAME_LENGTH_MAX, right);
        return switch (text)
        {
            case "wait" -> OnLoss.WAIT;
            case "restart" -> OnLoss.RESTART;
            default -> throw FieldReader.outOfRange(parser, right);
        };
    }

    private static String group(final JsonParser parser) throws IOException
    {
        final String right = "the name of a resource group, such as \"default\"";
        final String text = FieldReader.text(parser, NAME_LENGTH_MAX, right);
        if (text.isEmpty())
        {
            throw FieldReader.outOfRange(parser, right);
        }
        return text;
    }

    private static List<String> command(final JsonParser parser) throws IOException
    {
        final String right = "an array of program and arguments, such as [\"sh\", \"-c\", \"echo hello\"]";
        final List<String> command = FieldReader.texts(parser, LIST_LENGTH_MAX, TEXT_LENGTH_MAX, right);
        if (command.isEmpty() || command.get(0).isEmpty())
        {
            throw FieldReader.outOfRange(parser, right);
        }
        return command;
    }

    private static String cwd(final JsonParser parser) throws IOException
    {
        final String right = "an absolute path, such as \"/tmp\"";
        final String text = FieldReader.text(parser, LIST_LENGTH_MAX, right);
        if (!text.startsWith("/"))
        {
            throw FieldReader.outOfRange(parser, right);
        }
        return text;
    }

    private void count(final JsonParser parser) throws IOException
    {
        count = (int)FieldReader.integer(parser, 1, COUNT_MAX, "a whole number from 1 to " + COUNT_MAX);
        array = true;
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
        final long amount = FieldReader.count(parser);
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

    /** An id or a range as text, or an id as number. */
    static IdRange idRange(final JsonParser parser, final String right) throws IOException
    {
        if (JsonToken.VALUE_NUMBER_INT == parser.currentToken())
        {
            final long id = FieldReader.integer(parser, 1, Long.MAX_VALUE, right);
            return new IdRange(id, id);
        }
        final IdRange range = IdRanges.parse(FieldReader.text(parser, NAME_LENGTH_MAX, right));
        if (null == range)
        {
            throw FieldReader.outOfRange(parser, right);
        }
        return range;
    }
}
