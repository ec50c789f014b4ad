package io.plimsoll.loadtest.swf;

/**
 * One line of a log, as it stands there: only the fields that a scheduler could know or a simulation needs. The format
 * writes -1 for what is not known.
 *
 * @param id                  field 1.
 * @param submitSeconds       field 2, since the start of the log.
 * @param runSeconds          field 4.
 * @param processors          field 5, allocated.
 * @param requestedProcessors field 8.
 * @param requestedSeconds    field 9, the user's estimate and limit.
 * @param user                field 12.
 */
public record SwfRecord(
    long id,
    long submitSeconds,
    long runSeconds,
    long processors,
    long requestedProcessors,
    long requestedSeconds,
    long user)
{
}
