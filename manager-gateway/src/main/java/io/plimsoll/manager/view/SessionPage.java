package io.plimsoll.manager.view;

import java.util.List;

/**
 * Part of a list, in ascending order of id.
 *
 * @param sessions   of this page.
 * @param nextCursor to pass for the next page, 0 at the end.
 */
public record SessionPage(List<SessionView> sessions, long nextCursor)
{
}
