package io.plimsoll.manager.http;

/**
 * Bounds of the HTTP API that stay as they are.
 *
 * @param connectionsMax        open connections; more are closed at once.
 * @param lineBytesMax          of a request line; beyond it 414.
 * @param headerBytesMax        of all headers; beyond it 431.
 * @param bodyBytesMax          of one request body; beyond it 413.
 * @param bodyBytesInFlightMax  of all bodies being received; beyond it 503.
 * @param headerTimeoutMs       from the first byte of a request to the end of its headers; beyond it 408.
 * @param bodyTimeoutMs         from the end of the headers to the end of the body; beyond it 408.
 * @param idleTimeoutMs         of a connection between requests.
 * @param waitTimeoutMaxMs      of one long poll.
 * @param streamsMax            open log and event streams together; beyond it 503.
 * @param streamWindowBytes     of output that a reader has not taken yet.
 * @param streamEventsWindow    events that a reader has not taken yet.
 * @param stuckReaderTimeoutMs  without a byte taken by a reader for which something waits.
 * @param heartbeatIntervalMs   of comments in a silent event stream.
 * @param requestsPerMinute     of a keypair whose policies do not say; beyond it 429; 0: any number.
 */
public record FixedLimits(
    int connectionsMax,
    int lineBytesMax,
    int headerBytesMax,
    int bodyBytesMax,
    long bodyBytesInFlightMax,
    long headerTimeoutMs,
    long bodyTimeoutMs,
    long idleTimeoutMs,
    long waitTimeoutMaxMs,
    int streamsMax,
    int streamWindowBytes,
    int streamEventsWindow,
    long stuckReaderTimeoutMs,
    long heartbeatIntervalMs,
    int requestsPerMinute) implements HttpLimits
{
    @Override
    public FixedLimits now()
    {
        return this;
    }
}
