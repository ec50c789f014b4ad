package io.plimsoll.loadtest.live;

/**
 * How far it is, for people.
 *
 * @param phase       what is being done.
 * @param done        of it.
 * @param total       of it; 0: not known.
 * @param secondsLeft until it is done; negative: not known.
 * @param detail      more.
 */
public record LoadProgress(String phase, long done, long total, double secondsLeft, String detail)
{
}
