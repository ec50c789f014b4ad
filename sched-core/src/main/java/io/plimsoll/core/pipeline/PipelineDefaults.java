package io.plimsoll.core.pipeline;

/** Defaults of {@link PipelineContext}. */
public final class PipelineDefaults
{
    /** Entries of the input ring. */
    public static final int RING_SIZE = 8192;
    /** Bytes of a command that a ring entry holds itself; longer ones take from the overflow. */
    public static final int INLINE_LENGTH = 512;
    /** Bytes that all longer commands in the ring may take together. */
    public static final long OVERFLOW_LENGTH_MAX = 64L << 20;
    /** Bytes between the core and egress. */
    public static final int RECORD_BUFFER_LENGTH = 16 << 20;
    /** Commands that the core handles before the journal commits, when both share a thread. */
    public static final int BATCH_MAX = 1024;
    /** Longest sleep of an idle stage: what it costs to learn of something that does not wake it. */
    public static final long IDLE_MAX_NS = 100_000_000;
    /** How long nobody is heard before the core is told. */
    public static final long HELD_MIN_NS = 1_000_000_000;

    /** Questions to the core that are under way at a time; each stops it for as long as the answer takes. */
    static final int QUERIES_MAX = 64;

    private PipelineDefaults()
    {
    }
}
