package io.plimsoll.ops.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SessionsTest
{
    @ParameterizedTest
    @CsvSource({
        "-1, ''", "0, 0ms", "999, 999ms", "1000, 1.0s", "9950, 9.9s", "10000, 10s", "60000, 1m00s", "125000, 2m05s",
        "3600000, 1h00m", "90000000, 1d01h"})
    void shouldWriteDurationsForPeople(final long millis, final String expected)
    {
        assertEquals(expected, Sessions.duration(millis));
    }

    @Test
    void shouldSayHowASessionEnded()
    {
        final JsonValue session = JsonValue.of(Map.of(
            "id", 17,
            "state", "ERROR",
            "reason", "launch-failed",
            "kernels", List.of(Map.of("index", 0, "detail", "no such program: pyhton"))));
        assertEquals("session 17 ended ERROR (launch-failed): no such program: pyhton", Sessions.howItEnded(session));
    }

    @Test
    void shouldSayWhichKernelEndedAGangAndHow()
    {
        final JsonValue session = JsonValue.of(Map.of(
            "id", 17,
            "state", "TERMINATED",
            "reason", "out-of-memory",
            "exitCode", 137,
            "attempt", 2,
            "kernels", List.of(
                Map.of("index", 0, "reason", "sibling-failed", "detail", "ended for its sibling"),
                Map.of("index", 1, "reason", "out-of-memory", "detail", "needed more memory"))));
        assertEquals(
            "session 17 ended TERMINATED after 2 attempts (out-of-memory: 137): needed more memory",
            Sessions.howItEnded(session));
    }

    @Test
    void shouldNameEachAgentOnce()
    {
        final JsonValue session = JsonValue.of(Map.of(
            "kernels",
            List.of(Map.of("agent", "b", "cpus", "1"), Map.of("agent", "a", "cpus", "0"), Map.of("agent", "b"))));
        assertEquals("a,b", Sessions.agents(session));
        assertEquals("1 0", Sessions.cpus(session));
    }

    @Test
    void shouldMeasureBetweenTimesOfTheApi()
    {
        assertEquals(1_500, Sessions.millisBetween("2026-01-01T00:00:00.000000Z", "2026-01-01T00:00:01.500000Z"));
        assertEquals(-1, Sessions.millisBetween("2026-01-01T00:00:00.000000Z", ""));
    }
}
