package io.plimsoll.core.policy;

/**
 * What each part of {@link PlimsollPolicy} counts, in hundredths of a thousandth of a device. The values were found by
 * search on some workloads and seeds of a public trace, and tried on others; see docs/PLIMSOLL_POLICY.md.
 *
 * @param lost               each thousandth that is lost to typical requests.
 * @param remains            each thousandth that will remain on a device.
 * @param stranded           each thousandth for which there is no cpu left, as requests for devices need it.
 * @param strandedSurely     the same, even if they needed a fifth less.
 * @param strandedAll        the same, as all requests need cpu for each device that is asked for.
 * @param strandedAllSurely  the same, even if they needed a fifth less.
 * @param strandedAllMaybe   the same, if they needed three fifths more.
 * @param demand             each free thousandth of a model that all of the demand may go to.
 * @param untouched          an agent on which nothing has taken a device, in thousandths of a device.
 * @param quantum            differences less than this do not count, so that agents in use fill up in order of their
 *                           numbers; in thousandths of a device.
 */
record PlimsollWeights(
    long lost,
    long remains,
    long stranded,
    long strandedSurely,
    long strandedAll,
    long strandedAllSurely,
    long strandedAllMaybe,
    long demand,
    long untouched,
    long quantum)
{
    static final PlimsollWeights DEFAULT = new PlimsollWeights(100, 5000, 75, 100, 50, 50, 30, 170, 200, 100);

    static final int SURELY_PERCENT = 80;
    static final int MAYBE_PERCENT = 160;
}
