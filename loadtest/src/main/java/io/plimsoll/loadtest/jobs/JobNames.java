package io.plimsoll.loadtest.jobs;

import io.plimsoll.loadtest.csv.CsvRow;
import org.agrona.collections.Long2LongHashMap;

/**
 * Each job of a file has a name of its own, by which others wait for it and results are told. Of a name 64 bits are
 * kept, and its line, so that millions fit. One thread.
 */
final class JobNames
{
    private static final long NONE = -1;
    private static final long BASIS = 0xcbf29ce484222325L;
    private static final long PRIME = 0x100000001b3L;

    private final Long2LongHashMap lineByHash = new Long2LongHashMap(NONE);

    /**
     * The name of a row's job.
     *
     * @throws io.plimsoll.loadtest.simulate.ScenarioException if a row before has the same.
     */
    String of(final CsvRow row)
    {
        final String name = row.text("job");
        final long before = lineByHash.putIfAbsent(hash(name), row.line());
        if (NONE != before)
        {
            throw row.problem("job", "'" + name + "' is the name of the job in line " + before +
                " already; each has one of its own");
        }
        return name;
    }

    /** FNV-1a, and then each bit depends on all. */
    private static long hash(final String name)
    {
        long hash = BASIS;
        for (int i = 0; i < name.length(); i++)
        {
            hash = (hash ^ name.charAt(i)) * PRIME;
        }
        hash = (hash ^ hash >>> 32) * 0xd6e8feb86659fd93L;
        return hash ^ hash >>> 32;
    }
}
