package io.plimsoll.agent.gpu;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * What is asked of NVML, in our own terms. A handle stays good while the library is initialised. Structures are read by
 * the offsets that {@code nvml.h} gives them; they are part of its binary interface and never change. For one thread at
 * a time.
 */
final class Nvml
{
    /** What an event may tell, a mask. */
    static final long DOUBLE_BIT_ECC = 2;
    static final long XID = 8;

    private static final int TEXT_LENGTH = 96;
    private static final int PCI_BUS_ID = 36;
    private static final int PCI_BUS_ID_LENGTH = 32;
    private static final int ATTRIBUTES_LENGTH = 40;
    private static final int EVENT_LENGTH = 32;
    private static final int UNCORRECTED = 1;
    private static final int SINCE_DRIVER_START = 0;
    private static final int DOMAIN_LENGTH = 4;

    private final NvmlLibrary library;
    private final Memory memory = new Memory(128);
    private int code;

    Nvml(final NvmlLibrary library)
    {
        this.library = library;
    }

    /** What the last call answered; 0: all well. */
    int code()
    {
        return code;
    }

    boolean init()
    {
        return call("nvmlInit_v2");
    }

    void shutdown()
    {
        call("nvmlShutdown");
    }

    int count()
    {
        return call("nvmlDeviceGetCount_v2", memory) ? memory.getInt(0) : 0;
    }

    /** Null: it cannot be had. */
    Pointer gpu(final int index)
    {
        return call("nvmlDeviceGetHandleByIndex_v2", index, memory) ? memory.getPointer(0) : null;
    }

    String name(final Pointer gpu)
    {
        return text("nvmlDeviceGetName", gpu);
    }

    String uuid(final Pointer gpu)
    {
        return text("nvmlDeviceGetUUID", gpu);
    }

    long memoryBytes(final Pointer gpu)
    {
        return call("nvmlDeviceGetMemoryInfo", gpu, memory) ? memory.getLong(0) : 0;
    }

    long memoryUsedBytes(final Pointer gpu)
    {
        return call("nvmlDeviceGetMemoryInfo", gpu, memory) ? memory.getLong(2 * (long)Long.BYTES) : 0;
    }

    /** As the system writes it, {@code 0000:17:00.0}; empty: not known. */
    String pci(final Pointer gpu)
    {
        return call("nvmlDeviceGetPciInfo_v3", gpu, memory) ? address() : "";
    }

    /** Address of what a lane of NVLink leads to; empty: the lane does not work; null: there is no such lane. */
    String linked(final Pointer gpu, final int lane)
    {
        if (!call("nvmlDeviceGetNvLinkState", gpu, lane, memory))
        {
            return null;
        }
        return 0 != memory.getInt(0) && call("nvmlDeviceGetNvLinkRemotePciInfo_v2", gpu, lane, memory) ? address() : "";
    }

    /** Code of {@code nvmlGpuTopologyLevel_t}; negative: not known. */
    int commonAncestor(final Pointer gpu, final Pointer other)
    {
        return call("nvmlDeviceGetTopologyCommonAncestor", gpu, other, memory) ? memory.getInt(0) : -1;
    }

    boolean isMig(final Pointer gpu)
    {
        return call("nvmlDeviceGetMigMode", gpu, memory, memory.share(Integer.BYTES)) && 1 == memory.getInt(0);
    }

    int migCountMax(final Pointer gpu)
    {
        return call("nvmlDeviceGetMaxMigDeviceCount", gpu, memory) ? memory.getInt(0) : 0;
    }

    /** Null: there is none of that index. */
    Pointer mig(final Pointer gpu, final int index)
    {
        return call("nvmlDeviceGetMigDeviceHandleByIndex", gpu, index, memory) ? memory.getPointer(0) : null;
    }

    /** Size of a slice; null: not known. */
    Slice slice(final Pointer mig)
    {
        memory.setMemory(0, ATTRIBUTES_LENGTH, (byte)0);
        if (!call("nvmlDeviceGetAttributes_v2", mig, memory))
        {
            return null;
        }
        final int slices = 6;
        final int compute = 7;
        return new Slice(
            memory.getInt(slices * (long)Integer.BYTES),
            memory.getInt(compute * (long)Integer.BYTES),
            memory.getLong((compute + 1) * (long)Integer.BYTES) << 20);
    }

    /** Per cent; negative: not known. */
    int utilisation(final Pointer gpu)
    {
        return call("nvmlDeviceGetUtilizationRates", gpu, memory) ? memory.getInt(0) : -1;
    }

    /** Degrees Celsius; negative: not known. */
    int temperature(final Pointer gpu)
    {
        return call("nvmlDeviceGetTemperature", gpu, 0, memory) ? memory.getInt(0) : -1;
    }

    /** Thousandths of a watt; negative: not known. */
    int powerMilliwatt(final Pointer gpu)
    {
        return call("nvmlDeviceGetPowerUsage", gpu, memory) ? memory.getInt(0) : -1;
    }

    /** Errors of its memory that could not be corrected, since its driver started. */
    long uncorrectableErrors(final Pointer gpu)
    {
        return call("nvmlDeviceGetTotalEccErrors", gpu, UNCORRECTED, SINCE_DRIVER_START, memory) ?
            memory.getLong(0) : 0;
    }

    /** Null: events are not to be had. */
    Pointer eventSet()
    {
        return call("nvmlEventSetCreate", memory) ? memory.getPointer(0) : null;
    }

    void register(final Pointer gpu, final Pointer set)
    {
        // Some GPUs have no ECC.
        if (!call("nvmlDeviceRegisterEvents", gpu, XID | DOUBLE_BIT_ECC, set))
        {
            call("nvmlDeviceRegisterEvents", gpu, XID, set);
        }
    }

    /** What has happened and was not told yet; null: nothing, or it cannot be said now. */
    GpuEvent event(final Pointer set)
    {
        try (Memory event = new Memory(EVENT_LENGTH))
        {
            event.clear();
            return call("nvmlEventSetWait_v2", set, event, 0) ?
                new GpuEvent(event.getPointer(0), event.getLong(Long.BYTES), event.getLong(2 * (long)Long.BYTES)) :
                null;
        }
    }

    void free(final Pointer set)
    {
        call("nvmlEventSetFree", set);
    }

    private boolean call(final String name, final Object... arguments)
    {
        code = library.call(name, arguments);
        return NvmlLibrary.SUCCESS == code;
    }

    private String text(final String name, final Pointer gpu)
    {
        memory.clear();
        return call(name, gpu, memory, TEXT_LENGTH) ? memory.getString(0, StandardCharsets.UTF_8.name()) : "";
    }

    /** NVML writes domains with eight digits, and all in upper case. */
    private String address()
    {
        final byte[] bytes = memory.getByteArray(PCI_BUS_ID, PCI_BUS_ID_LENGTH);
        final String text = new String(bytes, StandardCharsets.US_ASCII).split("\0", 2)[0].toLowerCase(Locale.ROOT);
        final int colon = text.indexOf(':');
        int from = 0;
        while (colon - from > DOMAIN_LENGTH && '0' == text.charAt(from))
        {
            from++;
        }
        return text.substring(from);
    }

    /** Parts of a GPU that a slice has. */
    record Slice(int slices, int compute, long memoryBytes)
    {
    }

    /** What happened to a GPU; the data of an Xid is its number. */
    record GpuEvent(Pointer gpu, long type, long data)
    {
    }
}
