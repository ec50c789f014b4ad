package io.plimsoll.loadtest.compare;

import com.fasterxml.jackson.core.JsonGenerator;
import io.plimsoll.loadtest.page.JsonNumbers;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * Figures of two sides side by side. Where both have runs with the same seeds these are compared two by two (Student's
 * t of the differences), otherwise one side with the other (Welch's t). What is marked is corrected for the number of
 * figures that differ at all, after Holm.
 *
 * @param first       name of a side.
 * @param second      name of the other.
 * @param method      how intervals were found, or why there are none.
 * @param notes       what a reader should know.
 * @param differences all figures that both sides have, in the order of the first.
 */
public record Comparison(
    String first, String second, String method, List<String> notes, List<Difference> differences)
{
    private static final double CONFIDENCE = 0.95;

    /** Lists that nobody changes. */
    public Comparison
    {
        notes = List.copyOf(notes);
        differences = List.copyOf(differences);
    }

    /** Of two sides. */
    public static Comparison of(final Side first, final Side second)
    {
        final List<String> notes = new ArrayList<>();
        final List<Long> seeds = first.seedsIn(second);
        if (isWithoutChance(first) && isWithoutChance(second) && first.runs().size() + second.runs().size() > 2)
        {
            return ofOneEach(first, second);
        }
        final boolean isPaired = seeds.size() > 1;
        if (isPaired)
        {
            unpaired(first, seeds, notes);
            unpaired(second, seeds, notes);
        }
        final boolean isTold = isPaired || Math.min(first.runs().size(), second.runs().size()) > 1;
        final String method = isPaired ? "paired by seed, " + seeds.size() + " seeds: Student's t of the differences" :
            isTold ? "not paired, " + first.runs().size() + " and " + second.runs().size() + " runs: Welch's t" :
            1 == first.runs().size() && 1 == second.runs().size() ? "no interval: one run each" :
            "no interval: one side has one run only";
        final List<Difference> differences = new ArrayList<>();
        first.once().forEach((figure, value) ->
        {
            if (second.once().containsKey(figure))
            {
                differences.add(new Difference(
                    figure, value, second.once().get(figure), Double.POSITIVE_INFINITY, Double.NaN, Double.NaN));
            }
        });
        for (final String figure : first.figures())
        {
            if (second.figures().contains(figure))
            {
                differences.add(isPaired ?
                    paired(figure, first.values(figure, seeds), second.values(figure, seeds)) :
                    welch(figure, first.values(figure), second.values(figure)));
            }
        }
        missing(first, second, notes);
        missing(second, first, notes);
        return new Comparison(first.name(), second.name(), method, notes, holm(differences));
    }

    /** Whether all runs of a side are the same, so that they are no more evidence than one. */
    private static boolean isWithoutChance(final Side side)
    {
        return side.figures().stream().allMatch(figure ->
            Arrays.stream(side.values(figure)).distinct().count() <= 1);
    }

    private static Comparison ofOneEach(final Side first, final Side second)
    {
        final Comparison one = of(first.firstRun(), second.firstRun());
        return new Comparison(
            one.first,
            one.second,
            "no interval: nothing was left to chance, all runs of a side are the same",
            one.notes,
            one.differences);
    }

    private static void unpaired(final Side side, final List<Long> seeds, final List<String> notes)
    {
        final int left = side.runs().size() - seeds.size();
        if (left > 0)
        {
            notes.add(left + (1 == left ? " run" : " runs") + " of " + side.name() +
                " left out: the other side has none with " + (1 == left ? "its seed" : "their seeds"));
        }
    }

    private static void missing(final Side side, final Side other, final List<String> notes)
    {
        final TreeSet<String> only = new TreeSet<>(side.figures());
        only.addAll(side.once().keySet());
        only.removeAll(other.figures());
        only.removeAll(other.once().keySet());
        if (!only.isEmpty())
        {
            notes.add("only " + side.name() + " has " + String.join(", ", only.stream().limit(8).toList()) +
                (only.size() > 8 ? " and " + (only.size() - 8) + " more" : ""));
        }
    }

    private static double mean(final double[] values)
    {
        double sum = 0;
        for (final double value : values)
        {
            sum += value;
        }
        return sum / values.length;
    }

    /** Of the mean, squared. */
    private static double errorSquare(final double[] values)
    {
        final double mean = mean(values);
        double squares = 0;
        for (final double value : values)
        {
            squares += (value - mean) * (value - mean);
        }
        return values.length < 2 ? Double.NaN : squares / (values.length - 1) / values.length;
    }

    private static Difference paired(final String figure, final double[] one, final double[] other)
    {
        final double[] changes = new double[one.length];
        for (int i = 0; i < changes.length; i++)
        {
            changes[i] = other[i] - one[i];
        }
        return told(figure, one, other, errorSquare(changes), changes.length - 1);
    }

    private static Difference welch(final String figure, final double[] one, final double[] other)
    {
        final double first = errorSquare(one);
        final double second = errorSquare(other);
        final double sum = first + second;
        // Welch and Satterthwaite.
        final double freedom = sum * sum / (first * first / (one.length - 1) + second * second / (other.length - 1));
        return told(figure, one, other, sum, 0 == sum ? Math.min(one.length, other.length) - 1 : freedom);
    }

    private static Difference told(
        final String figure, final double[] one, final double[] other, final double errorSquare, final double freedom)
    {
        final double change = mean(other) - mean(one);
        if (Double.isNaN(errorSquare) || !(freedom > 0))
        {
            return new Difference(
                figure, mean(one), mean(other), Double.POSITIVE_INFINITY, Double.NaN, Double.NaN);
        }
        final double error = Math.sqrt(errorSquare);
        final TDistribution student = TDistribution.of(freedom);
        final double p = 0 == change ? 1 : 0 == error ? 0 : 2 * student.survivalProbability(Math.abs(change) / error);
        return new Difference(
            figure, mean(one), mean(other), error * student.inverseCumulativeProbability((1 + CONFIDENCE) / 2), p, p);
    }

    /** Figures that are the same on both sides are none that chance was given. */
    private static List<Difference> holm(final List<Difference> differences)
    {
        final List<Difference> ordered = new ArrayList<>(
            differences.stream().filter(one -> one.isAny() && Double.isFinite(one.p())).toList());
        ordered.sort(Comparator.comparingDouble(Difference::p));
        final Map<String, Double> adjusted = new HashMap<>();
        double atLeast = 0;
        for (int i = 0; i < ordered.size(); i++)
        {
            atLeast = Math.max(atLeast, Math.min(1, ordered.get(i).p() * (ordered.size() - i)));
            adjusted.put(ordered.get(i).figure(), atLeast);
        }
        return differences.stream()
            .map(one -> one.adjustedTo(adjusted.getOrDefault(one.figure(), one.p()))).toList();
    }

    /** Whether something is worse on the second side that is no chance. */
    public boolean isWorse()
    {
        return differences.stream()
            .anyMatch(one -> one.isSignificant() && Difference.Verdict.WORSE == one.verdict());
    }

    /** Into an object that is open. */
    public void json(final JsonGenerator json) throws IOException
    {
        json.writeStringField("first", first);
        json.writeStringField("second", second);
        json.writeStringField("method", method);
        JsonNumbers.write(json, "level", Difference.LEVEL);
        json.writeArrayFieldStart("notes");
        for (final String note : notes)
        {
            json.writeString(note);
        }
        json.writeEndArray();
        json.writeArrayFieldStart("differences");
        for (final Difference one : differences)
        {
            json.writeStartObject();
            json.writeStringField("figure", one.figure());
            JsonNumbers.write(json, "first", one.first());
            JsonNumbers.write(json, "second", one.second());
            JsonNumbers.write(json, "change", one.change());
            JsonNumbers.write(json, "relative", one.relative());
            JsonNumbers.write(json, "plusMinus", one.plusMinus());
            JsonNumbers.write(json, "p", one.p());
            JsonNumbers.write(json, "adjusted", one.adjusted());
            json.writeBooleanField("isSignificant", one.isSignificant());
            json.writeStringField("verdict", one.verdict().name().toLowerCase(Locale.ROOT));
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
