package io.plimsoll.core.pipeline;

import java.util.function.LongSupplier;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.NanoClock;

/** Values of a {@link Pipeline}: clocks and the fatal handler must be given, the rest has defaults. */
public final class PipelineContext
{
    private int ringSize = PipelineDefaults.RING_SIZE;
    private int inlineLength = PipelineDefaults.INLINE_LENGTH;
    private long overflowLengthMax = PipelineDefaults.OVERFLOW_LENGTH_MAX;
    private int recordBufferLength = PipelineDefaults.RECORD_BUFFER_LENGTH;
    private int batchMax = PipelineDefaults.BATCH_MAX;
    private ThreadingMode threadingMode = ThreadingMode.SHARED;
    private IdleKind idleKind = IdleKind.BLOCKING;
    private EpochNanoClock epochClock;
    private NanoClock nanoClock;
    private FatalHandler fatalHandler;
    private LongSupplier arrivedNs;
    private long heldMinNs = PipelineDefaults.HELD_MIN_NS;

    public int ringSize()
    {
        return ringSize;
    }

    /** Entries of the input ring, a power of two. */
    public PipelineContext ringSize(final int value)
    {
        ringSize = value;
        return this;
    }

    public int inlineLength()
    {
        return inlineLength;
    }

    /** Bytes that an entry of the ring holds itself, a multiple of 64. */
    public PipelineContext inlineLength(final int value)
    {
        inlineLength = value;
        return this;
    }

    public long overflowLengthMax()
    {
        return overflowLengthMax;
    }

    /** Bytes that all commands longer than {@link #inlineLength()} may take together. */
    public PipelineContext overflowLengthMax(final long value)
    {
        overflowLengthMax = value;
        return this;
    }

    public int recordBufferLength()
    {
        return recordBufferLength;
    }

    /** Bytes of the buffer between core, journal and egress: a power of two, at least two of the largest records. */
    public PipelineContext recordBufferLength(final int value)
    {
        recordBufferLength = value;
        return this;
    }

    public int batchMax()
    {
        return batchMax;
    }

    /** Commands that the core handles in one cycle. */
    public PipelineContext batchMax(final int value)
    {
        batchMax = value;
        return this;
    }

    public ThreadingMode threadingMode()
    {
        return threadingMode;
    }

    /** Which threads the host gives the stages; they work the same either way. */
    public PipelineContext threadingMode(final ThreadingMode value)
    {
        threadingMode = value;
        return this;
    }

    public IdleKind idleKind()
    {
        return idleKind;
    }

    /** How stages wait. */
    public PipelineContext idleKind(final IdleKind value)
    {
        idleKind = value;
        return this;
    }

    public EpochNanoClock epochClock()
    {
        return epochClock;
    }

    /** Stamps commands. */
    public PipelineContext epochClock(final EpochNanoClock value)
    {
        epochClock = value;
        return this;
    }

    public NanoClock nanoClock()
    {
        return nanoClock;
    }

    /** Measures cycles and commits. */
    public PipelineContext nanoClock(final NanoClock value)
    {
        nanoClock = value;
        return this;
    }

    public LongSupplier arrivedNs()
    {
        return arrivedNs;
    }

    /**
     * Says up to when, by the monotonic clock, all that came in from those whom timers wait for has been offered to the
     * ring and taken. Any thread. Without it, which is the default, the core is not told when nobody could be heard.
     */
    public PipelineContext arrivedNs(final LongSupplier value)
    {
        arrivedNs = value;
        return this;
    }

    public long heldMinNs()
    {
        return heldMinNs;
    }

    /** How long nobody is heard before the core is told. */
    public PipelineContext heldMinNs(final long value)
    {
        heldMinNs = value;
        return this;
    }

    public FatalHandler fatalHandler()
    {
        return fatalHandler;
    }

    /** Ends the process. */
    public PipelineContext fatalHandler(final FatalHandler value)
    {
        fatalHandler = value;
        return this;
    }
}
