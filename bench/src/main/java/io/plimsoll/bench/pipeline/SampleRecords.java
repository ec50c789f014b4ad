package io.plimsoll.bench.pipeline;

import io.plimsoll.bench.core.CorePolicy;
import io.plimsoll.bench.core.CoreRig;
import io.plimsoll.bench.core.DecisionLoop;
import io.plimsoll.bench.core.ShapeMix;
import io.plimsoll.core.RecordFlyweight;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/** Records of a core at the steady load of the benchmarks: what the limits of ring and disk are taken with. */
final class SampleRecords
{
    private static final int AGENTS = 1_000;

    private final List<UnsafeBuffer> records = new ArrayList<>();
    private boolean recording;
    private long decisions;

    SampleRecords(final int count)
    {
        final CoreRig rig = new CoreRig(CorePolicy.USUAL, this::onRecord);
        rig.attach(AGENTS);
        final DecisionLoop loop = new DecisionLoop(rig, (int)(AGENTS * ShapeMix.KERNELS_PER_AGENT));
        loop.fill();
        recording = true;
        while (records.size() < count)
        {
            decisions += loop.step();
        }
        recording = false;
    }

    List<UnsafeBuffer> records()
    {
        return records;
    }

    double recordsPerDecision()
    {
        return records.size() / (double)decisions;
    }

    double bytesPerRecord()
    {
        return records.stream().mapToInt(UnsafeBuffer::capacity).average().orElse(0);
    }

    private void onRecord(final RecordFlyweight record)
    {
        if (recording)
        {
            final byte[] bytes = new byte[record.length()];
            record.buffer().getBytes(record.offset(), bytes);
            records.add(new UnsafeBuffer(bytes));
        }
    }
}
