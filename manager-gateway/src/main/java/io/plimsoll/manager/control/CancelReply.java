package io.plimsoll.manager.control;

/**
 * What became of a cancellation.
 *
 * @param cancelled    ended at once, or told to end.
 * @param alreadyEnded had ended before.
 * @param unknown      never existed, or forgotten.
 * @param sequence     journal sequence that holds it.
 */
public record CancelReply(long cancelled, long alreadyEnded, long unknown, long sequence)
{
}
