package io.plimsoll.loadtest.jobs;

import io.plimsoll.core.sbe.SessionType;
import io.plimsoll.loadtest.simulate.SessionSpec.Dependency;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.agrona.collections.Int2ObjectHashMap;

/**
 * The fields of jobs, one array each. What few jobs have (dependencies, names that are no numbers, different lives) is
 * kept beside. Written by one thread, then only read.
 */
final class JobColumns
{
    private static final int CAPACITY_FIRST = 1024;
    private static final int NUMBER_LENGTH_MAX = 18;
    private static final long NO_NUMBER = -1;
    private static final byte PREEMPTIBLE = 1;

    private final Interner<Tenant> tenants = new Interner<>();
    private final Interner<JobRequest> requests = new Interner<>();
    private final Map<Integer, String> names = new HashMap<>();
    private final Int2ObjectHashMap<List<Life>> lives = new Int2ObjectHashMap<>();
    private final Int2ObjectHashMap<List<Dependency>> after = new Int2ObjectHashMap<>();
    private long[] numbers = new long[CAPACITY_FIRST];
    private long[] arrivalsNs = new long[CAPACITY_FIRST];
    private long[] durationsNs = new long[CAPACITY_FIRST];
    private long[] limitsNs = new long[CAPACITY_FIRST];
    private int[] tenantIds = new int[CAPACITY_FIRST];
    private int[] requestIds = new int[CAPACITY_FIRST];
    private int[] elements = new int[CAPACITY_FIRST];
    private int[] exitCodes = new int[CAPACITY_FIRST];
    private byte[] types = new byte[CAPACITY_FIRST];
    private byte[] priorities = new byte[CAPACITY_FIRST];
    private byte[] flags = new byte[CAPACITY_FIRST];
    /** Places of the jobs in order of arrival; null while that is the order in which they came. */
    private int[] order;
    private int size;

    int size()
    {
        return size;
    }

    void add(final Job job)
    {
        if (size == numbers.length)
        {
            grow();
        }
        numbers[size] = number(job.name());
        if (NO_NUMBER == numbers[size])
        {
            names.put(size, job.name());
        }
        arrivalsNs[size] = job.arrivalNs();
        durationsNs[size] = job.durationNs();
        limitsNs[size] = job.limitNs();
        tenantIds[size] = tenants.id(job.tenant());
        requestIds[size] = requests.id(job.request());
        elements[size] = job.elements();
        exitCodes[size] = job.exitCode();
        types[size] = (byte)job.type().ordinal();
        priorities[size] = (byte)job.priority();
        flags[size] = job.preemptible() ? PREEMPTIBLE : 0;
        if (job.lives().size() > 1)
        {
            lives.put(size, List.copyOf(job.lives()));
        }
        if (!job.after().isEmpty())
        {
            after.put(size, List.copyOf(job.after()));
        }
        size++;
    }

    /** Names that are plain numbers need no text. */
    private static long number(final String name)
    {
        if (name.isEmpty() || name.length() > NUMBER_LENGTH_MAX || '0' == name.charAt(0) && name.length() > 1)
        {
            return NO_NUMBER;
        }
        long number = 0;
        for (int i = 0; i < name.length(); i++)
        {
            final int digit = name.charAt(i) - '0';
            if (digit < 0 || digit > 9)
            {
                return NO_NUMBER;
            }
            number = number * 10 + digit;
        }
        return number;
    }

    private void grow()
    {
        final int capacity = Math.addExact(size, Math.max(size >> 1, 1));
        numbers = Arrays.copyOf(numbers, capacity);
        arrivalsNs = Arrays.copyOf(arrivalsNs, capacity);
        durationsNs = Arrays.copyOf(durationsNs, capacity);
        limitsNs = Arrays.copyOf(limitsNs, capacity);
        tenantIds = Arrays.copyOf(tenantIds, capacity);
        requestIds = Arrays.copyOf(requestIds, capacity);
        elements = Arrays.copyOf(elements, capacity);
        exitCodes = Arrays.copyOf(exitCodes, capacity);
        types = Arrays.copyOf(types, capacity);
        priorities = Arrays.copyOf(priorities, capacity);
        flags = Arrays.copyOf(flags, capacity);
    }

    /** Puts the jobs in order of their arrival. */
    void sort()
    {
        for (int i = 1; i < size; i++)
        {
            if (arrivalsNs[i] < arrivalsNs[i - 1])
            {
                order = StableOrder.of(arrivalsNs, size);
                return;
            }
        }
    }

    private int at(final int index)
    {
        Objects.checkIndex(index, size);
        return null == order ? index : order[index];
    }

    long arrivalNs(final int index)
    {
        return arrivalsNs[at(index)];
    }

    int elements(final int index)
    {
        return elements[at(index)];
    }

    Tenant tenant(final int index)
    {
        return tenants.value(tenantIds[at(index)]);
    }

    JobRequest request(final int index)
    {
        return requests.value(requestIds[at(index)]);
    }

    /** Whether some job waits for others. */
    boolean hasDependencies()
    {
        return !after.isEmpty();
    }

    Job job(final int index)
    {
        final int at = at(index);
        final List<Life> several = lives.get(at);
        final List<Dependency> dependencies = after.get(at);
        return new Job(
            NO_NUMBER == numbers[at] ? names.get(at) : Long.toString(numbers[at]),
            arrivalsNs[at],
            tenants.value(tenantIds[at]),
            SessionType.values()[types[at]],
            priorities[at],
            PREEMPTIBLE == flags[at],
            requests.value(requestIds[at]),
            limitsNs[at],
            elements[at],
            null == several ? List.of(new Life(durationsNs[at], exitCodes[at])) : several,
            null == dependencies ? List.of() : dependencies);
    }

    List<Tenant> tenants()
    {
        return Collections.unmodifiableList(tenants.values());
    }

    List<JobRequest> requests()
    {
        return Collections.unmodifiableList(requests.values());
    }
}
