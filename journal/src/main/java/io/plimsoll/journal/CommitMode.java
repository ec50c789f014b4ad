package io.plimsoll.journal;

/** What a commit promises. */
public enum CommitMode
{
    /** Forced to the disk: survives a power cut. */
    SYNC("sync"),
    /** In the page cache: survives the end of the process, not a power cut. */
    ASYNC("async");

    private final String label;

    CommitMode(final String label)
    {
        this.label = label;
    }

    /** Name in configuration and replies. */
    public String label()
    {
        return label;
    }
}
