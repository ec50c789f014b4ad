package io.plimsoll.bench.pipeline;

import io.plimsoll.bench.core.ShapeMix;
import io.plimsoll.core.CoreOptions;
import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.core.SchedulerCore;
import io.plimsoll.core.pipeline.Pipeline;
import io.plimsoll.core.pipeline.PipelineContext;
import io.plimsoll.core.pipeline.PipelineCounter;
import io.plimsoll.core.pipeline.RecordReleaser;
import io.plimsoll.core.pipeline.ThreadingMode;
import io.plimsoll.core.sbe.KernelAssignedDecoder;
import io.plimsoll.core.sbe.KernelReportEncoder;
import io.plimsoll.core.sbe.MessageHeaderDecoder;
import io.plimsoll.core.sbe.MessageHeaderEncoder;
import io.plimsoll.core.sbe.Reason;
import io.plimsoll.core.sbe.ReportKind;
import io.plimsoll.core.sbe.SelectPolicy;
import io.plimsoll.journal.CommitMode;
import io.plimsoll.journal.Journal;
import io.plimsoll.journal.JournalContext;
import io.plimsoll.loadtest.workload.CommandEncoder;
import io.plimsoll.loadtest.workload.ScriptedFleet;
import io.plimsoll.loadtest.workload.SessionShape;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.SystemEpochNanoClock;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Ring, core, journal and egress on their real threads, with a load generator on the caller's thread: it submits
 * sessions from memory, and ends those that egress shows as placed.
 */
final class PipelineRig implements AutoCloseable, RecordReleaser
{
    private static final int AGENTS = 10_000;

    private final Journal journal;
    private final Pipeline pipeline;
    private final List<AgentRunner> runners = new ArrayList<>();
    private final AtomicReference<Throwable> fatal = new AtomicReference<>();
    private final CommandEncoder encoder = new CommandEncoder();
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final KernelAssignedDecoder assigned = new KernelAssignedDecoder();
    private final KernelReportEncoder reportEncoder = new KernelReportEncoder();
    private final RecordFlyweight.EventConsumer onEvent = this::onEvent;
    private final UnsafeBuffer report = new UnsafeBuffer(new byte[256]);
    private final int reportLength;
    private final List<UnsafeBuffer> submissions = new ArrayList<>();
    private final PlacementRing placed;
    private final int runningTarget;
    private int nextSubmission;
    private long reportNo;

    PipelineRig(
        final Path directory, final CommitMode commitMode, final ThreadingMode threading, final double agentShare)
    {
        final int agents = Math.max(16, (int)(AGENTS * agentShare));
        runningTarget = (int)(agents * ShapeMix.KERNELS_PER_AGENT);
        placed = new PlacementRing(2 * runningTarget + (1 << 16));
        journal = Journal.open(new JournalContext().directory(directory).commitMode(commitMode));
        journal.restore(record ->
        {
        });
        final SchedulerCore core = new SchedulerCore(CoreOptions.defaults());
        pipeline = new Pipeline(
            new PipelineContext()
                .threadingMode(threading)
                .epochClock(SystemEpochNanoClock.INSTANCE)
                .nanoClock(System::nanoTime)
                .fatalHandler((exitCode, cause) -> fatal.set(cause)),
            core,
            journal.startWriting(),
            this);
        if (ThreadingMode.SHARED == threading)
        {
            start(pipeline.sharedStage(), pipeline.coreIdle());
        }
        else
        {
            start(pipeline.coreStage(), pipeline.coreIdle());
            start(pipeline.journalStage(), pipeline.journalIdle());
            start(pipeline.egressStage(), pipeline.egressIdle());
        }
        reportLength = encoder.kernelReport(
            1, 1, 1, 1, 1, 1, new CommandEncoder.Step(ReportKind.EXITED, Reason.COMPLETED, 0));
        report.putBytes(0, encoder.buffer(), 0, reportLength);
        encodeSubmissions();
        connect(agents);
    }

