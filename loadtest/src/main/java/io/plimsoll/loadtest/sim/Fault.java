package io.plimsoll.loadtest.sim;

/**
 * Something that goes wrong.
 *
 * @param atMs      since the start of the run.
 * @param kind      of it.
 * @param target    host, from 0; -1 where it is not about one.
 * @param lengthMs  how long it lasts; 0 where it is over at once.
 * @param parameter see its kind.
 */
public record Fault(long atMs, FaultKind kind, int target, long lengthMs, long parameter)
{
}
