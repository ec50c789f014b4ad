package io.plimsoll.core.policy;

/**
 * What a mix makes of the free devices of one model, cut up so that the loss on an agent is a few look-ups.
 *
 * <p>{@link Fragmentation} asks for each typical request whether it fits, and adds up what is free on devices too full
 * for it. For requests of one device the order can be turned round: a device with so much free is lost to all typical
 * requests that need more, and how many these are, by weight, depends only on it and on how much cpu is free. A
 * request that fits on no device loses all of them that way, as it should.
 */
final class ModelTable
{
    private final TypicalTable typical;
    private final int levels;
    private final int ranks;
    private final int manySize;
    /** Weight of requests that need more cpu, or may not run on this model: all that is free is lost to them. */
    private final long[] noAccess;
    /** Weight of requests of one device that fit the cpu but need more than a rank of free shares. */
    private final long[] tooFull;
    /** Weight of requests of several devices that fit the cpu. */
    private final long[] many;
    private final long demand;

    ModelTable(final TypicalTable typical, final RequestMix mix, final int model)
    {
        this.typical = typical;
        levels = typical.cpuLevels();
        ranks = typical.shareRanks();
        manySize = typical.manySize();
        noAccess = new long[levels];
        tooFull = new long[levels * ranks];
        many = new long[levels * manySize];
        long weight = 0;
        long price = 0;
        for (int entry = 0; entry < mix.size(); entry++)
        {
            if (mix.deviceCount(entry) > 0)
            {
                weight += typical.weight(entry);
                if (mix.allowsModel(entry, model))
                {
                    price += typical.price(entry);
                    add(mix, entry);
                }
            }
        }
        demand = price;
        accumulate(weight);
    }

    private void add(final RequestMix mix, final int entry)
    {
        final long weight = typical.weight(entry);
        final int level = typical.levelOf(mix.cpuMillis(entry));
        noAccess[level] += weight;
        if (1 == mix.deviceCount(entry))
        {
            tooFull[level * ranks + typical.rankOf(mix.deviceShare(entry)) - 1] += weight;
        }
        else
        {
            many[level * manySize + typical.manyOf(entry)] += weight;
        }
    }

    /** What fits a level fits those above; what is too large for a rank is too large for those below. */
    private void accumulate(final long weight)
    {
        for (int level = 0; level < levels; level++)
        {
            for (int rank = ranks - 2; rank >= 0; rank--)
            {
                tooFull[level * ranks + rank] += tooFull[level * ranks + rank + 1];
            }
        }
        for (int level = 1; level < levels; level++)
        {
            noAccess[level] += noAccess[level - 1];
            for (int rank = 0; rank < ranks; rank++)
            {
                tooFull[level * ranks + rank] += tooFull[(level - 1) * ranks + rank];
            }
            for (int i = 0; i < manySize; i++)
            {
                many[level * manySize + i] += many[(level - 1) * manySize + i];
            }
        }
        for (int level = 0; level < levels; level++)
        {
            noAccess[level] = weight - noAccess[level];
        }
    }

    /**
     * How sought after devices of this model are: the demand that may come here, against the share of the group's
     * devices it may go to.
     *
     * @return millionths; a million if every request takes any model.
     */
    long demand()
    {
        return demand;
    }

    /**
     * What is lost to the typical requests.
     *
     * @param cpuMillis that are free.
     * @param free      thousandths of each device.
     * @param devices   how many.
     * @param freeSum   thousandths of all of them.
     * @return millionths of thousandths.
     */
    long lost(final long cpuMillis, final int[] free, final int devices, final int freeSum)
    {
        final int level = typical.levelOf(cpuMillis);
        long lost = noAccess[level] * freeSum;
        final int row = level * ranks;
        for (int device = 0; device < devices; device++)
        {
            lost += tooFull[row + typical.rankOf(free[device])] * free[device];
        }
        for (int i = 0; i < manySize; i++)
        {
            final long weight = many[level * manySize + i];
            lost += 0 == weight ? 0 : weight * typical.lostToMany(i, free, devices, freeSum);
        }
        return lost;
    }
}
