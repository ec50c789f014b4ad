package io.plimsoll.loadtest.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.core.CoreOptions;
import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.core.SchedulerCore;
import io.plimsoll.core.pipeline.FatalHandler;
import io.plimsoll.core.pipeline.HostedCore;
import io.plimsoll.core.pipeline.Pipeline;
import io.plimsoll.core.pipeline.PipelineContext;
import io.plimsoll.core.pipeline.RecordReleaser;
import io.plimsoll.core.sbe.CommandRejectedDecoder;
import io.plimsoll.core.sbe.MessageHeaderDecoder;
import io.plimsoll.core.sbe.PoisonedDecoder;
import io.plimsoll.core.sbe.RejectCode;
import io.plimsoll.core.sbe.SelectPolicy;
import io.plimsoll.core.sbe.SubmissionAcceptedDecoder;
import io.plimsoll.journal.CommitMode;
import io.plimsoll.journal.Journal;
import io.plimsoll.journal.JournalContext;
import io.plimsoll.loadtest.workload.CommandEncoder;
import io.plimsoll.loadtest.workload.SessionShape;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PoisonTest
{
    private static final long GOOD = 41;
    private static final long BAD = 42;
    private static final long LATER = 43;

    @TempDir
    private Path directory;
    private final CommandEncoder encoder = new CommandEncoder();

    @Test
    void shouldJournalAndSurviveACommandThatBreaksTheCore()
    {
        try (Life life = new Life(4))
        {
            life.feed(encoder.managerStarted(1, 1, 1));
            life.feed(encoder.configureGroup("default", SelectPolicy.CONCENTRATED, 16, 1_000));
            life.submit(GOOD);
            life.submit(BAD);
            life.submit(LATER);
            assertEquals(FatalHandler.EXIT_INTERNAL, life.exitCode);
            assertEquals(List.of("accepted " + GOOD), life.answers);
        }

        try (Life life = new Life(Long.MAX_VALUE))
        {
            assertEquals(4, life.core.sequence());
            life.feed(encoder.managerStarted(1, 2, 1));
            life.submit(BAD);
            life.submit(LATER);
            assertEquals(0, life.exitCode);
            assertEquals(List.of("rejected " + BAD + " " + RejectCode.POISONED, "accepted " + LATER), life.answers);
        }

        final JournalProof.Result result = JournalProof.prove(directory);
        assertEquals(1, result.poisoned());
        final RecordTape tape = JournalProof.read(directory);
        assertEquals(PoisonedDecoder.TEMPLATE_ID, tape.templateId(3));
        final RecordFlyweight record = tape.wrap(3, new RecordFlyweight());
        final PoisonedDecoder poisoned = new PoisonedDecoder()
            .wrapAndApplyHeader(record.buffer(), record.commandOffset(), new MessageHeaderDecoder());
        assertEquals(BAD, poisoned.correlationId());
        assertTrue(poisoned.exception().contains("planted"));
    }

    /** One life of the process: restored, stepped, closed. */
    private final class Life implements AutoCloseable, RecordReleaser
    {
        private final Journal journal =
            Journal.open(new JournalContext().directory(directory).commitMode(CommitMode.SYNC));
        private final HostedCore core;
        private final List<String> answers = new ArrayList<>();
        private final MessageHeaderDecoder header = new MessageHeaderDecoder();
        private final Pipeline pipeline;
        private int exitCode;
        private long nowNs = 1_700_000_000_000_000_000L;

        Life(final long throwAt)
        {
            core = new BreakingCore(throwAt);
            journal.restore(core::restore);
            pipeline = new Pipeline(
                new PipelineContext()
                    .epochClock(() -> nowNs++)
                    .nanoClock(() -> nowNs)
                    .fatalHandler((code, cause) -> exitCode = code),
                core,
                journal.startWriting(),
                this);
        }

        void submit(final long correlationId)
        {
            feed(encoder.submit(
                correlationId,
                List.of("{}".getBytes(StandardCharsets.UTF_8)),
                List.of(SessionShape.single(1_000, 1 << 20))));
        }

        void feed(final int length)
        {
            pipeline.tryPublish(encoder.buffer(), 0, length);
            for (int i = 0; i < 4; i++)
            {
                try
                {
                    pipeline.sharedStage().doWork();
                }
                catch (final Exception ex)
                {
                    throw new IllegalStateException(ex);
                }
            }
        }

        @Override
        public void onRecord(final RecordFlyweight record)
        {
            record.forEachEvent((buffer, offset, length) ->
            {
                header.wrap(buffer, offset);
                if (SubmissionAcceptedDecoder.TEMPLATE_ID == header.templateId())
                {
                    answers.add("accepted " + new SubmissionAcceptedDecoder()
                        .wrapAndApplyHeader(buffer, offset, header).correlationId());
                }
                else if (CommandRejectedDecoder.TEMPLATE_ID == header.templateId())
                {
                    final CommandRejectedDecoder rejected =
                        new CommandRejectedDecoder().wrapAndApplyHeader(buffer, offset, header);
                    answers.add("rejected " + rejected.correlationId() + " " + rejected.code());
                }
            });
        }

        @Override
        public void onBatchEnd(final long sequence)
        {
            // Answers are read directly.
        }

        @Override
        public void close()
        {
            journal.close();
        }
    }

    private static final class BreakingCore extends HostedCore
    {
        private final long throwAt;

        BreakingCore(final long throwAt)
        {
            super(new SchedulerCore(CoreOptions.defaults()));
            this.throwAt = throwAt;
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
            final int eventsLength =
                super.onCommand(buffer, offset, length, sequence, timestampNs, eventsBuffer, eventsOffset);
            if (throwAt == sequence)
            {
                // Behind the decision, so that its effects are there and have to be forgotten.
                throw new IllegalStateException("planted");
            }
            return eventsLength;
        }
    }
}
