package io.plimsoll.core.pipeline;

import org.agrona.BitUtil;

import java.util.Objects;

/** Checks of a {@link PipelineContext}. */
final class PipelineContextValidator
{
    private PipelineContextValidator()
    {
    }

    static void validate(final PipelineContext context, final int recordLengthMax)
    {
        Objects.requireNonNull(context.epochClock(), "epochClock");
        Objects.requireNonNull(context.nanoClock(), "nanoClock");
        Objects.requireNonNull(context.fatalHandler(), "fatalHandler");
        Objects.requireNonNull(context.threadingMode(), "threadingMode");
        Objects.requireNonNull(context.idleKind(), "idleKind");
        check(BitUtil.isPowerOfTwo(context.ringSize()) && context.ringSize() >= 4, "ringSize", context.ringSize());
        check(
            context.inlineLength() >= 64 &&
            context.inlineLength() % 64 == 0 &&
            (long)context.inlineLength() * context.ringSize() <= Integer.MAX_VALUE,
            "inlineLength",
            context.inlineLength());
        check(
            context.overflowLengthMax() >= 2L * CommandIngress.COMMAND_LENGTH_MAX,
            "overflowLengthMax",
            context.overflowLengthMax());
        check(
            BitUtil.isPowerOfTwo(context.recordBufferLength()) &&
            context.recordBufferLength() >= 2L * recordLengthMax,
            "recordBufferLength",
            context.recordBufferLength());
        check(context.batchMax() > 0, "batchMax", context.batchMax());
        check(context.heldMinNs() > 0, "heldMinNs", context.heldMinNs());
    }

    private static void check(final boolean valid, final String name, final long value)
    {
        if (!valid)
        {
            throw new IllegalArgumentException("unusable " + name + "=" + value);
        }
    }
}
