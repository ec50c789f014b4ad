package io.plimsoll.manager.http;

/**
 * Bounds of the HTTP API. Each of them, when reached, gives the client an answer or a closed connection, never a
 * growing queue. They may be others from one call to the next; who needs them to agree with each other asks for
 * {@link #now()}.
 */
public interface HttpLimits
{
    /** Fit for a manager with a few hundred clients. */
    FixedLimits DEFAULTS = new FixedLimits(
        1024,
        8 * 1024,
        16 * 1024,
        8 * 1024 * 1024,
        256L * 1024 * 1024,
        10_000,
        30_000,
        75_000,
        300_000,
        512,
        256 * 1024,
        256,
        30_000,
        15_000,
        0);

    /** All of them as they are now. */
    FixedLimits now();

    /** Open connections; more are closed at once. */
    int connectionsMax();

    /** Of a request line; beyond it 414. */
    int lineBytesMax();

    /** Of all headers; beyond it 431. */
    int headerBytesMax();

    /** Of one request body; beyond it 413. */
    int bodyBytesMax();

    /** Of all bodies being received; beyond it 503. */
    long bodyBytesInFlightMax();

    /** From the first byte of a request to the end of its headers; beyond it 408. */
    long headerTimeoutMs();

    /** From the end of the headers to the end of the body; beyond it 408. */
    long bodyTimeoutMs();

    /** Of a connection between requests. */
    long idleTimeoutMs();

    /** Of one long poll. */
    long waitTimeoutMaxMs();

    /** Open log and event streams together; beyond it 503. */
    int streamsMax();

    /** Of output that a reader has not taken yet. */
    int streamWindowBytes();

    /** Events that a reader has not taken yet. */
    int streamEventsWindow();

    /** Without a byte taken by a reader for which something waits. */
    long stuckReaderTimeoutMs();

    /** Of comments in a silent event stream. */
    long heartbeatIntervalMs();

    /** Of a keypair whose policies do not say; beyond it 429; 0: any number. */
    int requestsPerMinute();
}
