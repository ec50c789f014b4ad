package io.plimsoll.core.pipeline;

/** What the pipeline measures. Each has one writer. */
public enum PipelineLatency
{
    /** A cycle of the core stage that did work. */
    CORE_BATCH("core_batch", "A batch of commands in the core, from the first to the last decision"),
    /** An append of a batch, without its commit. */
    JOURNAL_APPEND("journal_append", "Appending a batch of records to the journal, without its commit"),
    /** A commit of a batch. */
    JOURNAL_COMMIT("journal_commit", "Committing a batch of records, to the disk if the journal does so");

    private final String label;
    private final String help;

    PipelineLatency(final String label, final String help)
    {
        this.label = label;
        this.help = help;
    }

    /** Name for people and metrics. */
    public String label()
    {
        return label;
    }

    /** One sentence without a full stop. */
    public String help()
    {
        return help;
    }
}
