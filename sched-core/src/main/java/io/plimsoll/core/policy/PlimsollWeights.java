package io.plimsoll.core.policy;

/**
 * What each part of {@link PlimsollPolicy} counts, in hundredths of a thousandth of a device. The values were found by
 * search on some workloads and seeds of a public trace, and tried on others; see docs/PLIMSOLL_POLICY.md.
 *
 * @param lost               each thousandth that is lost to typical requests.
 * @param remains            each thousandth that will remain on a device.
 * @param stranded           each thousandth for which there is no cpu left, as requests for devices need it.
 * @param strandedSoon       the same with a reserve: as if they needed less, so that it counts later but more.
 * @param strandedAll        the same, as all requests need cpu for each device that is asked for.
 * @param strandedAllSoon    the same, as if they needed less.
 * @param strandedAllEarly   the same, as if they needed more.
 * @param demand             each free thousandth of a model that all of the demand may go to.
 * @param untouched          an agent on which nothing has taken a device, in thousandths of a device.
 * @param quantum            differences less than this do not count, so that agents in use fill up in order of their
 *                           numbers; in thousandths of a device.
 */
record PlimsollWeights(
    long lost,
    long remains,
    long stranded,
    long strandedSoon,
    long strandedAll,
    long strandedAllSoon,
    long strandedAllEarly,
    long demand,
    long untouched,
    long quantum)
{
    static final PlimsollWeights DEFAULT = new PlimsollWeights(100, 5000, 100, 50, 50, 50, 20, 150, 100, 77);

    static final int SOON_PERCENT = 80;
    static final int EARLY_PERCENT = 160;
}
