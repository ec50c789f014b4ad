import java.util.SplittableRandom;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The limit that an indexed selection is compared with: look at every agent, four resources each, keep the fitting one
 * with the least free cores and the lowest number. Run from source with --add-modules jdk.incubator.vector, because
 * nothing compiled into the product may need an incubating module. Arguments: agents, seconds. Prints nanoseconds per
 * scan.
 */
final class VectorScan
{
    private static final VectorSpecies<Integer> SPECIES = IntVector.SPECIES_PREFERRED;
    private static final int ID_BITS = 18;

    private VectorScan()
    {
    }

    public static void main(final String[] args)
    {
        final int agents = (Integer.parseInt(args[0]) + 63) / 64 * 64;
        final double seconds = Double.parseDouble(args[1]);
        final SplittableRandom random = new SplittableRandom(1);
        final int[][] columns = new int[4][agents];
        final int[] ids = new int[agents];
        for (int i = 0; i < agents; i++)
        {
            columns[0][i] = random.nextInt(128);
            columns[1][i] = random.nextInt(1 << 20);
            columns[2][i] = random.nextInt(9);
            columns[3][i] = random.nextInt(1_000);
            ids[i] = i;
        }
        final long[] measured = new long[2];
        long blackhole = 0;
        for (int round = 0; round < 4; round++)
        {
            final long endNs = System.nanoTime() + (long)(seconds * 1e9 / 4);
            final long startNs = System.nanoTime();
            long scans = 0;
            long nowNs;
            do
            {
                for (int i = 0; i < 16; i++)
                {
                    blackhole += scan(
                        columns, ids, 1 + random.nextInt(16), random.nextInt(1 << 16), random.nextInt(3),
                        random.nextInt(100));
                }
                scans += 16;
                nowNs = System.nanoTime();
            }
            while (nowNs < endNs);
            measured[0] = nowNs - startNs;
            measured[1] = scans;
        }
        System.out.println(measured[0] / measured[1] + " " + SPECIES.length() + " " + (blackhole & 1));
    }

    private static int scan(
        final int[][] columns, final int[] ids, final int cpu, final int mem, final int devices, final int shares)
    {
        final int[] freeCpu = columns[0];
        final int[] freeMem = columns[1];
        final int[] freeDevices = columns[2];
        final int[] freeShares = columns[3];
        IntVector best = IntVector.broadcast(SPECIES, Integer.MAX_VALUE);
        for (int i = 0; i < freeCpu.length; i += SPECIES.length())
        {
            final IntVector cpus = IntVector.fromArray(SPECIES, freeCpu, i);
            final VectorMask<Integer> fits = cpus.compare(VectorOperators.GE, cpu)
                .and(IntVector.fromArray(SPECIES, freeMem, i).compare(VectorOperators.GE, mem))
                .and(IntVector.fromArray(SPECIES, freeDevices, i).compare(VectorOperators.GE, devices))
                .and(IntVector.fromArray(SPECIES, freeShares, i).compare(VectorOperators.GE, shares));
            final IntVector key = cpus.lanewise(VectorOperators.LSHL, ID_BITS).or(IntVector.fromArray(SPECIES, ids, i));
            best = best.min(best.blend(key, fits));
        }
        return best.reduceLanes(VectorOperators.MIN);
    }
}
