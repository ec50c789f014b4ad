package io.plimsoll.core.policy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * {@link PlimsollPolicy}, with nothing but what has arrived to learn from, against {@link FragmentationGradient},
 * which is given the mix of the whole workload. Run by hand; arguments: first seed, number of seeds, file to write the
 * table to.
 */
public final class Tournament
{
    private static final int FULL = 100;
    private static final int END = 130;
    private static final int ROUNDS = 20;

    private final OpenbTrace trace;

    /** Percentages of all devices that are allocated when 100 % and 130 % of them have been asked for. */
    record Score(
        String workload, double published100, double published130, double own100, double own130)
    {
        String row()
        {
            return String.format(Locale.ROOT, "| %s | %.2f | %.2f | %+.2f | %.2f | %.2f | %+.2f |%n",
                workload, published100, own100, own100 - published100, published130, own130, own130 - published130);
        }
    }

    Tournament(final OpenbTrace trace)
    {
        this.trace = trace;
    }

    public static void main(final String[] args) throws IOException
    {
        final OpenbTrace trace = OpenbTrace.find();
        final Tournament tournament = new Tournament(trace);
        final int first = Integer.parseInt(args[0]);
        final int seeds = Integer.parseInt(args[1]);
        final StringBuilder table = new StringBuilder();
        final List<Score> means = new ArrayList<>();
        for (final String name : trace.workloads())
        {
            final OpenbTrace.Workload workload = trace.workload(name);
            final List<Score> scores = new ArrayList<>();
            for (int seed = first; seed < first + seeds; seed++)
            {
                scores.add(tournament.play(workload, seed));
            }
            means.add(mean(name, scores));
            table.append(means.get(means.size() - 1).row());
        }
        final Score mean = mean("mean", means);
        table.append(mean.row());
        table.append(String.format(Locale.ROOT, "unallocated at 100 %%: %.2f -> %.2f, %.1f %% less%n",
            FULL - mean.published100(), FULL - mean.own100(), less(mean.published100(), mean.own100())));
        table.append(String.format(Locale.ROOT, "unallocated at 130 %%: %.2f -> %.2f, %.1f %% less%n",
            FULL - mean.published130(), FULL - mean.own130(), less(mean.published130(), mean.own130())));
        final OpenbTrace.Workload usual = trace.workload("default");
        table.append(String.format(Locale.ROOT, "a score takes: %d ns -> %d ns%n",
            tournament.scoreNs(usual, first, new FragmentationGradient(), new ConfiguredMix(usual)),
            tournament.scoreNs(usual, first, new PlimsollPolicy(), new LearnedMix(trace, usual))));
        Files.writeString(Path.of(args[2]), table.toString(), StandardCharsets.UTF_8);
    }

    Score play(final OpenbTrace.Workload workload, final int seed)
    {
        final OpenbTrace.Sequence sequence = trace.draw(workload, seed);
        final Curve published =
            curve(workload, sequence, new FragmentationGradient(), new ConfiguredMix(workload));
        final Curve own = curve(workload, sequence, new PlimsollPolicy(), new LearnedMix(trace, workload));
        return new Score(
            workload.name() + " " + seed,
            published.allocated(FULL), published.allocated(END),
            own.allocated(FULL), own.allocated(END));
    }

    private Curve curve(
        final OpenbTrace.Workload workload,
        final OpenbTrace.Sequence sequence,
        final SelectionPolicy policy,
        final Packing.MixSource mixes)
    {
        final Packing packing = new Packing(trace.nodes(), sequence.ranks(), workload, policy, mixes);
        final RequestMix mix = new ConfiguredMix(workload).mix();
        final Curve curve = new Curve(packing, trace.nodes().size(), mix, trace.capacity());
        packing.run(sequence.arrivals(), curve);
        return curve;
    }

    /** With half of the pods placed, so that agents are in all states; the quickest of some rounds. */
    private long scoreNs(
        final OpenbTrace.Workload workload,
        final int seed,
        final SelectionPolicy policy,
        final Packing.MixSource mixes)
    {
        final OpenbTrace.Sequence sequence = trace.draw(workload, seed);
        final Packing packing = new Packing(trace.nodes(), sequence.ranks(), workload, policy, mixes);
        final int[] half = Arrays.copyOf(sequence.arrivals(), sequence.arrivals().length / 2);
        packing.run(half, (position, pod, node, devices) ->
        {
        });
        long least = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++)
        {
            least = Math.min(least, packing.scoreNs());
        }
        return least;
    }

    private static double less(final double published, final double own)
    {
        return FULL * (own - published) / (FULL - published);
    }

    private static Score mean(final String name, final List<Score> scores)
    {
        return new Score(
            name,
            scores.stream().mapToDouble(Score::published100).average().orElseThrow(),
            scores.stream().mapToDouble(Score::published130).average().orElseThrow(),
            scores.stream().mapToDouble(Score::own100).average().orElseThrow(),
            scores.stream().mapToDouble(Score::own130).average().orElseThrow());
    }
}
