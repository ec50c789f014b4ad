package io.plimsoll.loadtest.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plimsoll.loadtest.csv.CsvFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The page of a load test, in a real browser. */
class LoadPageIT extends PageBed
{
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @Test
    void shouldDrawWithoutComplaintAtEveryWidth() throws IOException
    {
        final String json = result(900, true).toString();
        shouldDraw(page(target -> LoadPage.html(json, target)), "load", 8);
        LoadPage.csv(json, new CsvFolder(directory));
        assertEquals(901, Files.readAllLines(directory.resolve("series.csv")).size());
        assertEquals(4, Files.readAllLines(directory.resolve("steps.csv")).size());
        assertTrue(Files.readAllLines(directory.resolve("latencies.csv")).contains("submitToReply,1000,5"));
    }

    /** As of a run that was interrupted at once, against a manager of which nothing is known. */
    @Test
    void shouldDrawWhatThereIs() throws IOException
    {
        final String json = result(0, false).toString();
        shouldDrawOnPhone(page(target -> LoadPage.html(json, target)), "load-none", 0);
    }

    /** As of a run whose manager ended. */
    @Test
    void shouldSayThatItCouldNotGoOn() throws IOException
    {
        final ObjectNode failed = result(30, true).put("failed", "the manager ended by itself: " + HOSTILE);
        failed.putNull("lost");
        shouldDrawOnPhone(page(target -> LoadPage.html(failed.toString(), target)), "load-failed", 8);
    }

    private static ObjectNode result(final int seconds, final boolean isKnown)
    {
        final ObjectNode result = MAPPER.createObjectNode();
        result.put("agents", 1000).put("sessions", seconds * 1000).put("seconds", seconds)
            .put("sessionsPerSecond", 1000).put("lost", 0).put("doubled", isKnown ? 1 : 0)
            .put("unfinished", 7).put("interrupted", !isKnown);
        result.set("managerCpuSeconds", isKnown ? MAPPER.valueToTree(450.5) : null);
        result.set("managerPeakMemoryBytes", isKnown ? MAPPER.valueToTree(900_000_000L) : null);
        result.putArray("wrong").add("kernel 7 of " + HOSTILE);
        for (final String what : List.of("submitToAssigned", "submitToReply"))
        {
            result.set(what + "Micros", micros(isKnown ? 1200 : 0));
            final ArrayNode bins = result.putArray(what + "Histogram");
            for (double to = 10; isKnown && to < 100_000; to *= 10)
            {
                bins.addObject().put("toMicros", to).put("count", 5);
            }
        }
        final ObjectNode reads = result.putObject("reads");
        List.of("listMicros", "explainMicros", "firstEventMicros").forEach(what -> reads.set(what, micros(300)));
        final ArrayNode steps = result.putArray("steps");
        for (int step = 1; isKnown && step < 4; step++)
        {
            final ObjectNode one = steps.addObject().put("rate", 500 * step).put("due", 5000).put("submitted", 5000)
                .put("assigned", 4990).put("broken", 3 == step ? "p99 of " + HOSTILE : null);
            one.set("submitToAssignedMicros", micros(1000 * step * step));
        }
        final ArrayNode series = result.putArray("series");
        for (int second = 0; second < seconds; second++)
        {
            final ObjectNode one = series.addObject().put("seconds", second + 1).put("submitted", 1000)
                .put("assigned", 990 + second % 20).put("ended", 980).put("agents", second % 100 < 90 ? 1000 : 900)
                .put("managerCores", 0.5 + second % 10 * 0.05)
                .put("managerMemoryBytes", 500_000_000L + second * 400_000L);
            one.set("p50Micros", second % 7 == 0 ? null : MAPPER.valueToTree(800 + second % 13 * 10));
            one.set("p99Micros", second % 7 == 0 ? null : MAPPER.valueToTree(4000 + second % 31 * 100));
        }
        return result;
    }

    private static ObjectNode micros(final double p50)
    {
        final ObjectNode micros = MAPPER.createObjectNode();
        for (final String name : List.of("p50", "p90", "p99", "p999", "max"))
        {
            micros.set(name, 0 == p50 ? null : MAPPER.valueToTree(p50 * (1 + name.length())));
        }
        return micros.put("count", 0 == p50 ? 0 : 100);
    }
}
