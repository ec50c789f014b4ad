package io.plimsoll.journal;

import java.util.List;

/**
 * A file system as far as a journal needs one: handed in, it lets the journal run on disks that lose, tear, turn and
 * lie as they please.
 */
public interface ByteFiles
{
    /**
     * Makes an empty file, in place of one that has the name.
     *
     * @param name of it.
     */
    ByteFile create(String name);

    /**
     * Opens a file.
     *
     * @param name of it.
     * @return null if there is none.
     */
    ByteFile open(String name);

    /** All names there are, in order. */
    List<String> names();

    /**
     * Removes a file if it is there.
     *
     * @param name of it.
     */
    void delete(String name);

    /**
     * Gives a file another name, in one step, in place of one that has it.
     *
     * @param from name it has.
     * @param to   name it gets.
     */
    void rename(String from, String to);

    /** Forces which names there are to stable storage. */
    void syncNames();

    /** Whether all the space that is set aside for accepted work is there. */
    boolean reserveKept();

    /** What tells this start of the machine from others. */
    long bootId();
}
