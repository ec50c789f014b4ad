package io.plimsoll.core;

import io.plimsoll.core.sbe.KernelAssignedDecoder;
import io.plimsoll.core.sbe.KernelReportEncoder;
import io.plimsoll.core.sbe.MessageHeaderDecoder;
import io.plimsoll.core.sbe.MessageHeaderEncoder;
import io.plimsoll.core.sbe.Reason;
import io.plimsoll.core.sbe.ReportKind;
import io.plimsoll.core.sbe.SelectPolicy;
import io.plimsoll.core.testkit.AgentHello;
import io.plimsoll.core.testkit.Commands;
import io.plimsoll.core.testkit.SeededRandom;
import io.plimsoll.core.testkit.SubmitSpec;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Decisions per second of the core alone: one-kernel sessions of mixed shapes are submitted in chunks, placed, reported
 * running and ended. Run by hand; arguments: agents, sessions, concentrated or dispersed, sessions kept running. The
 * figures go to the file that the property {@code plimsoll.speed} names.
 */
public final class CoreSpeed
{
    private static final int CHUNK = 64;
    private static final int ENDED = 100_000;
    private static final int STARTING = 1000;
    private static final int[] CPU = {250, 500, 1000, 2000, 4000};
    private static final int[] MEM = {256, 512, 1024, 4096};

    private final SchedulerCore core =
        new SchedulerCore(CoreOptions.defaults().withForgetting(600_000_000_000L, Integer.getInteger("ended", ENDED)));
    private final Commands command = new Commands();
    private final UnsafeBuffer events = new UnsafeBuffer(new byte[SchedulerCore.EVENTS_LENGTH_MAX]);
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final KernelAssignedDecoder assigned = new KernelAssignedDecoder();
    private final MessageHeaderEncoder headerEncoder = new MessageHeaderEncoder();
    private final KernelReportEncoder report = new KernelReportEncoder();
    private final UnsafeBuffer reportBuffer = new UnsafeBuffer(new byte[256]);
    private final int reportLength;
    private final long[] kernelIds;
    private final int[] agentOf;
    private int head;
    private int middle;
    private int tail;
    private long sequence;
    private long nowNs = 1_000_000_000_000L;
    private long eventBytes;
    private long decisions;

    private CoreSpeed(final int agents, final SelectPolicy selection, final int ringSize)
    {
        kernelIds = new long[ringSize];
        agentOf = new int[ringSize];
        feed(command.managerStarted(1, 1));
        final Commands.GroupSettings settings = new Commands.GroupSettings();
        settings.selection = selection;
        feed(command.configureGroup(settings));
        final SeededRandom random = new SeededRandom(5);
        for (int agent = 1; agent <= agents; agent++)
        {
            final long cores = 16L << random.below(3);
            feed(command.agentConnected(new AgentHello(agent, cores * 1000, cores * 4096)));
            feed(command.inventory(agent, 1, 0, true, 0, List.of()));
        }
        report.wrapAndApplyHeader(reportBuffer, 0, headerEncoder);
        report.connection(1).reportNo(1).term(1).attempt(1).reason(Reason.NONE).exitCode(0);
        report.cpus("0-3").devices("").detail("");
        reportLength = report.limit();
    }

    private void feed(final Commands written)
    {
        feed(written.buffer().byteArray(), written.length());
    }

    private void feed(final byte[] bytes, final int length)
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(bytes, 0, length);
        take(core.onCommand(buffer, 0, length, ++sequence, nowNs, events, 0));
    }

    private void take(final int eventsLength)
    {
        eventBytes += eventsLength;
        int position = 0;
        while (position < eventsLength)
        {
            final int length = events.getInt(position);
            header.wrap(events, position + 8);
            if (KernelAssignedDecoder.TEMPLATE_ID == header.templateId())
            {
                assigned.wrapAndApplyHeader(events, position + 8, header);
                kernelIds[tail & (kernelIds.length - 1)] = assigned.kernelId();
                agentOf[tail & (kernelIds.length - 1)] = assigned.agentId();
                tail++;
                decisions++;
            }
            position += 8 + ((length + 7) & ~7);
        }
    }

    private void report(final long kernelId, final int agent, final ReportKind kind)
    {
        report.agentId(agent).kernelId(kernelId).kind(kind);
        nowNs += 300;
        take(core.onCommand(reportBuffer, 0, reportLength, ++sequence, nowNs, events, 0));
    }

    private long run(final long sessions, final byte[][] chunks, final int running)
    {
        long submitted = 0;
        int chunk = 0;
        final long startNs = cpuNs();
        while (submitted < sessions)
        {
            final byte[] bytes = chunks[chunk];
            chunk = (chunk + 1) & (chunks.length - 1);
            nowNs += 300;
            take(core.onCommand(new UnsafeBuffer(bytes), 0, bytes.length, ++sequence, nowNs, events, 0));
            submitted += CHUNK;
            while (tail - middle > STARTING)
            {
                final int at = middle++ & (kernelIds.length - 1);
                report(kernelIds[at], agentOf[at], ReportKind.RUNNING);
            }
            while (tail - head > running)
            {
                final int at = head++ & (kernelIds.length - 1);
                report(kernelIds[at], agentOf[at], ReportKind.EXITED);
            }
        }
        return cpuNs() - startNs;
    }

    /** Time of this thread on a core: other work on the machine does not count. */
    private static long cpuNs()
    {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static byte[][] chunks()
    {
        final SeededRandom random = new SeededRandom(9);
        final Commands writer = new Commands();
        final byte[][] chunks = new byte[64][];
        for (int i = 0; i < chunks.length; i++)
        {
            final SubmitSpec[] sessions = new SubmitSpec[CHUNK];
            for (int j = 0; j < CHUNK; j++)
            {
                sessions[j] = SubmitSpec.session().cpu(CPU[random.below(CPU.length)]).mem(MEM[random.below(4)]);
            }
            chunks[i] = writer.submit(sessions).bytes();
        }
        return chunks;
    }

    public static void main(final String[] args) throws IOException
    {
        final int agents = args.length > 0 ? Integer.parseInt(args[0]) : 10_000;
        final long sessions = args.length > 1 ? Long.parseLong(args[1]) : 3_000_000;
        final SelectPolicy selection = args.length > 2 && "dispersed".equals(args[2]) ?
            SelectPolicy.DISPERSED :
            SelectPolicy.CONCENTRATED;
        final int running = args.length > 3 ? Integer.parseInt(args[3]) : 100_000;
        final CoreSpeed speed = new CoreSpeed(agents, selection, 1 << 20);
        final byte[][] chunks = chunks();
        final StringBuilder text = new StringBuilder();
        for (int round = 0; round < 4; round++)
        {
            final long before = speed.decisions;
            final long bytesBefore = speed.eventBytes;
            final long tookNs = speed.run(sessions, chunks, running);
            final long made = speed.decisions - before;
            text.append("agents=").append(agents).append(' ').append(selection)
                .append(" decisions/s=").append(made * 1_000_000_000L / tookNs)
                .append(" ns=").append(tookNs / Math.max(1, made))
                .append(" eventBytes=").append((speed.eventBytes - bytesBefore) / Math.max(1, made))
                .append('\n');
        }
        Files.writeString(Path.of(System.getProperty("plimsoll.speed", "core-speed.txt")), text);
    }
}
