package io.plimsoll.manager.ingress;

import io.plimsoll.transport.client.ClientFrames;

/**
 * Bounds of the binary ingress.
 *
 * @param connectionsMax open connections that have shown a token; more are refused.
 * @param keypairMax     of them of one keypair, so that none keeps all others out; more are refused.
 * @param strangersMax   of them that have shown no token; beyond it the one that has been there longest is closed.
 * @param credits        submissions of a connection that may be unanswered; one more closes it.
 * @param watchedMax     sessions that a connection may watch at a time.
 * @param helloTimeoutMs from the connection to its token.
 * @param idleTimeoutMs  without a byte from the submitter.
 * @param stuckTimeoutMs without a byte taken by a submitter from whom nothing is read until it does.
 * @param unreadBytesMax that a submitter has not taken yet; beyond it the connection is closed.
 */
public record IngressLimits(
    int connectionsMax,
    int keypairMax,
    int strangersMax,
    int credits,
    int watchedMax,
    long helloTimeoutMs,
    long idleTimeoutMs,
    long stuckTimeoutMs,
    long unreadBytesMax)
{
    /** Fit for a manager with some hundred submitters. */
    public static final IngressLimits DEFAULTS = new IngressLimits(
        256, 64, 64, 1024, 100_000, 5_000, ClientFrames.IDLE_TIMEOUT_MS, 30_000, 8L << 20);
}
