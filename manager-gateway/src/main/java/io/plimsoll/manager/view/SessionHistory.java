package io.plimsoll.manager.view;

import java.util.List;

/**
 * What a session went through.
 *
 * @param dropped steps that came after the submission and before these, and are not kept.
 * @param steps   from the oldest kept to the newest; the first of all, if nothing was dropped, is its submission.
 */
public record SessionHistory(long dropped, List<SessionStep> steps)
{
}
