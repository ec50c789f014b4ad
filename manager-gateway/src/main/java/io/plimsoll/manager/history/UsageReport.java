package io.plimsoll.manager.history;

import java.math.BigInteger;
import java.util.List;

/**
 * What was used, of kernels that have ended and of those that run.
 *
 * @param rows     in order of what was told apart.
 * @param sequence of the journal up to which it counts.
 * @param atNs     when that was, epoch nanoseconds; 0: nothing has been counted so far.
 * @param isCut    whether there are more rows than anybody gets at once.
 * @param gaps     sequences that are missing, of each the first and the last.
 */
public record UsageReport(List<Row> rows, long sequence, long atNs, boolean isCut, List<long[]> gaps)
{
    /** Most rows at once. */
    public static final int ROWS_MAX = 10_000;

    /**
     * Sum.
     *
     * @param keys     what it is of, in the order that was asked for; null where there is none, as for sessions without
     *                 a project.
     * @param slot     that was used.
     * @param amountNs amount times nanoseconds: millicores of cpu, bytes of mem.
     */
    public record Row(List<String> keys, String slot, BigInteger amountNs)
    {
    }
}
