package io.plimsoll.loadtest.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plimsoll.loadtest.page.PageBed;
import io.plimsoll.loadtest.proof.RecordTape;
import io.plimsoll.manager.replay.ReplayMoment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The page of an incident, in a real browser. */
class ReportPageIT extends PageBed
{
    private Report report(final String from, final String to) throws IOException
    {
        final RecordTape tape = TapeJournal.life(1, 12, 1_200);
        final Path journal = Files.createDirectory(directory.resolve("journal"));
        TapeJournal.write(tape, journal);
        return new IncidentReport(journal).of(
            ReplayMoment.parse(from, ZoneOffset.UTC), ReplayMoment.parse(to, ZoneOffset.UTC), 0);
    }

    private Path page(final Report report) throws IOException
    {
        return page(target -> ReportWriter.html(report, target));
    }

    @Test
    void shouldDrawWithoutComplaintAtEveryWidth() throws IOException
    {
        shouldDraw(page(report("600", "1000")), "page", 5);
    }

    @Test
    void shouldShowNamesAsNames() throws IOException
    {
        final JsonNode tree = new ObjectMapper().valueToTree(report("600", "1000"));
        rename(tree);
        final Report hostile = new ObjectMapper().treeToValue(tree, Report.class);
        browser.open(page(hostile).toUri(), 1280, 900, false);
        shouldBeDrawn(5);
        assertTrue(
            browser.evaluate("[...document.querySelectorAll('td.name')].some(cell => cell.textContent === " +
                new ObjectMapper().writeValueAsString(HOSTILE) + ")").asBoolean());
        picture("page-hostile");
    }

    /** Whatever people can name. */
    private static void rename(final JsonNode node)
    {
        node.forEach(ReportPageIT::rename);
        if (node instanceof ObjectNode object)
        {
            for (final String field : List.of(
                "name", "group", "owner", "agent", "slot", "directory", "said", "subject"))
            {
                if (object.has(field) && object.get(field).isTextual())
                {
                    object.put(field, HOSTILE);
                }
            }
        }
    }

    @Test
    void shouldSayThatNothingHappened() throws IOException
    {
        final Report some = report("600", "1000");
        final ObjectNode tree = new ObjectMapper().valueToTree(some);
        ((ObjectNode)tree.get("totals")).put("commands", 0);
        browser.open(page(new ObjectMapper().treeToValue(tree, Report.class)).toUri(), 390, 844, false);
        assertTrue(browser.evaluate("document.getElementById('nothing').textContent").asText()
            .contains("Nothing happened"));
        assertEquals(List.of(), browser.complaints);
    }
}
