package io.plimsoll.manager.control;

/**
 * Which request something came from; kept beside what it made for as long as there is room, and journalled nowhere.
 *
 * @param requestId   of the request.
 * @param traceparent of the span of the request, as W3C Trace Context writes it; empty: nobody follows it.
 */
public record RequestOrigin(String requestId, String traceparent)
{
}
