package io.plimsoll.manager.http;

/** Answers requests of one route, on the event loop of their connection, which it must never block. */
@FunctionalInterface
interface RouteHandler
{
    /**
     * Starts the answer; it may be completed later.
     *
     * @param exchange of the request.
     * @throws ProblemException if the request is wrong.
     */
    void handle(Exchange exchange);
}
