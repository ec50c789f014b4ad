package io.plimsoll.loadtest.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the sessions of a group asked for, kernel by kernel, and how often. */
final class RequestMix
{
    /** Thousandths of a device. */
    static final int WHOLE = 1_000;
    /** Kinds that the most frequent requests are taken from. */
    private static final int KINDS_MAX = 4_096;
    /** Kinds that are told. */
    private static final int TOLD_MAX = 64;

    /** What one kernel asks for: slot, amount, slot, amount, ... */
    private final Map<List<Long>, long[]> kernelsByRequest = new LinkedHashMap<>();
    private List<Long> next = new ArrayList<>();
    private long nextKernels;

    /**
     * A request.
     *
     * @param amounts by slot.
     * @param kernels that asked for it.
     */
    record Entry(Map<Integer, Long> amounts, long kernels)
    {
    }

    void begin(final long kernels, final long cpuMillis, final long memoryBytes)
    {
        next = new ArrayList<>();
        nextKernels = kernels;
        slot(BookedNames.CPU, cpuMillis);
        slot(BookedNames.MEMORY, memoryBytes);
    }

    void slot(final int slotId, final long amount)
    {
        if (amount > 0)
        {
            next.add((long)slotId);
            next.add(amount);
        }
    }

    void end()
    {
        final long[] known = kernelsByRequest.get(next);
        if (null != known)
        {
            known[0] += nextKernels;
        }
        else if (kernelsByRequest.size() < KINDS_MAX)
        {
            kernelsByRequest.put(next, new long[]{nextKernels});
        }
    }

    /** The most frequent requests, those first. */
    List<Entry> entries()
    {
        final List<Entry> entries = new ArrayList<>();
        kernelsByRequest.forEach((request, kernels) -> entries.add(new Entry(amounts(request), kernels[0])));
        entries.sort(Comparator.comparingLong(Entry::kernels).reversed());
        return List.copyOf(entries.subList(0, Math.min(TOLD_MAX, entries.size())));
    }

    private static Map<Integer, Long> amounts(final List<Long> request)
    {
        final Map<Integer, Long> amounts = new LinkedHashMap<>();
        for (int i = 0; i < request.size(); i += 2)
        {
            amounts.put(request.get(i).intValue(), request.get(i + 1));
        }
        return amounts;
    }
}
