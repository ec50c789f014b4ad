package io.plimsoll.manager.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Bounds that are others from one request to the next. */
class ChangingLimitsTest
{
    private static final String SESSION = "{\"command\": [\"/bin/true\"], \"name\": \"" + "n".repeat(40) + "\"}";

    @Test
    void shouldHoldForWhatComesAfterTheChange() throws IOException
    {
        final ChangingLimits limits = new ChangingLimits(HttpLimits.DEFAULTS);
        try (ServedApi api = new ServedApi(limits))
        {
            api.call(201, "POST", "/v1/sessions", SESSION);
            limits.become(withBody(32));
            assertEquals("body-too-large", api.call(413, "POST", "/v1/sessions", SESSION).path("code").asText());
            limits.become(withBody(1024));
            try (RawClient client = api.connect())
            {
                assertEquals(201, client.call("POST", "/v1/sessions", SESSION).status());
            }
        }
    }

    private static FixedLimits withBody(final int bytes)
    {
        final FixedLimits other = HttpLimits.DEFAULTS;
        return new FixedLimits(
            other.connectionsMax(), other.lineBytesMax(), other.headerBytesMax(), bytes, other.bodyBytesInFlightMax(),
            other.headerTimeoutMs(), other.bodyTimeoutMs(), other.idleTimeoutMs(), other.waitTimeoutMaxMs(),
            other.streamsMax(), other.streamWindowBytes(), other.streamEventsWindow(), other.stuckReaderTimeoutMs(),
            other.heartbeatIntervalMs(), 0);
    }
}
