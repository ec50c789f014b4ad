package io.plimsoll.loadtest.whatif;

import io.plimsoll.core.CoreOptions;
import io.plimsoll.core.SchedulerCore;
import io.plimsoll.core.pipeline.HostedCore;
import io.plimsoll.core.sbe.ManagerStartedDecoder;
import io.plimsoll.core.sbe.ManagerStartedEncoder;
import io.plimsoll.core.sbe.MessageHeaderDecoder;
import java.util.SplittableRandom;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** A core whose manager is told other limits on ended sessions at each start, and says so as managers do. */
final class ToldLimits extends HostedCore
{
    private static final long FORGET_AFTER_NS_MAX = 120_000_000_000L;
    private static final int ENDED_MAX = 12;

    private final SchedulerCore core;
    private final SplittableRandom random;
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final ManagerStartedEncoder started = new ManagerStartedEncoder();

    ToldLimits(final SchedulerCore core, final long seed)
    {
        super(core);
        this.core = core;
        random = new SplittableRandom(seed);
    }

    @Override
    public int onCommand(
        final DirectBuffer buffer,
        final int offset,
        final int length,
        final long sequence,
        final long timestampNs,
        final MutableDirectBuffer eventsBuffer,
        final int eventsOffset)
    {
        header.wrap(buffer, offset);
        if (ManagerStartedDecoder.TEMPLATE_ID == header.templateId())
        {
            final long forgetAfterNs = 1 + random.nextLong(FORGET_AFTER_NS_MAX);
            final int endedMax = 1 + random.nextInt(ENDED_MAX);
            // The host's own buffer, in which the record comes to be.
            started.wrap((MutableDirectBuffer)buffer, offset + MessageHeaderDecoder.ENCODED_LENGTH)
                .decisionVersion(SchedulerCore.DECISION_VERSION)
                .forgetAfterNs(forgetAfterNs)
                .endedMax(endedMax);
            core.options(CoreOptions.defaults().withForgetting(forgetAfterNs, endedMax));
        }
        return super.onCommand(buffer, offset, length, sequence, timestampNs, eventsBuffer, eventsOffset);
    }
}