    /** Submits without ending anything until the steady state is reached. */
    void fill()
    {
        long submitted = 0;
        while (submitted < runningTarget)
        {
            submitted += trySubmit() ? 1 : 0;
        }
        while (placed.added() < runningTarget)
        {
            backOff();
        }
    }

    /** Goes on for a time and returns the decisions per second. */
    double run(final long durationNs)
    {
        final long startNs = System.nanoTime();
        final long before = placed.added();
        long nowNs = startNs;
        while (nowNs - startNs < durationNs)
        {
            for (int i = 0; i < 64; i++)
            {
                // Ends first: what egress has shown makes room for what is submitted.
                final boolean sent = placed.size() > runningTarget ? tryEnd() : trySubmit();
                if (!sent)
                {
                    backOff();
                    break;
                }
            }
            nowNs = System.nanoTime();
        }
        return (placed.added() - before) * 1e9 / (nowNs - startNs);
    }

    long counter(final PipelineCounter counter)
    {
        return pipeline.counters().get(counter);
    }

    @Override
    public void onRecord(final RecordFlyweight record)
    {
        record.forEachEvent(onEvent);
    }

    @Override
    public void onBatchEnd(final long sequence)
    {
        // Nothing to flush.
    }

    @Override
    public void close()
    {
        runners.forEach(AgentRunner::close);
        journal.close();
    }

    private void onEvent(final DirectBuffer buffer, final int offset, final int length)
    {
        header.wrap(buffer, offset);
        if (KernelAssignedDecoder.TEMPLATE_ID == header.templateId())
        {
            assigned.wrapAndApplyHeader(buffer, offset, header);
            placed.add(assigned.kernelId(), assigned.agentId());
        }
    }

    private boolean trySubmit()
    {
        final UnsafeBuffer submission = submissions.get(nextSubmission);
        if (!pipeline.trySubmit(submission, 0, submission.capacity()))
        {
            return false;
        }
        nextSubmission = nextSubmission + 1 == submissions.size() ? 0 : nextSubmission + 1;
        return true;
    }

    private boolean tryEnd()
    {
        reportEncoder.wrap(report, MessageHeaderEncoder.ENCODED_LENGTH)
            .agentId(placed.agentId())
            .reportNo(reportNo + 1)
            .kernelId(placed.kernelId());
        if (!pipeline.tryPublish(report, 0, reportLength))
        {
            return false;
        }
        reportNo++;
        placed.remove();
        return true;
    }

    private void backOff()
    {
        if (null != fatal.get())
        {
            throw new IllegalStateException("the pipeline failed", fatal.get());
        }
        // The stages need the core more than a generator that finds the ring full.
        Thread.yield();
    }

    private void connect(final int agents)
    {
        final ScriptedFleet fleet = new ScriptedFleet();
        publish(encoder.managerStarted(1, 1, SchedulerCore.DECISION_VERSION));
        publish(encoder.configureGroup("default", SelectPolicy.CONCENTRATED, 1_024, 20_000_000));
        for (int i = 0; i < agents; i++)
        {
            publish(encoder.agentConnected(i + 1, fleet.add(ShapeMix.agent(i))));
            publish(encoder.emptyInventory(i + 1, 1, 0));
        }
    }

    private void publish(final int length)
    {
        while (!pipeline.tryPublish(encoder.buffer(), 0, length))
        {
            backOff();
        }
    }

    private void encodeSubmissions()
    {
        final List<byte[]> specs = List.of("{\"command\":[\"true\"]}".getBytes(StandardCharsets.UTF_8));
        for (final SessionShape shape : ShapeMix.sessions())
        {
            final int length = encoder.submit(1, specs, List.of(shape));
            final UnsafeBuffer submission = new UnsafeBuffer(new byte[length]);
            submission.putBytes(0, encoder.buffer(), 0, length);
            submissions.add(submission);
        }
    }

    private void start(final Agent stage, final IdleStrategy idle)
    {
        final AgentRunner runner = new AgentRunner(idle, fatal::set, null, stage);
        runners.add(runner);
        AgentRunner.startOnThread(runner);
    }
}
