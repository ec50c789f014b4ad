package io.plimsoll.loadtest.jobs;

/**
 * Kernels of a session that need the same.
 *
 * @param count how many, at least 1.
 * @param need  of each.
 */
public record KernelSet(int count, Need need)
{
}
