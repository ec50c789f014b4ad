package io.plimsoll.journal;

/**
 * What of a journal is kept. Records that a snapshot stands for may go when they are older than the period and beyond
 * the number of bytes; those behind the oldest snapshot kept never go.
 *
 * @param snapshots that are kept, the newest; at least 1.
 * @param periodNs  for which records are kept after they were written; 0: none longer than snapshots need them.
 * @param bytes     of segments that are kept, however old they are.
 */
public record Retention(int snapshots, long periodNs, long bytes)
{
    /** Two snapshots, and all records of 30 days. */
    public static final Retention DEFAULT = new Retention(2, 30L * 24 * 3_600 * 1_000_000_000L, 0);

    public Retention
    {
        if (snapshots < 1 || periodNs < 0 || bytes < 0)
        {
            throw new IllegalArgumentException(
                "snapshots=" + snapshots + " periodNs=" + periodNs + " bytes=" + bytes + "; at least 1, 0, 0");
        }
    }
}
