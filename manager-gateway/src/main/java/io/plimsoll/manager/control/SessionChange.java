package io.plimsoll.manager.control;

/**
 * What is to change of sessions that have not ended; a null field stays as it is.
 *
 * @param priority   0 to 100.
 * @param walltimeNs from the start of the attempt; 0: no limit.
 * @param name       for people.
 */
public record SessionChange(Integer priority, Long walltimeNs, String name)
{
    /** Whether there is nothing to do. */
    public boolean isEmpty()
    {
        return null == priority && null == walltimeNs && null == name;
    }
}
