/**
 * Traces of requests for OpenTelemetry, made beside everything else: HTTP requests as they are answered, and what
 * becomes of their sessions from what the journal released. Start reading at
 * {@link io.plimsoll.manager.trace.Tracing}; sessions are in {@link io.plimsoll.manager.trace.SessionSpans}.
 */
package io.plimsoll.manager.trace;
