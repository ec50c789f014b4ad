package io.plimsoll.manager;

import java.util.Set;

/**
 * The operator's hand on fail-overs that the manager holds back because more than a quarter of a group fell silent at
 * once, which is more often a broken network than so many broken machines. Safe for any thread.
 */
public interface FailoverControl
{
    /** Names of the groups in which agents stay {@code suspect} although they have been silent for too long. */
    Set<String> heldGroups();

    /**
     * Declares the silent agents of a group lost.
     *
     * @param group by name.
     * @return false if nothing is held there.
     */
    boolean release(String group);
}
