package io.plimsoll.loadtest.jobs;

/**
 * What a session, or one element of an array, does once it runs.
 *
 * @param durationNs how long; {@link Job#FOREVER}, or {@link Job#UNKNOWN} if the source does not tell.
 * @param exitCode   with which it ends.
 */
public record Life(long durationNs, int exitCode)
{
}
