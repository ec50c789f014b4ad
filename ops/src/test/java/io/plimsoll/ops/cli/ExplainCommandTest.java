package io.plimsoll.ops.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExplainCommandTest
{
    private static JsonValue json(final String text) throws IOException
    {
        return JsonValue.parse(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void shouldShowWhatASessionWaitsFor() throws IOException
    {
        final JsonValue explanation = json("""
            {"id": 7, "state": "PENDING", "summary": "needs cuda.device 1 more on any of 3 agents",
             "waitsFor": ["dependencies", "resources"], "group": "default", "position": 3, "positionExact": false,
             "waiting": 12, "dependencies": [{"id": 5, "needs": "success"}], "dependencyCount": 1, "startAt": null,
             "notBefore": null, "limits": ["user a: cpu: used 7 + requested 4 > limit 10 (over by 1)"],
             "agents": {"total": 9, "rejected": {"drained": 2, "label zone=z1": 4}, "lacking": {"cuda.device": 3},
             "fitting": 0, "places": 0, "kernels": 1}, "shortfall": {"agents": 3, "missing": {"cuda.device": 1}},
             "expectedStart": "2026-11-22T18:00:00.000000Z", "reserved": true, "sequence": 9, "at": null}""");
        assertEquals(
            List.of(
                "session 7 PENDING: needs cuda.device 1 more on any of 3 agents",
                "",
                "waits for       dependencies, resources",
                "position        3 or later",
                "waiting         12 in group default",
                "dependency      the success of session 5",
                "limit           user a: cpu: used 7 + requested 4 > limit 10 (over by 1)",
                "agents          9 in the group",
                "  out           2 drained",
                "  out           4 label zone=z1",
                "  lack room     3 of cuda.device",
                "  have room     0 for 0 of 1 kernel",
                "would do        cuda.device 1 more on any of 3 agents",
                "expected start  2026-11-22T18:00:00.000000Z, reserved"),
            ExplainCommand.lines(explanation));
    }

    @Test
    void shouldNeedOneLineForWhatDoesNotWait() throws IOException
    {
        assertEquals(
            List.of("session 7 RUNNING: runs on a since then"),
            ExplainCommand.lines(json("""
                {"id": 7, "state": "RUNNING", "summary": "runs on a since then", "waitsFor": []}""")));
    }
}
