package io.plimsoll.core.pipeline;

/** What the pipeline counts. Each has one writer, except refusals, which any producer may count. */
public enum PipelineCounter
{
    /** Records produced by the core. */
    RECORDS("records"),
    /** Of these, timer ticks that the host fed. */
    TIME_PASSED("time_passed"),
    /** Of these, continuations that the host fed. */
    CONTINUED("continued"),
    /** Nanoseconds in which nobody was heard, by which deadlines were moved. */
    HELD_NS("held_ns"),
    /** Submissions refused because the ring's share for users was taken. */
    SUBMISSIONS_REFUSED("submissions_refused"),
    /** Other commands refused because the ring was full. */
    PUBLICATIONS_REFUSED("publications_refused"),
    /** Cycles in which the core waited because the record buffer was full. */
    BACK_PRESSURED("back_pressured"),
    /** Longest cycle of the core stage that did work, in nanoseconds. */
    CORE_CYCLE_MAX_NS("core_cycle_max_ns"),
    /** Batches committed by the journal stage. */
    BATCHES("batches"),
    /** Most records in one batch. */
    BATCH_RECORDS_MAX("batch_records_max"),
    /** Longest append of a batch, without its commit, in nanoseconds. */
    APPEND_MAX_NS("append_max_ns"),
    /** Longest commit, in nanoseconds. */
    COMMIT_MAX_NS("commit_max_ns"),
    /** Time spent in commits, in nanoseconds. */
    COMMIT_TOTAL_NS("commit_total_ns"),
    /** Records released by egress. */
    RELEASED("released"),
    /** Longest cycle of the egress stage that did work, in nanoseconds. */
    EGRESS_CYCLE_MAX_NS("egress_cycle_max_ns");

    private final String label;

    PipelineCounter(final String label)
    {
        this.label = label;
    }

    /** Name for people and metrics. */
    public String label()
    {
        return label;
    }
}
