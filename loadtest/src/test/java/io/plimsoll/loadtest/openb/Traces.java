package io.plimsoll.loadtest.openb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The public traces, which lie beside the project, not in it. */
public final class Traces
{
    private Traces()
    {
    }

    /** A file or directory of the traces; where they are not, the test is skipped and says so. */
    public static Path file(final String name)
    {
        Path directory = Path.of("").toAbsolutePath();
        while (null != directory && !Files.isDirectory(directory.resolve("shared/traces")))
        {
            directory = directory.getParent();
        }
        final Path file = null == directory ? null : directory.resolve("shared/traces").resolve(name);
        assumeTrue(null != file && Files.exists(file), "needs ../shared/traces/" + name + ", which is not there");
        return file;
    }

    /** The published curve of a run. */
    public static List<Double> published(
        final String table, final String workload, final String policy, final int seed) throws Exception
    {
        final int skipped = table.contains("allo") ? 5 : 4;
        for (final String line : Files.readAllLines(file("openb/" + table)))
        {
            final String[] cells = line.split(",");
            if (cells[0].equals("openb_pod_list_" + workload) && cells[1].endsWith(policy) &&
                cells[3].equals(Integer.toString(seed)))
            {
                final List<Double> values = new ArrayList<>();
                for (int i = skipped; i < cells.length; i++)
                {
                    values.add(Double.parseDouble(cells[i]));
                }
                return values;
            }
        }
        throw new IllegalArgumentException(table + " has no " + workload + " " + policy + " " + seed);
    }

    /** That a curve is the published one. */
    public static void assertCurve(final OpenbCurve curve, final String workload, final String policy, final int seed)
        throws Exception
    {
        final List<Double> alloc = published("expected_dev_allo_discrete.csv", workload, policy, seed);
        final List<Double> frag = published("expected_dev_frag_discrete.csv", workload, policy, seed);
        final List<OpenbCurve.Row> rows = curve.rows();
        for (int percent = 0; percent < alloc.size(); percent++)
        {
            final String where = workload + " " + policy + " " + seed + " at " + percent + " %";
            assertEquals(percent, rows.get(percent).arrived());
            assertEquals(alloc.get(percent), rows.get(percent).alloc(), 0.02, where);
            assertEquals(frag.get(percent), rows.get(percent).frag(), 0.02, where);
        }
    }
}
