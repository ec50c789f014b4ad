package io.plimsoll.core.pipeline;

import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.core.sbe.CancelSessionsEncoder;
import io.plimsoll.core.sbe.MessageHeaderEncoder;
import org.agrona.concurrent.UnsafeBuffer;

import java.util.ArrayList;
import java.util.List;

/** A pipeline with a fake core, journal and releaser, stepped by hand under a clock that tests set. */
final class PipelineFixture implements RecordReleaser, FatalHandler
{
    final FakeCore core = new FakeCore();
    final FakeJournal journal = new FakeJournal();
    final List<Long> released = new ArrayList<>();
    final List<Integer> releasedTemplates = new ArrayList<>();
    final List<Integer> exitCodes = new ArrayList<>();
    final PipelineContext context;
    Throwable cause;
    long batchEnd;
    long nowNs = 1_000_000;
    boolean failRelease;
    private Pipeline pipeline;

    PipelineFixture()
    {
        context = new PipelineContext()
            .ringSize(16)
            .inlineLength(64)
            .recordBufferLength(256 << 10)
            .overflowLengthMax(1 << 20)
            .epochClock(() -> nowNs)
            .nanoClock(() -> nowNs)
            .fatalHandler(this);
    }

    Pipeline pipeline()
    {
        if (null == pipeline)
        {
            pipeline = new Pipeline(context, core, journal, this);
        }
        return pipeline;
    }

    boolean trySubmit(final byte order, final int bodyLength)
    {
        final UnsafeBuffer command = command(order, bodyLength);
        return pipeline().trySubmit(command, 0, command.capacity());
    }

    boolean tryPublish(final byte order, final int bodyLength)
    {
        final UnsafeBuffer command = command(order, bodyLength);
        return pipeline().tryPublish(command, 0, command.capacity());
    }

    /** Steps everything until nothing is left to do. */
    void drain() throws Exception
    {
        for (int i = 0; pipeline().sharedStage().doWork() > 0; i++)
        {
            if (i > 100_000)
            {
                throw new AssertionError("never at rest");
            }
        }
    }

    static UnsafeBuffer command(final byte order, final int bodyLength)
    {
        final UnsafeBuffer buffer =
            new UnsafeBuffer(new byte[MessageHeaderEncoder.ENCODED_LENGTH + Math.max(bodyLength, 16)]);
        new CancelSessionsEncoder()
            .wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder())
            .correlationId(0x0102_0304_0506_0700L + order)
            .source(77);
        return buffer;
    }

    @Override
    public void onRecord(final RecordFlyweight record)
    {
        if (failRelease)
        {
            throw new IllegalStateException("planted");
        }
        released.add(record.sequence());
        releasedTemplates.add((int)record.buffer().getShort(record.commandOffset() + 2));
    }

    @Override
    public void onBatchEnd(final long sequence)
    {
        batchEnd = sequence;
    }

    @Override
    public void onFatal(final int exitCode, final Throwable thrown)
    {
        exitCodes.add(exitCode);
        cause = thrown;
    }
}
