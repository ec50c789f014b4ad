package io.plimsoll.loadtest.jobs;

/**
 * Lines of a source, or records of it, that are no job.
 *
 * @param why   in a few words.
 * @param count how many.
 * @param first the first of them, such as {@code line 17}.
 */
public record Skipped(String why, long count, String first)
{
}
