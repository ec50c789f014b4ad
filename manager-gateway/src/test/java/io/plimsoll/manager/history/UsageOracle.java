package io.plimsoll.manager.history;

import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.core.sbe.KernelAdvancedDecoder;
import io.plimsoll.core.sbe.KernelAssignedDecoder;
import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.MessageHeaderDecoder;
import io.plimsoll.core.sbe.SessionQueuedDecoder;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.agrona.DirectBuffer;

/** Sums up the usage of a journal in the plainest way, straight from its events, knowing nothing of tables. */
final class UsageOracle
{
    /** By day, owner and slot. */
    final TreeMap<String, BigInteger> sums = new TreeMap<>();
    /** Attempts of kernels that have run. */
    int runs;
    private final TreeMap<Long, Integer> owners = new TreeMap<>();
    private final Map<String, long[]> placed = new HashMap<>();
    private final Map<String, Instant> running = new HashMap<>();
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private Instant at;

    void onRecord(final RecordFlyweight record)
    {
        at = Instant.ofEpochSecond(0, record.timestampNs());
        record.forEachEvent(this::onEvent);
    }

    private void onEvent(final DirectBuffer buffer, final int offset, final int length)
    {
        header.wrap(buffer, offset);
        switch (header.templateId())
        {
            case SessionQueuedDecoder.TEMPLATE_ID ->
            {
                final SessionQueuedDecoder event =
                    new SessionQueuedDecoder().wrapAndApplyHeader(buffer, offset, header);
                owners.put(event.sessionId(), event.ownerId());
            }
            case KernelAssignedDecoder.TEMPLATE_ID ->
            {
                final KernelAssignedDecoder event =
                    new KernelAssignedDecoder().wrapAndApplyHeader(buffer, offset, header);
                placed.put(
                    event.kernelId() + "@" + event.attempt(), new long[]{event.cpuMillis(), event.memoryBytes()});
            }
            case KernelAdvancedDecoder.TEMPLATE_ID ->
                onAdvanced(new KernelAdvancedDecoder().wrapAndApplyHeader(buffer, offset, header));
            default ->
            {
                // Of no matter here.
            }
        }
    }

    private void onAdvanced(final KernelAdvancedDecoder event)
    {
        final String key = event.kernelId() + "@" + event.attempt();
        final LifeState state = event.state();
        if (LifeState.RUNNING == state)
        {
            running.putIfAbsent(key, at);
        }
        else if (LifeState.TERMINATED == state || LifeState.CANCELLED == state || LifeState.ERROR == state)
        {
            final Instant from = running.remove(key);
            if (null != from)
            {
                runs++;
                used(event.kernelId(), key, from, at);
            }
        }
    }

    /** What still runs counts up to a moment. */
    void end(final Instant now)
    {
        running.forEach((key, from) -> used(Long.parseLong(key.substring(0, key.indexOf('@'))), key, from, now));
        running.clear();
    }

    private void used(final long kernelId, final String key, final Instant from, final Instant to)
    {
        final int owner = owners.floorEntry(kernelId >> 10).getValue();
        LocalDate day = from.atOffset(ZoneOffset.UTC).toLocalDate();
        Instant start = from;
        while (start.isBefore(to))
        {
            final Instant midnight = day.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
            final Instant end = midnight.isBefore(to) ? midnight : to;
            final BigInteger ns = BigInteger.valueOf(java.time.Duration.between(start, end).toNanos());
            final long[] amounts = placed.get(key);
            sums.merge(day + " " + owner + " cpu", ns.multiply(BigInteger.valueOf(amounts[0])), BigInteger::add);
            sums.merge(day + " " + owner + " mem", ns.multiply(BigInteger.valueOf(amounts[1])), BigInteger::add);
            start = end;
            day = day.plusDays(1);
        }
    }
}
