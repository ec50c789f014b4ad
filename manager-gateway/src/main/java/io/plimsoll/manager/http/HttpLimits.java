package io.plimsoll.manager.http;

/**
 * Bounds of the HTTP API. Each of them, when reached, gives the client an answer or a closed connection, never a
 * growing queue.
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
 */
public record HttpLimits(
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
    long heartbeatIntervalMs)
{
    private static final int MEBIBYTE = 1024 * 1024;

    /** Fit for a manager with a few hundred clients. */
    public static final HttpLimits DEFAULTS = new HttpLimits(
        1024,
        8 * 1024,
        16 * 1024,
        8 * MEBIBYTE,
        256L * MEBIBYTE,
        10_000,
        30_000,
        75_000,
        300_000,
        512,
        256 * 1024,
        256,
        30_000,
        15_000);
}
