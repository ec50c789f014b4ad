package io.plimsoll.core.policy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.zip.GZIPInputStream;

/** The nodes of the openb trace, its lists of pods, and the orders of arrival that were drawn from them. */
final class OpenbTrace
{
    /** One machine; cpu in millicores, memory in MiB. */
    record Node(String name, long cpu, long memory, int devices, int model)
    {
    }

    /** What pods that score alike ask for: memory is not scored. */
    record Shape(long cpu, int deviceCount, int deviceShare, int modelSet)
    {
        int shares()
        {
            return deviceCount * deviceShare;
        }
    }

    /** Pods in order of their names. */
    record Workload(
        String name, String[] pods, int[] shapeOf, long[] memory, List<Shape> shapes, ModelSets sets)
    {
        RequestCounts counts()
        {
            final RequestCounts counts = new RequestCounts();
            for (final int shape : shapeOf)
            {
                final Shape s = shapes.get(shape);
                counts.add(s.cpu, s.deviceCount, s.deviceShare, s.modelSet, 1);
            }
            return counts;
        }
    }

    /** Ranks of the nodes in order of their names, and indices of pods. */
    record Sequence(int[] ranks, int[] arrivals)
    {
    }

    /** Requested thousandths of devices, against those there are, at which a sequence ends. */
    private static final double TUNE = 1.3;
    private static final int BACKGROUND_DRAWS = 10;

    private final Path directory;
    private final List<Node> nodes = new ArrayList<>();
    private final Map<String, Integer> models = new HashMap<>();

    private OpenbTrace(final Path directory)
    {
        this.directory = directory;
        for (final String[] row : rows("openb_node_list_gpu_node.csv"))
        {
            final int model = models.computeIfAbsent(row[4], (name) -> models.size() + 1);
            nodes.add(new Node(
                row[0], Long.parseLong(row[1]), Long.parseLong(row[2]), Integer.parseInt(row[3]), model));
        }
    }

    /** Null where the traces are not there; tests that need them are skipped. */
    static OpenbTrace find()
    {
        final Path root = Path.of(System.getProperty("plimsoll.root", ".")).toAbsolutePath().normalize();
        final Path directory = root.resolveSibling("shared").resolve("traces").resolve("openb");
        return Files.isDirectory(directory) ? new OpenbTrace(directory) : null;
    }

    List<Node> nodes()
    {
        return nodes;
    }

    List<String> workloads()
    {
        try (var files = Files.list(directory))
        {
            return files.map((file) -> file.getFileName().toString())
                .filter((name) -> name.startsWith("openb_pod_list_"))
                .map((name) -> name.substring("openb_pod_list_".length(), name.length() - ".csv.gz".length()))
                .sorted().toList();
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    Workload workload(final String name)
    {
        final List<String[]> rows = rows("openb_pod_list_" + name + ".csv.gz");
        rows.sort((left, right) -> left[0].compareTo(right[0]));
        final TreeSet<String> specs = new TreeSet<>();
        specs.add("");
        rows.forEach((row) -> specs.add(spec(row)));
        final List<String> setNames = List.copyOf(specs);
        final long[] sets = setNames.stream().mapToLong(this::modelMask).toArray();
        final List<Shape> shapes = new ArrayList<>();
        final Map<Shape, Integer> shapeIndex = new HashMap<>();
        final int[] shapeOf = new int[rows.size()];
        final long[] memory = new long[rows.size()];
        final String[] pods = new String[rows.size()];
        for (int i = 0; i < shapeOf.length; i++)
        {
            final String[] row = rows.get(i);
            pods[i] = row[0];
            memory[i] = Long.parseLong(row[2]);
            final int modelSet = setNames.indexOf(spec(row));
            final Shape shape =
                new Shape(Long.parseLong(row[1]), Integer.parseInt(row[3]), Integer.parseInt(row[4]), modelSet);
            shapeOf[i] = shapeIndex.computeIfAbsent(shape, (added) ->
            {
                shapes.add(added);
                return shapes.size() - 1;
            });
        }
        return new Workload(
            name, pods, shapeOf, memory, shapes, (modelSet, model) -> 0 != (sets[modelSet] & 1L << model));
    }

    Sequence sequence(final String workload, final int seed)
    {
        final List<String> lines = lines("sequences/" + workload + "_" + seed + ".txt.gz").stream()
            .filter((line) -> !line.startsWith("#")).toList();
        return new Sequence(numbers(lines.get(0)), numbers(lines.get(1)));
    }

    /** Draws the order of arrival as the authors of the experiment did. */
    Sequence draw(final Workload workload, final int seed)
    {
        final GoRandom random = new GoRandom(seed);
        random.int63();
        final int pods = workload.pods.length;
        final List<Integer> order = new ArrayList<>();
        long total = 0;
        for (final int pod : random.shuffled(pods))
        {
            order.add(pod);
            total += workload.shapes.get(workload.shapeOf[pod]).shares();
        }
        final long target = (long)(TUNE * capacity());
        if (total < target)
        {
            addCopies(workload, random, order, target - total);
        }
        while (total > target)
        {
            final int pod = order.remove(random.int31n(order.size()));
            total -= workload.shapes.get(workload.shapeOf[pod]).shares();
        }
        for (int i = 0; i < BACKGROUND_DRAWS; i++)
        {
            random.int63();
        }
        final int[] ranks = random.permutation(nodes.size());
        return new Sequence(ranks, order.stream().mapToInt(Integer::intValue).toArray());
    }

    /** Until one does not fit; only one of its devices is compared, so that a larger pod may go beyond the target. */
    private static void addCopies(
        final Workload workload, final GoRandom random, final List<Integer> order, final long missing)
    {
        long rest = missing;
        while (true)
        {
            final int pod = random.int31n(workload.pods.length);
            final Shape shape = workload.shapes.get(workload.shapeOf[pod]);
            if (rest <= 0 || shape.deviceShare > rest)
            {
                return;
            }
            order.add(pod);
            rest -= shape.shares();
        }
    }

    long[] devicesByModel()
    {
        final long[] devices = new long[models.size() + 1];
        nodes.forEach((node) -> devices[node.model()] += node.devices());
        return devices;
    }

    long capacity()
    {
        return nodes.stream().mapToLong((node) -> (long)node.devices * AgentView.WHOLE).sum();
    }

    List<String[]> rows(final String file)
    {
        final List<String[]> rows = new ArrayList<>();
        for (final String line : lines(file))
        {
            rows.add(line.split(",", -1));
        }
        rows.remove(0);
        return rows;
    }

    List<String> lines(final String file)
    {
        final Path path = directory.resolve(file);
        try (
            var bytes = Files.newInputStream(path);
            var reader = new BufferedReader(new InputStreamReader(
                file.endsWith(".gz") ? new GZIPInputStream(bytes) : bytes, StandardCharsets.UTF_8)))
        {
            return reader.lines().toList();
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    private long modelMask(final String spec)
    {
        long mask = 0;
        for (final String model : spec.split("\\|"))
        {
            mask |= 1L << models.getOrDefault(model, Long.SIZE - 1);
        }
        return mask;
    }

    private static String spec(final String[] row)
    {
        return row.length > 5 ? row[5] : "";
    }

    private static int[] numbers(final String line)
    {
        return List.of(line.trim().split(" ")).stream().mapToInt(Integer::parseInt).toArray();
    }
}
